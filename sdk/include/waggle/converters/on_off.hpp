#pragma once

#include <waggle/converters/numbers.hpp>

/// Switching on and off, and what happens when power comes back.
#pragma GCC visibility push(hidden)
namespace waggle {

namespace detail {

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

/// A request and the state when it succeeded.
struct Prepared {
    Request request;
    std::vector<Property> state;
};

/// `wanted`: on, off, toggle, in lower case.
inline Prepared switching(const Set& set, const std::string& wanted) {
    enum : std::uint8_t { off = 0x00, on = 0x01, toggle = 0x02, on_with_timed_off = 0x42 };
    if (wanted != "toggle" && wanted != "off" && wanted != "on")
        throw Refused("'" + wanted + "' not allowed, choose between: toggle,off,on");

    const bool timed =
        !set.message()["on_time"].is_null() || !set.message()["off_wait_time"].is_null();
    if (wanted == "on" && timed)
        return {command(set.endpoint(), cluster::on_off, on_with_timed_off,
                        {{"ctrlbits", 0},
                         {"ontime", tenths(set, "on_time")},
                         {"offwaittime", tenths(set, "off_wait_time")}}),
                {}};
    if (wanted == "toggle") {
        std::vector<Property> inverse;
        if (const auto now = set.state("state").text(); now && !now->empty())
            inverse.push_back({"state", *now == "OFF" ? "ON" : "OFF"});
        return {command(set.endpoint(), cluster::on_off, toggle), std::move(inverse)};
    }
    return {command(set.endpoint(), cluster::on_off, wanted == "on" ? on : off),
            {{"state", wanted == "on" ? "ON" : "OFF"}}};
}

inline void set_on_off(const Set& set) {
    const auto text = set.message()["state"].text();
    auto [request, state] = switching(set, text ? lowered(*text) : std::string("null"));
    set.send(request, std::move(state));
}
inline void get_on_off(const Set& set) {
    set.send(read(set.endpoint(), cluster::on_off, {attr::on_off}));
}

inline void on_off_state(const Message& msg, Publisher& out) {
    const auto value = msg[attr::on_off];
    if (value.is_null())
        return;
    const bool on = value.integer() == 1;
    out.set_of_endpoint("state", on ? "ON" : "OFF");
    if (msg.device().option("state_action", false))
        out.action_of_endpoint(on ? "on" : "off");
}

}  // namespace detail

/// Whether a message with this sequence number came from the endpoint already. Some devices send the
/// same thing several times, and a groupcast may come by several ways; the last five count, because they
/// may come in another order.
inline bool seen_before(const Message& msg) {
    constexpr std::size_t most = 5;
    auto store = msg.device().store();
    const std::string key = "seen/" + std::to_string(msg.endpoint());
    std::vector<Value> recent{msg.sequence()};
    const auto known = store[key];
    for (std::uint32_t i = 0; i < known.size(); ++i) {
        if (known.at(i).integer() == msg.sequence())
            return true;
        if (recent.size() < most)
            recent.emplace_back(known.at(i).integer().value_or(0));
    }
    store.set(key, Value(std::move(recent)));
    return false;
}

inline Option state_action_option() {
    auto option =
        flag_option("state_action",
                    "State actions will also be published as 'action' when true (default false).");
    option.of_reports = true;
    return option;
}

inline constexpr detail::Named power_on_behaviors[] = {
    {"off", 0}, {"on", 1}, {"toggle", 2}, {"previous", 255}};

/// `power_on_behavior` [ZCL8 3.8.2.2.5].
/// @param values  which of off, on, toggle, previous the device offers; the others are taken as well
inline Extension power_on_behavior(std::vector<Value> values = {"off", "on", "toggle", "previous"},
                                   const EndpointNames& endpoints = {}) {
    constexpr std::uint16_t start_up = 0x4003;
    constexpr std::uint8_t unsupported_attribute = 0x86;
    const auto convert = [](const Message& msg, Publisher& out) {
        const auto value = msg.get<std::int64_t>(start_up);
        if (const auto name = detail::name_of(value.value_or(-1), power_on_behaviors);
            !name.empty())
            out.set_of_endpoint("power_on_behavior", name);
    };
    const auto set_behavior = [](const Set& set) {
        const auto name = detail::lowered(detail::plain_text(set.value(), set.key()));
        const Attribute attribute{start_up, detail::looked_up(name, power_on_behaviors)};
        const auto answer = set.answer();
        const auto done = [answer, name](const Reply& reply) {
            if (reply.ok())
                return answer.done(std::vector<Property>{{"power_on_behavior", name}});
            answer.fail(reply.zcl_status() == unsupported_attribute
                            ? "Got `UNSUPPORTED_ATTRIBUTE` error, device does not support power on "
                              "behaviour"
                            : reply.message(),
                        reply.status());
        };
        if (const auto status =
                set.device().send(write(set.endpoint(), cluster::on_off, {attribute}), done);
            status != WG_OK)
            throw Refused(send_failure(status));
    };
    const auto get = [](const Set& set) {
        set.send(read(set.endpoint(), cluster::on_off, {start_up}));
    };
    const Expose expose{
        .type = ExposeType::enumeration,
        .name = "power_on_behavior",
        .access = Access::all,
        .description = "Controls the behavior when the device is powered on after power loss",
        .label = "Power-on behavior",
        .category = Category::config,
        .values = std::move(values)};
    return {
        .exposes = of_endpoints(expose, endpoints),
        .from_device = {{cluster::on_off, Kind::state, any_endpoint, convert, "power_on_behavior"}},
        .to_device = {{{"power_on_behavior"}, set_behavior, get}},
    };
}

struct OnOff {
    EndpointNames endpoints = {};
    std::uint8_t endpoint = any_endpoint;  ///< whose reports are the state
    bool report = true;                    ///< bound, and asked to report
    bool power_on_behavior = true;
    bool skip_duplicates = false;  ///< it repeats itself with the same sequence number
    bool state_action = true;      ///< has the option of that name
    std::string description = "On/off state of the switch";
};

/// `state`, with on_time and off_wait_time [ZCL8 3.8].
inline Extension on_off(OnOff what = {}) {
    const auto convert = [skip = what.skip_duplicates](const Message& msg, Publisher& out) {
        if (!msg[attr::on_off].is_null() && !(skip && seen_before(msg)))
            detail::on_off_state(msg, out);
    };
    Expose state{.type = ExposeType::binary,
                 .name = "state",
                 .access = Access::all,
                 .description = std::move(what.description),
                 .value_on = "ON",
                 .value_off = "OFF",
                 .value_toggle = "TOGGLE"};
    const Expose expose{.type = ExposeType::switch_, .features = {std::move(state)}};
    Extension result{
        .exposes = of_endpoints(expose, what.endpoints),
        .from_device = {{cluster::on_off, Kind::state, what.endpoint, convert, "on_off"}},
        .to_device = {{{"state", "on_time", "off_wait_time"},
                       detail::set_on_off,
                       detail::get_on_off,
                       what.endpoints}},
    };
    if (what.state_action)
        result.options.push_back(state_action_option());
    if (what.power_on_behavior)
        detail::join(result,
                     power_on_behavior({"off", "on", "toggle", "previous"}, what.endpoints));
    if (what.report) {
        detail::set_up(result, cluster::on_off, {{attr::on_off, ReportingInterval{0, 65000, 1}}},
                       true, {});
        if (what.power_on_behavior)
            result.readings.push_back({cluster::on_off, 0x4003, every_endpoint});
        result.power_source_if_unknown = "Mains (single phase)";
    }
    return result;
}

}  // namespace waggle
#pragma GCC visibility pop
