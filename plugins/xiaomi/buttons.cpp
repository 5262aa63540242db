#include "devices.hpp"
#include "lumi.hpp"

using namespace waggle;

/// Wireless buttons.
namespace {

constexpr std::uint16_t click_count = 0x8000;  ///< genOnOff: how often it was pressed
constexpr std::uint8_t most_clicks = 4;
constexpr const char* clicks[] = {"", "single", "double", "triple", "quadruple"};

const char* name_of_clicks(std::optional<std::int64_t> count) {
    return count && *count >= 1 && *count <= most_clicks ? clicks[*count] : nullptr;
}

double option_or(Device device, std::string_view name, double otherwise) {
    const auto value = device.option(name).number().value_or(0);
    return value > 0 ? value : otherwise;
}

std::uint32_t to_timer(double milliseconds) {
    return static_cast<std::uint32_t>(std::clamp(milliseconds, 1.0, 4e9));
}

void publish_action(Device device, const char* name) {
    const Property action{"action", name};
    device.publish({&action, 1});
}

/// Down and up is all that the round Mi button says of one press: what is longer than a second is
/// held, and what never comes up is let go after four more.
void pressed(Device device) {
    auto store = device.store();
    const auto held = [device] {
        publish_action(device, "hold");
        auto state = device.store();
        state.set("down", nullptr);
        state.set("held_since", static_cast<std::int64_t>(now_ms()));
        detail::restart_timer(device, "hold_expires",
                              to_timer(option_or(device, "hold_timeout_expire", 4000)),
                              [device] { device.store().set("held_since", nullptr); });
    };
    store.set("down", true);
    detail::restart_timer(device, "hold", to_timer(option_or(device, "hold_timeout", 1000)), held);
}

void let_go(Device device) {
    auto store = device.store();
    if (const auto since = store["held_since"].integer()) {
        const Property release[] = {
            {"action", "release"},
            {"action_duration", static_cast<std::int64_t>(now_ms()) - *since}};
        device.publish(release);
        store.set("held_since", nullptr);
    }
    if (store["down"].boolean()) {
        detail::restart_timer(device, "hold", 0, {});
        store.set("down", nullptr);
        publish_action(device, "single");
    }
}

void round_button(const Message& msg, Publisher& out) {
    if (detail::is_repeated(msg))
        return;
    const auto state = msg.get<std::int64_t>(attr::on_off);
    if (state == 0)
        return pressed(msg.device());
    if (state == 1)
        return let_go(msg.device());
    const auto* name = name_of_clicks(msg.get<std::int64_t>(click_count));
    out.now({{"action", name ? name : "many"}});
}

/// The mini button's first form sends genOnOff, its second the number of presses.
void mini_button(const Message& msg, Publisher& out) {
    const bool on = msg.get<std::int64_t>(attr::on_off).value_or(0) != 0;
    const auto count = on ? std::optional<std::int64_t>(1) : msg.get<std::int64_t>(click_count);
    if (const auto* name = name_of_clicks(count))
        out.action(name);
}

/// A wall button that only knows presses: on and off are the same.
void wall_button(const Message& msg, Publisher& out) {
    const auto value = msg.get<std::int64_t>(attr::on_off);
    if (value == 0 || value == 1)
        out.action("single");
}

void multistate(const Message& msg, Publisher& out) {
    if (detail::is_repeated(msg))
        return;
    const auto value = msg.get<std::int64_t>(attr::present_value);
    if (value == 0)
        out.action("hold");
    else if (value == 255)
        out.action("release");
    else if (value && *value >= 1 && *value <= 3)
        out.action(clicks[*value]);
}

FromDevice on_press(void (*convert)(const Message&, Publisher&)) {
    return {
        .cluster = cluster::on_off, .kinds = Kind::report, .convert = convert, .name = "button"};
}
FromDevice on_multistate() {
    return {.cluster = cluster::multistate_input, .convert = multistate, .name = "multistate"};
}

Option milliseconds_option(std::string name, std::string text) {
    return {.expose = {.type = ExposeType::numeric,
                       .name = std::move(name),
                       .access = Access::set,
                       .description = std::move(text),
                       .min = 0}};
}

}  // namespace

Definition wxkg01lm() {
    return {
        .zigbee_models = {"lumi.sensor_switch"},
        .model = "WXKG01LM",
        .vendor = "Xiaomi",
        .description = "Mi wireless switch",
        .white_labels = {{"Xiaomi", "YTC4040GL"},
                         {"Xiaomi", "YTC4006CN"},
                         {"Xiaomi", "YTC4017CN"},
                         {"Xiaomi", "ZHTZ02LM"}},
        .quirks = lumi::sleepy(),
        .extend = {lumi::telemetry()},
        .from_device = {{.cluster = cluster::on_off, .convert = round_button, .name = "button"}},
        .exposes = {lumi::battery(),
                    action({"single", "double", "triple", "quadruple", "hold", "release", "many"}),
                    lumi::voltage(), lumi::power_outage_count(false)},
        .options =
            {milliseconds_option(
                 "hold_timeout",
                 "How long the button has to be down to be held, in milliseconds (default "
                 "1000). More where a late release makes a press look held."),
             milliseconds_option(
                 "hold_timeout_expire",
                 "After how many milliseconds a held button counts as let go although it did "
                 "not say so (default 4000).")},
    };
}

Definition wxkg11lm() {
    return {
        .zigbee_models = {"lumi.sensor_switch.aq2", "lumi.remote.b1acn01"},
        .model = "WXKG11LM",
        .vendor = "Aqara",
        .description = "Wireless mini switch",
        .quirks = lumi::sleepy(),
        .extend = {identify({.is_sleepy = true}), lumi::telemetry()},
        .from_device = {on_multistate(), on_press(mini_button)},
        .exposes = {lumi::battery(), lumi::voltage(),
                    action({"single", "double", "triple", "quadruple", "hold", "release"}),
                    lumi::device_temperature(), lumi::power_outage_count(true)},
    };
}

Definition wxkg03lm_rev1() {
    return {
        .zigbee_models = {"lumi.sensor_86sw1"},
        .model = "WXKG03LM_rev1",
        .vendor = "Aqara",
        .description = "Wireless remote switch (single rocker), 2016 model",
        .quirks = lumi::sleepy(),
        .extend = {lumi::prevent_reset(), lumi::telemetry()},
        .from_device = {on_press(wall_button)},
        .exposes = {lumi::battery(), action({"single"}), lumi::voltage()},
    };
}

Definition wxkg03lm_rev2() {
    return {
        .zigbee_models = {"lumi.remote.b186acn01"},
        .model = "WXKG03LM_rev2",
        .vendor = "Aqara",
        .description = "Wireless remote switch (single rocker), 2018 model",
        .quirks = lumi::sleepy(),
        .extend = {lumi::prevent_reset(), lumi::telemetry()},
        .from_device = {on_press(wall_button), on_multistate()},
        .exposes = {lumi::battery(), action({"single", "double", "hold"}), lumi::voltage()},
    };
}
