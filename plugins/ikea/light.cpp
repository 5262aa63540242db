#include "ikea.hpp"

using namespace waggle;

namespace ikea {
namespace {

constexpr std::string_view frozen_until = "frozen_until";

bool is_color_change(std::string_view key) {
    for (const std::string_view word : {"color", "hue", "saturation"})
        if (key == word || key.starts_with(std::string(word) + "_"))
            return true;
    return false;
}

bool is_stop(const ValueView& value) {
    return value.text() == "stop" || value.text() == "0" || value.number() == 0.0;
}

/// Whether the light takes this command while it is frozen.
bool unfreezes(std::string_view key) {
    return key.starts_with("brightness_move") || key.starts_with("brightness_step");
}

void track_freezing(const Set& set, const std::function<void(const Set&)>& next) {
    if (!set.device().option("unfreeze_support", true))
        return next(set);
    auto store = set.device().store();
    const std::string key = std::string(frozen_until) + "/" + std::to_string(set.endpoint());
    const auto until = store[key].number();
    if (until && static_cast<double>(now_ms()) <= *until && !unfreezes(set.key())) {
        std::vector<Property> options;
        detail::add_options(options, set);
        set.device().send(command(set.endpoint(), cluster::level, level::stop, std::move(options)));
    }
    next(set);
    const double tenths = detail::transition_of(set, set.key()).time;
    if (is_color_change(set.key()) && tenths > 0 && !is_stop(set.value()))
        store.set(key, static_cast<double>(now_ms()) + tenths * 100);
    else if (until)
        store.set(key, Value());
}

/// Settings that are gone with the power; only those that differ from what the light comes up with.
void restore_settings(const wg_event& event) {
    const Device device(event.device);
    const auto endpoints = device.endpoints();
    if (endpoints.empty())
        return;
    const auto endpoint = endpoints.front().id();
    if (device.state("color_options")["execute_if_off"].boolean() == true)
        device.send(write(endpoint, cluster::color, {{color_control::options, 1}}));
    const auto config = device.state("level_config");
    if (config["execute_if_off"].boolean() == true)
        device.send(write(endpoint, cluster::level, {{level::options, 1}}));
    const auto on_level = config["on_level"];
    if (on_level.is_null())
        return;
    const double value = on_level.number().value_or(255);
    device.send(write(endpoint, cluster::level,
                      {{level::on_level, number(value > 255 ? 254 : std::max(value, 1.0))}}));
}

Expose color_options() {
    return {.type = ExposeType::composite,
            .name = "color_options",
            .access = Access::all,
            .description = "Advanced color behavior",
            .category = Category::config,
            .features = {{.type = ExposeType::binary,
                          .name = "execute_if_off",
                          .access = Access::set,
                          .description = "Controls whether color and color temperature can be set "
                                         "while light is off",
                          .value_on = true,
                          .value_off = false}}};
}

/// The setters that a frozen light would not follow.
bool can_freeze(const std::string& key) {
    return key == "state" || key == "brightness_step" || key == "color" || key == "color_temp" ||
           key == "color_temp_step" || key == "hue_step";
}

}  // namespace

Extension light(Bulb what) {
    const bool has_color = what.color_temp || what.color;
    auto result = waggle::light({.color_temp = what.color_temp,
                                 .color = what.color,
                                 .level_config = {"execute_if_off", "current_level_startup"},
                                 .turns_off_at_brightness_1 = what.turns_off_at_brightness_1});
    result.ota = Ota{};
    result.forgets_reporting = true;
    result.events.push_back({WG_EVENT_ANNOUNCED, restore_settings});
    result.traits.push_back({"noBrightnessTransitionWithColor", true});
    result.traits.push_back(
        {"noOffTransitionWhenOff", Value(Object{{"software_newer_than", "1.0.012"}})});
    if (!has_color)
        return result;
    result.exposes.push_back(color_options());
    for (auto& row : result.to_device)
        if (can_freeze(row.keys.front()))
            row.set = [next = std::move(row.set)](const Set& set) { track_freezing(set, next); };
    auto unfreeze = flag_option(
        "unfreeze_support",
        "Whether to unfreeze IKEA lights (that are known to be frozen) before issuing a command, "
        "false: no unfreeze support, true: unfreeze support (default true).");
    const auto after_transition = result.options.begin() + 1;
    result.options.insert(after_transition, std::move(unfreeze));
    return result;
}

}  // namespace ikea
