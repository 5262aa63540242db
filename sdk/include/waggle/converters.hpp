#pragma once

#include <algorithm>
#include <cmath>

#include <waggle/definition.hpp>

/// Ready-made parts for the usual behaviours; names, values and texts are zigbee2mqtt's.
#pragma GCC visibility push(hidden)
namespace waggle {

namespace detail {

inline std::string lowered(std::string_view text) {
    std::string result(text);
    for (auto& c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return result;
}

template <class List>
std::string joined(const List& list, std::string_view separator) {
    std::string result;
    for (const auto& item : list) {
        if (!result.empty())
            result += separator;
        result += item;
    }
    return result;
}

/// Tenths of seconds, or nothing when the key is absent. Refused for what is no number.
inline std::uint16_t tenths(const Set& set, std::string_view key) {
    const auto value = set.message()[key];
    if (value.is_null())
        return 0;
    const auto seconds = value.number();
    if (!seconds)
        throw Refused(std::string("The ") + std::string(key) + " value must be a number!");
    const auto rounded = std::floor(*seconds * 10 + 0.5);
    if (rounded < 0 || rounded > 0xFFFF)
        throw Refused(std::string("The ") + std::string(key) +
                      " value must be between 0 and 6553.5");
    return static_cast<std::uint16_t>(rounded);
}

inline void set_on_off(const Set& set) {
    enum : std::uint8_t { off = 0x00, on = 0x01, toggle = 0x02, on_with_timed_off = 0x42 };
    const auto text = set.message()["state"].text();
    const auto wanted = text ? lowered(*text) : std::string("null");
    if (wanted != "toggle" && wanted != "off" && wanted != "on")
        throw Refused("'" + wanted + "' not allowed, choose between: toggle,off,on");

    const bool timed =
        !set.message()["on_time"].is_null() || !set.message()["off_wait_time"].is_null();
    if (wanted == "on" && timed)
        return set.send(command(set.endpoint(), cluster::on_off, on_with_timed_off,
                                {{"ctrlbits", 0},
                                 {"ontime", tenths(set, "on_time")},
                                 {"offwaittime", tenths(set, "off_wait_time")}}));
    if (wanted == "toggle") {
        std::vector<Property> inverse;
        if (const auto now = set.state("state").text(); now && !now->empty())
            inverse.push_back({"state", *now == "OFF" ? "ON" : "OFF"});
        return set.send(command(set.endpoint(), cluster::on_off, toggle), std::move(inverse));
    }
    set.send(command(set.endpoint(), cluster::on_off, wanted == "on" ? on : off),
             {{"state", wanted == "on" ? "ON" : "OFF"}});
}

}  // namespace detail

/// The expose of `action`: events that are published and never cached.
inline Expose action(std::initializer_list<std::string_view> names) {
    Expose expose{.type = ExposeType::enumeration,
                  .name = "action",
                  .access = Access::state,
                  .description = "Triggered action (e.g. a button click)",
                  .category = Category::diagnostic};
    for (const auto name : names)
        expose.values.emplace_back(name);
    return expose;
}

/// Yes or no, set by the user in the device's options.
inline Option boolean_option(std::string name, std::string description, bool otherwise) {
    return {.expose = {.type = ExposeType::binary,
                       .name = std::move(name),
                       .access = Access::set,
                       .description = std::move(description),
                       .value_on = true,
                       .value_off = false},
            .default_value = otherwise};
}

struct OnOff {
    std::uint8_t endpoint = any_endpoint;  ///< whose reports are the state
    bool only_one_is_on = false;           ///< other values than 1 are off, not on
};

/// `state`, with on_time and off_wait_time [ZCL8 3.8].
inline Extension on_off(OnOff what = {}) {
    const auto convert = [only_one = what.only_one_is_on](const Message& msg, Publisher& out) {
        const auto value = msg[attr::on_off];
        if (value.is_null())
            return;
        const auto number = value.integer().value_or(0);
        const bool on = only_one ? number == 1 : number != 0;
        out.set_of_endpoint("state", on ? "ON" : "OFF");
    };
    const auto get = [](const Set& set) {
        set.send(read(set.endpoint(), cluster::on_off, {attr::on_off}));
    };
    Expose state{.type = ExposeType::binary,
                 .name = "state",
                 .access = Access::all,
                 .description = "On/off state of the switch",
                 .value_on = "ON",
                 .value_off = "OFF",
                 .value_toggle = "TOGGLE"};
    return {
        .exposes = {{.type = ExposeType::switch_, .features = {std::move(state)}}},
        .from_device = {{cluster::on_off, Kind::state, what.endpoint, convert, "on_off"}},
        .to_device = {{{"state", "on_time", "off_wait_time"}, detail::set_on_off, get}},
    };
}

/// A name for a number.
struct Choice {
    std::string_view name;
    std::int64_t value;
};

struct AttributeChoice {
    std::string property;
    std::uint8_t endpoint = any_endpoint;
    std::uint16_t cluster = 0;
    std::uint16_t attribute = 0;
    Type type = Type::from_table;
    std::uint16_t manufacturer = 0;
    std::vector<Choice> choices;
    std::string description = {};
    bool readable = false;  ///< answers /get
    Category category = Category::none;
};

/// An attribute whose values have names: read, set (exact name, or in lower or upper case; also as
/// {"state": name}), published as that name.
inline Extension attribute_choice(AttributeChoice what) {
    Expose expose{.type = ExposeType::enumeration,
                  .name = what.property,
                  .access = what.readable ? Access::all : Access::state_set,
                  .description = what.description,
                  .category = what.category};
    for (const auto& choice : what.choices)
        expose.values.emplace_back(choice.name);

    const auto shared = std::make_shared<const AttributeChoice>(std::move(what));
    const auto convert = [shared](const Message& msg, Publisher& out) {
        const auto value = msg.get<std::int64_t>(shared->attribute);
        for (const auto& choice : shared->choices)
            if (value == choice.value)
                out.set(shared->property, choice.name);
    };
    const auto set_choice = [shared](const Set& set) {
        const auto inner = set.value()["state"];
        const auto value = inner.is_null() ? set.value() : inner;
        const auto text = value.text();
        if (!text)
            throw Refused("Expected text, got: " + value.to_string());
        std::vector<std::string_view> names;
        for (const auto& choice : shared->choices) {
            if (detail::lowered(*text) == detail::lowered(choice.name)) {
                const Attribute attribute{shared->attribute, choice.value, shared->type};
                return set.send(
                    write(shared->endpoint, shared->cluster, {attribute}, shared->manufacturer),
                    {{shared->property, choice.name}});
            }
            names.push_back(choice.name);
        }
        throw Refused("Key '" + std::string(*text) + "' not found in: [" +
                      detail::joined(names, ", ") + "]");
    };
    std::function<void(const Set&)> get;
    if (shared->readable)
        get = [shared](const Set& set) {
            set.send(
                read(shared->endpoint, shared->cluster, {shared->attribute}, shared->manufacturer));
        };
    return {
        .exposes = {std::move(expose)},
        .from_device = {{shared->cluster, Kind::state, shared->endpoint, convert,
                         shared->property}},
        .to_device = {{{shared->property}, set_choice, get}},
    };
}

}  // namespace waggle
#pragma GCC visibility pop
