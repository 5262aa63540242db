#include <algorithm>
#include <span>

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "bridge/homeassistant/entity.hpp"

/// Covers. What moves them and where they stand is told in many ways; the template finds the state
/// that Home Assistant wants from what the device has.
namespace waggle::bridge::homeassistant {

namespace json = boost::json;

namespace {

constexpr std::string_view opening_words[] = {"opening", "open", "forward", "up", "rising"};
constexpr std::string_view closing_words[] = {"closing", "close", "backward", "back",
                                              "reverse", "down",  "declining"};
constexpr std::string_view stopped_words[] = {"stopped", "stop", "pause", "paused"};

struct Cover {
    explicit Cover(const Expose& the_state) : state(the_state) {}

    Expose state;
    std::optional<Expose> position, tilt, motor_state, running;
};

std::optional<Expose> first_feature(const std::vector<Expose>& exposes, std::string_view name) {
    for (const auto& expose : exposes)
        if (auto feature = expose.feature(name))
            return feature;
    return std::nullopt;
}

std::string lower_case(std::string text) {
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// The first of the values that is one of the words, nullptr: none is.
const json::value* word_of(const Expose& expose, std::span<const std::string_view> words) {
    for (const auto& value : expose.values())
        if (std::find(words.begin(), words.end(), lower_case(text_of(value))) != words.end())
            return &value;
    return nullptr;
}

std::string running_template(const Cover& cover) {
    const auto running = cover.running->base_property();
    return fmt::format(
        "{{% if \"{0}\" in value_json and value_json[\"{0}\"] %}} {{% if value_json[\"{1}\"] > 0 "
        "%}} "
        "closing {{% else %}} opening {{% endif %}} {{% else %}} stopped {{% endif %}}",
        running, cover.position->base_property());
}

/// The words that a device has for how it moves.
struct Motion {
    std::string opening, closing, stopped;
};

/// A word can be stale once the cover stands at an end: the position counts where the state agrees.
std::string motion_template(const Cover& cover, const Motion& words) {
    const auto motor = cover.motor_state->base_property();
    const auto state = cover.state.base_property();
    std::string out;
    if (cover.position)
        out = fmt::format(
            "{{% if \"{0}\" in value_json and value_json[\"{0}\"] == 0 and \"{1}\" in value_json "
            "and "
            "value_json[\"{1}\"] == \"CLOSE\" %}}CLOSE{{% elif \"{0}\" in value_json and "
            "value_json[\"{0}\"] == 100 and \"{1}\" in value_json and value_json[\"{1}\"] == "
            "\"OPEN\" %}}OPEN",
            cover.position->base_property(), state);
    out += fmt::format(
        "{{% {0} \"{1}\" in value_json and value_json[\"{1}\"] == \"{2}\" %}}{2}"
        "{{% elif \"{1}\" in value_json and value_json[\"{1}\"] == \"{3}\" %}}{3}",
        cover.position ? "elif" : "if", motor, words.opening, words.closing);
    if (cover.position)
        out += fmt::format(
            "{{% elif \"{0}\" in value_json and value_json[\"{0}\"] == \"{1}\" and \"{2}\" in "
            "value_json %}}{{% if value_json[\"{2}\"] == 0 %}}CLOSE{{% else %}}OPEN{{% endif %}}",
            motor, words.stopped, cover.position->base_property());
    out += fmt::format(
        "{{% elif \"{0}\" in value_json and value_json[\"{0}\"] == \"OPEN\" %}}OPEN"
        "{{% elif \"{0}\" in value_json and value_json[\"{0}\"] == \"CLOSE\" %}}CLOSE"
        "{{% else %}}{1}{{% endif %}}",
        state, words.stopped);
    return out;
}

void put_motion(const Cover& cover, json::object& payload) {
    const auto* opening = word_of(*cover.motor_state, opening_words);
    const auto* closing = word_of(*cover.motor_state, closing_words);
    const auto* stopped = word_of(*cover.motor_state, stopped_words);
    if (!opening || !closing || !stopped)
        return;
    payload["state_opening"] = *opening;
    payload["state_closing"] = *closing;
    payload["state_open"] = "OPEN";
    payload["state_closed"] = "CLOSE";
    payload["state_stopped"] = *stopped;
    payload["value_template"] =
        motion_template(cover, {text_of(*opening), text_of(*closing), text_of(*stopped)});
}

void put_state(const Cover& cover, json::object& payload) {
    if (cover.running)
        payload["value_template"] = running_template(cover);
    if (cover.motor_state)
        put_motion(cover, payload);
    if (payload.contains("value_template"))
        return;
    payload["value_template"] = value_template(cover.state.base_property());
    payload["state_open"] = "OPEN";
    payload["state_closed"] = "CLOSE";
    payload["state_stopped"] = "STOP";
}

void put_places(const Cover& cover, const ExposeScope& scope, json::object& payload) {
    if (!cover.position && !cover.tilt)
        payload["optimistic"] = true;
    if (cover.position) {
        payload["position_template"] = value_template(cover.position->base_property());
        payload["set_position_template"] =
            "{ \"" + property_in(*cover.position, scope) + "\": {{ position }} }";
        payload["set_position_topic"] = true;
        payload["position_topic"] = true;
    }
    if (cover.tilt) {
        payload["tilt_command_topic"] = true;
        payload["tilt_status_topic"] = true;
        payload["tilt_status_template"] = value_template(cover.tilt->base_property());
    }
}

}  // namespace

void add_cover(const std::vector<Expose>& exposes, const ExposeScope& scope,
               std::vector<EntityConfig>& out) {
    const auto& first = exposes.front();
    const auto state = first_feature(exposes, "state");
    if (!state)
        return refuse(first, "it has no state");
    Cover cover(*state);
    cover.position = first_feature(exposes, "position");
    cover.tilt = first_feature(exposes, "tilt");
    for (const auto& expose : scope.all) {
        const bool tells_motion = expose.name() == "motor_state" || expose.name() == "moving";
        if (!cover.motor_state && expose.type() == "enum" && tells_motion &&
            expose.has_access(Expose::state))
            cover.motor_state = expose;
        if (!cover.running && expose.type() == "binary" && expose.name() == "running")
            cover.running = expose;
    }
    if (cover.running && !cover.position)
        return refuse(first, "it says that it runs, but not where it stands");

    auto config = primary_entity("cover", first, scope);
    config.properties.emplace_back(state->property());
    config.payload["command_topic"] = true;
    config.payload["state_topic"] = true;
    put(config.payload, "state_topic_postfix", endpoint_in(first, scope));
    put_state(cover, config.payload);
    put_places(cover, scope, config.payload);
    out.push_back(std::move(config));
}

}  // namespace waggle::bridge::homeassistant
