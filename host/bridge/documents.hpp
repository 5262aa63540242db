#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "bridge/context.hpp"

/// The retained documents of the bridge as JSON text. Each function appends to `out`; keys are
/// written in sorted order by hand, so that no tree is built.
namespace waggle::bridge {

/// What bridge/info needs beside the context.
struct InfoState {
    bool restart_required = false;
    std::string mqtt_server;
    int mqtt_version = 4;
};

/// bridge/info; the coordinator must have been started once.
void write_info(std::string& out, Context& context, const InfoState& state);
void write_devices(std::string& out, Context& context);
void write_groups(std::string& out, Context& context);
void write_definitions(std::string& out, Context& context);
/// Waggle's own: what each plugin is, and how it behaves.
void write_plugins(std::string& out, Context& context);

/// One element of bridge/devices.
void write_device(std::string& out, Context& context, const Device& device);

}  // namespace waggle::bridge
