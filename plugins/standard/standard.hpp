#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waggle/sdk.hpp>

#include "source.hpp"

/// Definitions made of what a device says of itself: its clusters say what it can do, a few attributes
/// say how. The rules are zigbee2mqtt's, so that a device keeps its properties when either program
/// takes over.
namespace standard {

/// An attribute of an endpoint that decides what the definition looks like.
struct Deciding {
    std::uint16_t cluster = 0, attribute = 0;
};

namespace deciding {
inline constexpr Deciding color_capabilities{0x0300, 0x400A}, coolest{0x0300, 0x400B},
    warmest{0x0300, 0x400C}, pin_users{0x0101, 0x0012}, measurement_type{0x0B04, 0x0000},
    control_sequence{0x0201, 0x001B};
inline constexpr std::uint16_t description = 0x001C, maximum = 0x0041, minimum = 0x0045,
                               resolution = 0x006A, engineering_units = 0x0075,
                               application_type = 0x0100;
}  // namespace deciding

using Endpoints = std::vector<waggle::EndpointInfo>;

/// The device with what is collected for its definition.
class Maker {
  public:
    explicit Maker(const waggle::Device& device) : device_(device), all_(device.endpoints()) {}

    std::optional<waggle::Definition> definition();
    /// The same as the source of a plugin.
    std::optional<std::string> source();

    // For the parts, one function a file's subject:
    const waggle::Device& device() const noexcept { return device_; }
    waggle::ValueView attribute(const waggle::EndpointInfo& endpoint, const Deciding& what) const {
        return device_.attribute(endpoint.id(), what.cluster, what.attribute);
    }
    /// None where `endpoints` is just the device's first: its properties need no suffix.
    waggle::EndpointNames names(const Endpoints& endpoints) const;
    bool is_first(const Endpoints& endpoints) const;
    bool has_several() const;  ///< endpoints, but for the one of Green Power
    /// `call` is how an author would write the part.
    void add(waggle::Extension part, const Call& call) {
        parts_.push_back(std::move(part));
        calls_.push_back(call.source());
    }
    /// Properties that have no suffix although the device has several endpoints.
    void unsuffixed(std::initializer_list<const char*> properties);

  private:
    void add_parts(bool inputs);

    waggle::Device device_;
    Endpoints all_;
    std::vector<waggle::Extension> parts_;
    std::vector<std::string> calls_;
    std::vector<std::string> unsuffixed_;
};

/// The standard's endpoint for Green Power, which says nothing of the device.
inline constexpr std::uint8_t green_power_endpoint = 242;

// lights.cpp, climate.cpp, values.cpp: parts of the endpoints that have the cluster
void add_lights(Maker& maker, const Endpoints& endpoints);
/// Whether its maker's lights are known not to report what a bound remote does to them.
bool is_silent_when_bound(const wg_entity_info& device);
void add_thermostat(Maker& maker, const Endpoints& endpoints);
void add_thermostat_ui(Maker& maker, const Endpoints& endpoints);
void add_fan(Maker& maker, const Endpoints& endpoints);
void add_binary_input(Maker& maker, const Endpoints& endpoints);
void add_binary_output(Maker& maker, const Endpoints& endpoints);
void add_analog_input(Maker& maker, const Endpoints& endpoints);
void add_analog_output(Maker& maker, const Endpoints& endpoints);

/// "": the device names none. `application_type` counts first, as the newer attribute.
std::string_view unit_of(std::optional<std::int64_t> application_type,
                         std::optional<std::int64_t> engineering_unit);

}  // namespace standard
