#include "devices.hpp"
#include "lumi.hpp"

using namespace waggle;

/// Wall switches around the QBKG04LM: relays on one or two endpoints, rockers that tell on endpoints
/// of their own what was done to them.
namespace {

using Sides = std::vector<std::pair<std::uint8_t, std::string>>;  ///< endpoint -> "left"

const Sides two_rockers{{4, "left"}, {5, "right"}, {6, "both"}};

std::string with_side(const std::string& name, const Sides& sides, std::uint8_t endpoint) {
    for (const auto& [id, side] : sides)
        if (id == endpoint)
            return name + "_" + side;
    return name;
}

/// The relays' own reports; endpoints 4 to 6 are rockers.
void relay(const Message& msg, Publisher& out) {
    const auto value = msg[attr::on_off];
    if (!value.is_null() && (msg.endpoint() < 4 || msg.endpoint() > 6))
        out.set_of_endpoint("state", value.integer() == 1 ? "ON" : "OFF");
}

Extension relays(const EndpointNames& names = {}) {
    auto part = on_off(
        {.endpoints = names, .report = false, .power_on_behavior = false, .state_action = false});
    part.to_device.front().endpoints.clear();
    part.from_device = {{cluster::on_off, Kind::state, any_endpoint, relay, "relay"}};
    return part;
}

bool is_relay_report(const Message& msg) {
    return msg.get<std::int64_t>(lumi::attr::relay_cause).value_or(0) != 0;
}

/// Rockers of switches without neutral: 0 held down, 1 let go, 2 pressed twice. A short press sends
/// only 1, so what letting go means depends on whether a hold came first.
Extension held_rockers(Sides sides, std::uint8_t only_endpoint = any_endpoint) {
    const auto convert = [sides](const Message& msg, Publisher& out) {
        if (is_relay_report(msg))
            return;
        const auto value = msg.get<std::int64_t>(attr::on_off);
        auto store = msg.device().store();
        const bool was_held = store.exchange("held/" + std::to_string(msg.endpoint()), value == 0);
        const auto action = [&](const char* name) {
            return with_side(name, sides, msg.endpoint());
        };
        if (value == 1)
            out.now({{"action", action(was_held ? "hold_release" : "single")}});
        out.action(action(value == 0   ? "hold"
                          : value == 1 ? "release"
                          : value == 2 ? "double"
                                       : "undefined"));
    };
    return {.from_device = {{cluster::on_off, Kind::report, only_endpoint, convert, "rocker"}}};
}

/// Rockers of switches with neutral: any change is a press; the rest comes as a multistate value.
Extension pressed_rockers(Sides sides) {
    const auto convert = [sides](const Message& msg, Publisher& out) {
        if (is_relay_report(msg))
            return;
        const auto value = msg.get<std::int64_t>(attr::on_off);
        out.action(
            with_side(value == 0 || value == 1 ? "single" : "undefined", sides, msg.endpoint()));
    };
    return {.from_device = {{cluster::on_off, Kind::report, any_endpoint, convert, "rocker"}}};
}

Extension multistate(Sides sides) {
    auto part = multistate_actions(
        {.actions = {{0, "hold"}, {1, "single"}, {2, "double"}, {3, "triple"}, {255, "release"}},
         .buttons = std::move(sides)});
    part.exposes.clear();
    return part;
}

Extension operation_mode(bool readable) {
    return attribute_choice({.property = "operation_mode",
                             .endpoint = 1,
                             .cluster = cluster::basic,
                             .attribute = lumi::attr::operation_mode,
                             .type = Type::uint8,
                             .manufacturer = lumi::manufacturer,
                             .choices = {{"control_relay", 0x12}, {"decoupled", 0xFE}},
                             .description = "Decoupled mode",
                             .readable = readable});
}

// Two rockers: which relay each switches, an attribute a side.

constexpr detail::Named relay_choices[] = {
    {"control_left_relay", 0x12}, {"control_right_relay", 0x22}, {"decoupled", 0xFE}};

std::uint16_t mode_attribute(const Set& set) {
    if (set.endpoint_name() == "left")
        return lumi::attr::operation_mode;
    if (set.endpoint_name() == "right")
        return lumi::attr::operation_mode + 1;
    throw Refused("operation_mode is set for left or right: operation_mode_left");
}
void set_operation_mode(const Set& set) {
    const auto inner = set.value()["state"];
    auto wanted = detail::plain_text(inner.is_null() ? set.value() : inner, set.key());
    if (wanted == "control_relay")
        wanted = "control_" + std::string(set.endpoint_name()) + "_relay";
    const Attribute mode{mode_attribute(set), detail::looked_up(wanted, relay_choices),
                         Type::uint8};
    set.send(write(1, cluster::basic, {mode}, lumi::manufacturer), {{"operation_mode", wanted}});
}
void get_operation_mode(const Set& set) {
    set.send(read(set.endpoint(), cluster::basic, {mode_attribute(set)}, lumi::manufacturer));
}
void report_operation_modes(const Message& msg, Publisher& out) {
    for (const auto& [id, property] :
         {std::pair{0, "operation_mode_left"}, std::pair{1, "operation_mode_right"}}) {
        const auto attribute = static_cast<std::uint16_t>(lumi::attr::operation_mode + id);
        const auto name = detail::name_of(msg[attribute].integer().value_or(-1), relay_choices);
        if (!name.empty())
            out.set(property, name);
    }
}
Extension operation_modes(bool readable, Category category = Category::none) {
    const auto expose = [&](const char* side, const char* text) {
        return of_endpoint({.type = ExposeType::enumeration,
                            .name = "operation_mode",
                            .access = readable ? Access::all : Access::state_set,
                            .description = text,
                            .category = category,
                            .values = {"control_left_relay", "control_right_relay", "decoupled"}},
                           side);
    };
    ToDevice row{.keys = {"operation_mode"}, .set = set_operation_mode};
    if (readable)
        row.get = get_operation_mode;
    return {.exposes = {expose("left", "Operation mode for left button"),
                        expose("right", "Operation mode for right button")},
            .from_device = {{cluster::basic, Kind::state, any_endpoint, report_operation_modes,
                             "operation_mode"}},
            .to_device = {row}};
}

// What the relay's meter says.

constexpr std::uint16_t present_value = 0x0055;

Expose measured(const char* name, Access access, const char* unit, const char* text) {
    return {.type = ExposeType::numeric,
            .name = name,
            .access = access,
            .description = text,
            .unit = unit};
}
Expose power() {
    return measured("power", Access::state_get, "W", "Instantaneous measured power");
}
Expose energy() {
    return measured("energy", Access::state, "kWh", "Sum of consumed energy");
}
ToDevice power_row() {
    return {{"power"}, {}, [](const Set& set) {
                const auto endpoint = set.device().endpoint_with(cluster::analog_input);
                set.send(read(endpoint.value_or(set.endpoint()), cluster::analog_input,
                              {present_value}));
            }};
}
Extension power_reports() {
    const auto convert = [](const Message& msg, Publisher& out) {
        if (const auto watts = msg[present_value].number())
            out.set("power", number(*watts));
    };
    return {.from_device = {{cluster::analog_input, Kind::state, any_endpoint, convert, "power"}}};
}

/// Tags of relays in the telemetry: states, energy, voltage, current, power.
Extension relay_telemetry(const Sides& relays_by_tag) {
    lumi::Reports reports{.on_battery = false};
    const auto as = [&reports](std::uint8_t tag, const char* property, double factor) {
        reports.tags.push_back({tag, [property, factor](double value, Publisher& out) {
                                    out.set(property, number(value * factor));
                                }});
    };
    for (const auto& [tag, side] : relays_by_tag)
        reports.tags.push_back(
            {tag,
             [property = side.empty() ? std::string("state") : "state_" + side](
                 double value, Publisher& out) { out.set(property, value == 1 ? "ON" : "OFF"); }});
    as(149, "energy", 1);
    as(149, "consumption", 1);
    as(150, "voltage", 0.1);
    as(151, "current", 0.001);
    as(152, "power", 1);
    auto part = lumi::telemetry(std::move(reports));
    part.exposes.clear();
    return part;
}

Quirks end_device() {
    // Says router, routes nothing.
    return {.device_type = DeviceType::end_device, .interview_may_fail = true};
}
Quirks mains() {
    return {.power_source = "Mains (single phase)",
            .interview_may_fail = true,
            .relays_as_group = true};
}

}  // namespace

