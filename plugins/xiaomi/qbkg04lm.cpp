#include "devices.hpp"
#include "lumi.hpp"

using namespace waggle;

namespace {

/// The rocker: genOnOff reports on endpoint 4. 0 = held down, 1 = let go, 2 = pressed twice. A short
/// press sends only 1, so what letting go means depends on whether a hold came first.
void rocker(const Message& msg, Publisher& out) {
    if (msg.get<std::int64_t>(lumi::attr::relay_cause).value_or(0) != 0)
        return;  // the relay's own report
    const auto device = msg.device();
    const auto value = msg.get<std::int64_t>(attr::on_off);
    const bool was_held = device.store().exchange("held", value == 0);
    if (value == 0)
        return out.action("hold");
    if (value == 2)
        return out.action("double");
    if (value != 1)
        return out.action("undefined");  // zigbee2mqtt's word for what it does not know

    if (was_held)
        out.now({{"action", "hold_release"}});
    else if (device.option("legacy", true))
        out.now({{"action", "single"}, {"click", "single"}});
    else
        out.now({{"action", "single"}});
    out.action("release");
}

/// zigbee2mqtt 2.0, which brought `version` 2 to the configuration, removed the option.
Option legacy() {
    auto option = boolean_option(
        "legacy", "Publish a short press also as click, as older dashboards expect.", true);
    option.newer_from_version = 2;
    option.newer_default = false;
    return option;
}

}  // namespace

Definition qbkg04lm() {
    return {
        .zigbee_models = {"lumi.ctrl_neutral1"},
        .model = "QBKG04LM",
        .vendor = "Xiaomi",
        .description =
            "Aqara single key wired wall switch without neutral wire. Doesn't work as a "
            "router and doesn't support power meter",
        .endpoints = {{"system", 1}, {"default", 2}},
        // Says router, routes nothing.
        .quirks = {.device_type = DeviceType::end_device, .interview_may_fail = true},
        .extend = {on_off({.endpoint = 2,
                           .report = false,
                           .power_on_behavior = false,
                           .state_action = false}),
                   {.exposes = {action({"release", "hold", "double", "single", "hold_release"})},
                    .from_device = {{cluster::on_off, Kind::report, 4, rocker, "rocker"}}},
                   attribute_choice({.property = "operation_mode",
                                     .endpoint = 1,
                                     .cluster = cluster::basic,
                                     .attribute = lumi::attr::operation_mode,
                                     .type = Type::uint8,
                                     .manufacturer = lumi::manufacturer,
                                     .choices = {{"control_relay", 0x12}, {"decoupled", 0xFE}},
                                     .description = "Decoupled mode"}),
                   lumi::ota(),
                   lumi::prevent_reset()},
        .options = {legacy()},
        .notes = {{"debounce",
                   "do not use it with this device: single and hold_release would not be sent"}},
    };
}
