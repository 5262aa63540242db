#include "ikea.hpp"

using namespace waggle;

namespace ikea {
namespace {

bool is_older(const Device& device, std::string_view than) {
    const auto own = version_of(view(device.info().software_build_id));
    return own && *own < *version_of(than);
}

void bind_remote(Device device, Answer answer) {
    constexpr std::uint16_t usual_group = 901;  // zigbee2mqtt's default_bind_group
    const auto info = device.info();
    if (info.software_build_id.length == 0) {
        log(LogLevel::warning,
            "'" + device.name() +
                "' did not say its firmware: it cannot be bound rightly; pair it again");
        return answer.done();
    }
    auto request = bind(1, cluster::on_off);
    if (is_older(device, "2.3.75"))
        request.group = usual_group;
    const auto done = [answer](const Reply& reply) {
        reply.ok() ? answer.done() : answer.fail(reply.message(), reply.status());
    };
    if (const auto status = device.send(request, done); status != WG_OK)
        answer.fail(send_failure(status), status);
}

/// From firmware 24 on.
void set_check_in(Device device, Answer answer) {
    constexpr std::uint16_t check_in_interval = 0x0000;
    constexpr std::int64_t two_days = 172800;  // in quarters of seconds: half a day
    const auto build = view(device.info().software_build_id);
    if (detail::leading_number(build) >= 24) {
        const auto done = [answer](const Reply& reply) {
            reply.ok() ? answer.done() : answer.fail(reply.message(), reply.status());
        };
        if (device.send(write(1, cluster::poll_control, {{check_in_interval, two_days}}), done) ==
            WG_OK)
            return;
    }
    answer.done();
}

std::uint16_t first_word(const Message& msg) {
    const auto payload = msg.payload();
    return payload.size() < 2 ? std::uint16_t{0}
                              : static_cast<std::uint16_t>(payload[0] | payload[1] << 8);
}

/// Commands of the scenes cluster that no table knows [captured by zigbee2mqtt's users: 07 single,
/// 08 hold, 09 release; the first two octets say which arrow, or for how long].
void arrow(const Message& msg, Publisher& out) {
    enum : std::uint8_t { single = 0x07, hold = 0x08, release = 0x09 };
    enum : std::uint16_t { left_click = 257, toggle_hold = 2, left_hold = 3329 };
    if (msg.payload().size() < 2 || msg.command() < single || msg.command() > release ||
        seen_before(msg))
        return;
    const auto word = first_word(msg);
    auto store = msg.device().store();
    if (msg.command() == single) {
        if (word != toggle_hold)
            out.action(word == left_click ? "arrow_left_click" : "arrow_right_click");
        return;
    }
    if (msg.command() == hold) {
        store.set("arrow", word == left_hold ? "left" : "right");
        return out.action(word == left_hold ? "arrow_left_hold" : "arrow_right_hold");
    }
    const auto held = store.exchange("arrow", std::string());
    if (held.empty())
        return;
    out.action("arrow_" + held + "_release");
    out.set("action_duration", number(word / 1000.0));
}

/// The remote asks what it is bound to for its application version, and sends holds of arrows only
/// to what is new enough (zigbee2mqtt issue 32109).
void answer_version(const Message& msg, Publisher&) {
    constexpr std::uint16_t application_version = 0x0001;
    bool asked = false;
    for (std::uint32_t i = 0; i < msg.raw().attributes.count; ++i)
        asked |= static_cast<const wg_attribute*>(wg_item(&msg.raw().attributes, i))->id ==
                 application_version;
    if (!asked)
        return;
    Request answer{
        .kind = WG_REQUEST_READ_RESPONSE, .endpoint = msg.endpoint(), .cluster = cluster::basic};
    answer.attributes = {{application_version, 99}};
    answer.sequence = msg.sequence();
    msg.device().send(answer);
}

}  // namespace

Extension battery(std::string_view halves_from) {
    const auto convert = [from = std::string(halves_from)](const Message& msg, Publisher& out) {
        const auto raw = msg[0x0021].number();
        if (raw && *raw < 255)
            out.set("battery", number(round_to(is_older(msg.device(), from) ? *raw : *raw / 2, 2)));
    };
    const auto get = [](const Set& set) {
        set.send(read(set.endpoint(), cluster::power, {0x0021}));
    };
    Extension result{
        .exposes = {battery_expose(Access::state_get)},
        .from_device = {{cluster::power, Kind::state, any_endpoint, convert, "battery"}},
        .to_device = {{{"battery"}, {}, get}},
        .power_source_if_unknown = "Battery",
    };
    detail::set_up(result, cluster::power, {{0x0021, ReportingInterval{3600, 65000, 10}}}, true,
                   {});
    return result;
}

Extension bound_remote() {
    return {.configure = {bind_remote}};
}

Extension slow_check_in() {
    return {.configure = {set_check_in}};
}

Extension arrows() {
    return {
        .exposes = {action_of({"arrow_left_click", "arrow_left_hold", "arrow_left_release",
                               "arrow_right_click", "arrow_right_hold", "arrow_right_release"})},
        .from_device = {
            {cluster::scenes, Kind::raw | Kind::command, any_endpoint, arrow, "arrows"},
            {cluster::basic, Kind::read, any_endpoint, answer_version, "application version"}}};
}

Extension five_buttons() {
    const auto press = [](const char* name) {
        return [name](const Message& msg, Publisher& out) {
            if (!seen_before(msg))
                out.action(name);
        };
    };
    const auto row = [&press](std::uint16_t of, std::uint8_t id, const char* name) {
        return FromDevice{.cluster = of,
                          .kinds = Kind::command,
                          .convert = press(name),
                          .name = "buttons",
                          .command = id};
    };
    return {
        .exposes = {action_of({"toggle", "brightness_up_click", "brightness_down_click",
                               "brightness_up_hold", "brightness_up_release",
                               "brightness_down_hold", "brightness_down_release", "toggle_hold"})},
        .from_device = {row(cluster::on_off, 0x02, "toggle"),
                        row(cluster::level, 0x06, "brightness_up_click"),
                        row(cluster::level, 0x02, "brightness_down_click"),
                        row(cluster::level, 0x05, "brightness_up_hold"),
                        row(cluster::level, 0x07, "brightness_up_release"),
                        row(cluster::level, 0x01, "brightness_down_hold"),
                        row(cluster::level, 0x03, "brightness_down_release"),
                        row(cluster::level, 0x04, "toggle_hold")}};
}

}  // namespace ikea