Definition qbkg03lm() {
    return {
        .zigbee_models = {"lumi.ctrl_neutral2"},
        .model = "QBKG03LM",
        .vendor = "Aqara",
        .description = "Smart wall switch (no neutral, double rocker)",
        .endpoints = {{"system", 1}, {"left", 2}, {"right", 3}},
        .multi_endpoint = true,
        .quirks = end_device(),
        .extend = {relays({"left", "right"}),
                   {.exposes = {lumi::device_temperature()}},
                   held_rockers(two_rockers),
                   operation_modes(false, Category::config),
                   {.exposes = {action({"release_left", "release_right", "release_both",
                                        "double_left", "double_right", "single_left",
                                        "single_right", "hold_release_left"})}},
                   relay_telemetry({{100, "left"}, {101, "right"}}),
                   {.to_device = {power_row()}},
                   lumi::ota(),
                   lumi::prevent_reset()},
        .expose_order = ExposeOrder::as_written,
    };
}

Definition qbkg11lm() {
    return {
        .zigbee_models = {"lumi.ctrl_ln1.aq1", "lumi.ctrl_ln1"},
        .model = "QBKG11LM",
        .vendor = "Aqara",
        .description = "Smart wall switch (with neutral, single rocker)",
        .endpoints = {{"system", 1}},
        .quirks = mains(),
        .extend = {pressed_rockers({}),
                   multistate({}),
                   relays(),
                   power_reports(),
                   relay_telemetry({{100, ""}}),
                   {.exposes = {power(), lumi::device_temperature(), energy()},
                    .to_device = {power_row()}},
                   operation_mode(true),
                   lumi::ota(),
                   lumi::prevent_reset(),
                   {.exposes = {action({"single", "double", "release", "hold"})}}},
        .expose_order = ExposeOrder::as_written,
    };
}

