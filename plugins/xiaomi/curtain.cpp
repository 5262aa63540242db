#include "devices.hpp"
#include "lumi.hpp"

using namespace waggle;

/// A motor that pulls a curtain: its position is an analog output, what the motor does stands in
/// attributes of genBasic.
namespace {

using attr::present_value;
using cluster::analog_output;

constexpr std::uint16_t settings = 0x0401, motor = 0x0404;

bool inverts(const Device& device) {
    return device.option("invert_cover", false);
}

void report_position(const Message& msg, Publisher& out) {
    const auto raw = msg[present_value].number();
    if (!raw)
        return;
    const bool inverted = inverts(msg.device());
    const double position = inverted ? 100 - round_to(*raw, 2) : round_to(*raw, 2);
    out.set("position", number(position));
    out.set("state", position == (inverted ? 100 : 0) ? "CLOSE" : "OPEN");
}

/// The standard's attribute counts as zigbee2mqtt publishes, not as the standard says.
void report_lift(const Message& msg, Publisher& out) {
    const auto raw = msg[covering::lift].number();
    const bool inverted = inverts(msg.device());
    if (raw && *raw <= 100) {
        const double position = inverted ? 100 - *raw : *raw;
        out.set("position", number(position));
        out.set("state", (position > 0) == inverted ? "CLOSE" : "OPEN");
    }
    if (const auto tilt = msg[covering::tilt].number(); tilt && *tilt <= 100)
        out.set("tilt", number(inverted ? 100 - *tilt : *tilt));
}

void report_motor(const Message& msg, Publisher& out) {
    if (const auto text = msg[settings].text(); text && text->size() > 5)
        out.set("options", Value(Object{{"reverse_direction", (*text)[2] == 1},
                                        {"hand_open", (*text)[5] == 0}}));
    const auto state = msg[motor].integer();
    if (!state || *state < 0 || *state > 2)
        return;
    const bool opens = (*state == 1) != inverts(msg.device());
    out.set("motor_state", *state == 0 ? "stopped" : opens ? "opening" : "closing");
    out.set("running", *state != 0);
}

/// What it reports just when it stops is sometimes wrong: it is asked.
void ask_when_stopped(const Message& msg, Publisher&) {
    if (msg[motor].integer() == 0)
        msg.device().send(read(1, analog_output, {present_value}));
}

void set_position(const Set& set) {
    constexpr std::uint8_t stop = 0x02;
    const auto text = set.value().text();
    if (set.key() == "state" && text && detail::lowered(*text) == "stop")
        return set.send(command(set.endpoint(), cluster::window_covering, stop));
    constexpr detail::Named words[] = {{"open", 100}, {"close", 0}, {"on", 100}, {"off", 0}};
    double wanted = text ? static_cast<double>(detail::looked_up(detail::lowered(*text), words))
                         : detail::plain_number(set.value(), set.key());
    if (inverts(set.device()))
        wanted = 100 - wanted;
    set.send(write(set.endpoint(), analog_output, {{present_value, wanted, Type::single_float}}),
             {{"position", number(wanted)}});
}
void get_position(const Set& set) {
    set.send(read(set.endpoint(), analog_output, {present_value}));
}

/// {"reverse_direction", "hand_open", "reset_limits"}: one text with all of them, sent twice because
/// hand_open is taken only from the second form.
void set_settings(const Set& set) {
    detail::need_object(set.value(), set.key());
    const auto flag = [&set](std::initializer_list<const char*> names, bool otherwise) {
        for (const auto* name : names)
            if (const auto value = set.value()[name]; !value.is_null())
                return value.boolean().value_or(detail::as_number(value) != 0);
        return otherwise;
    };
    const bool reverse = flag({"reverse_direction"}, false);
    const bool by_hand = flag({"auto_close", "hand_open"}, true);
    const bool reset = flag({"reset_move", "reset_limits"}, false);
    std::string text{0x00, static_cast<char>(reset ? 0x01 : 0x02),
                     0x00, static_cast<char>(reverse),
                     0x04, static_cast<char>(!by_hand),
                     0x12};
    std::vector<Request> requests;
    for (const bool second : {false, true}) {
        if (second)
            text[1] = 0x08;
        requests.push_back(write(set.endpoint(), cluster::basic,
                                 {{settings, text, Type::char_string}}, lumi::manufacturer));
    }
    set.send_all(
        std::move(requests),
        {{"options", Value(Object{{"reverse_direction", reverse}, {"hand_open", by_hand}})}});
}
void get_settings(const Set& set) {
    set.send(read(set.endpoint(), cluster::basic, {settings}, lumi::manufacturer));
}

}  // namespace

Definition zncldj11lm() {
    return {
        .zigbee_models = {"lumi.curtain"},
        .model = "ZNCLDJ11LM",
        .vendor = "Aqara",
        .description = "Curtain controller",
        .extend = {{.exposes = {cover_expose(true, false, Access::all),
                                {.type = ExposeType::binary,
                                 .name = "running",
                                 .access = Access::state,
                                 .description = "Whether the motor is moving or not",
                                 .value_on = true,
                                 .value_off = false},
                                {.type = ExposeType::enumeration,
                                 .name = "motor_state",
                                 .access = Access::state,
                                 .description = "Motor state",
                                 .values = {"stopped", "opening", "closing"}}},
                    .from_device =
                        {{cluster::basic, Kind::state, any_endpoint, report_motor, "motor"},
                         {analog_output, Kind::state, any_endpoint, report_position, "position"},
                         {cluster::window_covering, Kind::state, any_endpoint, report_lift, "lift"},
                         {cluster::basic, Kind::report, any_endpoint, ask_when_stopped, "stopped"}},
                    .to_device = {{{"state", "position"}, set_position, get_position},
                                  {{"options"}, set_settings, get_settings}},
                    .options = {invert_cover_option()}},
                   lumi::telemetry({.on_battery = false}),
                   lumi::ota()},
        .expose_order = ExposeOrder::as_written,
    };
}