Definition qbkg12lm() {
    return {
        .zigbee_models = {"lumi.ctrl_ln2.aq1", "lumi.ctrl_ln2"},
        .model = "QBKG12LM",
        .vendor = "Aqara",
        .description = "Smart wall switch (with neutral, double rocker)",
        .endpoints = {{"left", 1}, {"right", 2}, {"system", 1}},
        .multi_endpoint = true,
        .unsuffixed = {"power", "energy"},
        .quirks = mains(),
        .extend = {relays({"left", "right"}),
                   {.exposes = {lumi::device_temperature(), energy(), power()}},
                   pressed_rockers(two_rockers),
                   multistate({{5, "left"}, {6, "right"}, {7, "both"}}),
                   power_reports(),
                   relay_telemetry({{100, "left"}, {101, "right"}}),
                   operation_modes(true),
                   {.exposes = {action({"single_left", "single_right", "single_both", "double_left",
                                        "double_right", "double_both", "hold_left", "hold_right",
                                        "hold_both", "release_left", "release_right",
                                        "release_both"})},
                    .to_device = {power_row()}},
                   lumi::ota(),
                   lumi::prevent_reset()},
        .expose_order = ExposeOrder::as_written,
    };
}

Definition qbkg21lm() {
    auto quirks = end_device();
    quirks.power_source = "Mains (single phase)";
    return {
        .zigbee_models = {"lumi.switch.b1lacn02"},
        .model = "QBKG21LM",
        .vendor = "Aqara",
        .description = "Smart wall switch D1 (no neutral, single rocker)",
        .endpoints = {{"system", 1}, {"default", 2}},
        .quirks = quirks,
        .extend = {relays(),
                   held_rockers({}, 4),
                   operation_mode(true),
                   {.exposes = {action({"release", "hold", "double", "single", "hold_release"})}},
                   lumi::prevent_reset()},
        .expose_order = ExposeOrder::as_written,
    };
}

Definition qbkg22lm() {
    return {
        .zigbee_models = {"lumi.switch.b2lacn02"},
        .model = "QBKG22LM",
        .vendor = "Aqara",
        .description = "Smart wall switch D1 (no neutral, double rocker)",
        .endpoints = {{"system", 1}, {"left", 2}, {"right", 3}},
        .multi_endpoint = true,
        .quirks = end_device(),
        .extend = {relays({"left", "right"}),
                   held_rockers(two_rockers),
                   operation_modes(true),
                   {.exposes = {action({"release_left", "release_right", "release_both",
                                        "double_left", "double_right", "single_left",
                                        "single_right", "hold_release_left"})}},
                   lumi::prevent_reset()},
        .expose_order = ExposeOrder::as_written,
    };
}

// The plug

namespace {

/// Two settings in an attribute that takes only whole messages.
void set_power_outage_memory(const Set& set) {
    const bool on = set.value().boolean().value_or(detail::as_number(set.value()) != 0);
    const Bytes first = on ? Bytes{0xAA, 0x80, 0x05, 0xD1, 0x47, 0x07, 0x01, 0x10, 0x01}
                           : Bytes{0xAA, 0x80, 0x05, 0xD1, 0x47, 0x09, 0x01, 0x10, 0x00};
    const Bytes second = on ? Bytes{0xAA, 0x80, 0x03, 0xD3, 0x07, 0x08, 0x01}
                            : Bytes{0xAA, 0x80, 0x03, 0xD3, 0x07, 0x0A, 0x01};
    std::vector<Request> requests;
    for (const auto& message : {first, second})
        requests.push_back(write(set.endpoint(), cluster::basic,
                                 {{lumi::attr::reset_warning, message, Type::octet_string}},
                                 lumi::manufacturer));
    set.send_all(std::move(requests), {{"power_outage_memory", set.value().copy()}});
}

}  // namespace

Definition zncz02lm() {
    const auto get_memory = [](const Set& set) {
        set.send(read(set.endpoint(), lumi::own_cluster, {lumi::attr::reset_warning},
                      lumi::manufacturer));
    };
    return {
        .zigbee_models = {"lumi.plug"},
        .model = "ZNCZ02LM",
        .vendor = "Xiaomi",
        .description = "Mi smart plug",
        .extend = {on_off({.report = false, .power_on_behavior = false}),
                   power_reports(),
                   relay_telemetry({{100, ""}}),
                   lumi::ota(),
                   {.exposes = {power(),
                                energy(),
                                lumi::device_temperature(),
                                {.type = ExposeType::binary,
                                 .name = "power_outage_memory",
                                 .access = Access::all,
                                 .description = "Enable/disable the power outage memory, this "
                                                "recovers the on/off mode after power failure",
                                 .category = Category::config,
                                 .value_on = true,
                                 .value_off = false}},
                    .to_device = {{{"power_outage_memory"}, set_power_outage_memory, get_memory},
                                  power_row()}}},
        .expose_order = ExposeOrder::as_written,
    };
}
