#pragma once

#include <waggle/color.hpp>
#include <waggle/converters/on_off.hpp>

/// Brightness: set with the state in one command, moved, stepped, configured [ZCL8 3.10].
#pragma GCC visibility push(hidden)
namespace waggle {

namespace level {
inline constexpr std::uint16_t current = 0x0000, options = 0x000F, on_off_transition = 0x0010,
                               on_level = 0x0011, on_transition = 0x0012, off_transition = 0x0013,
                               start_up = 0x4000;
inline constexpr std::uint8_t move_to = 0x00, move = 0x01, step = 0x02, stop = 0x03,
                              move_to_with_on_off = 0x04, move_with_on_off = 0x05,
                              step_with_on_off = 0x06;
}  // namespace level

namespace detail {

/// What the next "on" has to know, for each endpoint (a group has its own).
struct LevelMemory {
    Store store;
    std::string brightness, faded;

    LevelMemory(const Device& device, std::uint8_t endpoint)
        : store(device.store()),
          brightness("brightness/" + std::to_string(endpoint)),
          faded("faded/" + std::to_string(endpoint)) {}
};

/// One command out of state, brightness and transition. Switching off with a transition is a move to
/// level 0, which overwrites the level the light would come back to: so it is remembered, and
/// "on" then goes there.
class LightCommand {
  public:
    static void start(const Set& set) {
        const auto command = std::make_shared<LightCommand>(set);
        command->choose(set);
    }
    explicit LightCommand(const Set& set)
        : device_(set.device()),
          endpoint_(set.endpoint()),
          is_group_(set.is_group()),
          answer_(set.answer()),
          memory_(set.device(), set.endpoint()),
          transition_(transition_of(set, "brightness")),
          known_state_(set.state("state").text().value_or("")),
          known_brightness_(set.state("brightness").number()),
          turns_off_at_1_(set.trait("turnsOffAtBrightness1")),
          explicit_on_off_(set.trait("moveToLevelWithOnOffDisable")) {
        add_options(options_, set);
    }

  private:
    void choose(const Set& set) {
        read_wanted(set);
        if (state_ && !keeps_state_ && (*state_ == "on" || *state_ == "off" || *state_ == "toggle"))
            switching_ = switching(set, *state_);
        publish_brightness_ = brightness_.has_value();
        target_ = !state_                ? std::string()
                  : *state_ != "toggle"  ? *state_
                  : known_state_ == "ON" ? "off"
                                         : "on";
        if (target_ == "off")
            return turn_off(set);
        if (target_ == "on" && !brightness_ &&
            (transition_.specified || memory_.store.get(memory_.faded, false)))
            return restore(set);
        finish();
    }

    /// `state` null: the brightness changes and the state stays.
    void read_wanted(const Set& set) {
        const auto message = set.message();
        const bool named = message.contains("state");
        if (const auto text = message["state"].text())
            state_ = lowered(*text);
        keeps_state_ = named && !state_;
        if (!message["brightness"].is_null())
            brightness_ = as_number(message["brightness"]);
        else if (!message["brightness_percent"].is_null())
            brightness_ = color::mapped(as_number(message["brightness_percent"]), 0, 100, 0, 255);
        if (brightness_ == 255)
            brightness_ = 254;
        if (brightness_ && !(*brightness_ >= 0 && *brightness_ <= 254))
            throw Refused(
                "Brightness value of message invalid, must be a number >= 0 and =< 254, got " +
                message["brightness"].to_string());
        if (state_ && *state_ != "on" && *state_ != "off" && *state_ != "toggle")
            throw Refused("State value of message invalid, must be 'ON', 'OFF' or 'TOGGLE', got '" +
                          *state_ + "'");
        if (!state_ && !brightness_)
            throw Refused("At least one of \"brightness\" or \"state\" must have a value");
        if (!named)
            state_ = explicit_on_off_ ? lowered(known_state_) : *brightness_ == 0 ? "off" : "on";
    }

    void turn_off(const Set& set) {
        if (transition_.specified || brightness_ == 0)
            brightness_ = 0;
        else
            brightness_.reset();
        if (brightness_ && known_state_ == "OFF" && set.any_trait("noOffTransitionWhenOff"))
            brightness_.reset();
        if (known_brightness_ && known_state_ == "ON") {
            memory_.store.set(memory_.brightness, number(*known_brightness_));
            memory_.store.set(memory_.faded, brightness_.has_value());
        }
        finish();
    }

    /// On with a transition, or after one to off: to the level the device is told to come up at,
    /// else to the one it had.
    void restore(const Set& set) {
        publish_brightness_ = true;
        const auto configured = set.state("level_config")["on_level"];
        if (const auto number = configured.number(); number && *number != 0)
            return restore_to(*number);
        const bool is_known = !configured.is_null() && configured.number() != 0;
        auto store = device_.persistent_store();
        if (is_known || is_group_ || store.get("no_on_level", false))
            return restore_to(255);
        const auto self = std::make_shared<LightCommand>(*this);
        const auto sent = device_.send(
            read(endpoint_, cluster::level, {level::on_level}), [self](const Reply& reply) {
                const auto value = reply[level::on_level].number();
                if (value.value_or(0) == 0)
                    self->device_.persistent_store().set("no_on_level", true);
                self->restore_to(value && *value != 0 ? *value : 255);
            });
        if (sent != WG_OK)
            restore_to(255);
    }
    void restore_to(double level) {
        if (level == 255)
            level = memory_.store.get(memory_.brightness, known_brightness_.value_or(254));
        brightness_ = level;
        finish();
    }

    void finish() {
        if (!brightness_)
            return switch_only();
        if (*brightness_ == 0 && (target_ == "on" || keeps_state_))
            brightness_ = 1;
        if (*brightness_ == 1 && turns_off_at_1_)
            brightness_ = 2;
        if (target_ != "off") {
            memory_.store.set(memory_.brightness, number(*brightness_));
            memory_.store.set(memory_.faded, Value());
        }
        std::vector<Property> state;
        if (publish_brightness_)
            state.push_back({"brightness", number(*brightness_)});
        if (!keeps_state_ && !explicit_on_off_)
            state.push_back({"state", *brightness_ == 0 ? "OFF" : "ON"});
        if (explicit_on_off_)
            return send_explicit(std::move(state));
        send({to_level(keeps_state_ ? level::move_to : level::move_to_with_on_off)},
             std::move(state));
    }

    void switch_only() {
        auto [request, state] = *switching_;
        const bool is_on = std::any_of(state.begin(), state.end(), [](const Property& property) {
            return property.name == "state" && property.value == Value("ON");
        });
        if (is_on && known_brightness_ == 0)
            state.push_back({"brightness", 1});
        send({std::move(request)}, std::move(state));
    }

    /// Lights whose combined command is broken: level and on/off apart.
    void send_explicit(std::vector<Property> state) {
        std::vector<Request> requests;
        const bool changes = !known_state_.empty() && lowered(known_state_) != target_;
        if (!changes || target_ == "on")
            requests.push_back(to_level(level::move_to));
        if (changes && switching_)
            requests.push_back(switching_->request);
        send(std::move(requests), std::move(state));
    }

    Request to_level(std::uint8_t id) const {
        std::vector<Property> parameters{{"level", whole(*brightness_)},
                                         {"transtime", whole(transition_.time)}};
        parameters.insert(parameters.end(), options_.begin(), options_.end());
        return command(endpoint_, cluster::level, id, std::move(parameters));
    }

    void send(std::vector<Request> requests, std::vector<Property> state) const {
        send_rest(device_, std::make_shared<const std::vector<Request>>(std::move(requests)), 0,
                  answer_, std::move(state));
    }

    Device device_;
    std::uint8_t endpoint_;
    bool is_group_;
    Answer answer_;
    LevelMemory memory_;
    Transition transition_;
    std::string known_state_;
    std::optional<double> known_brightness_;
    bool turns_off_at_1_, explicit_on_off_;
    std::vector<Property> options_;
    std::optional<std::string> state_;
    bool keeps_state_ = false, publish_brightness_ = false;
    std::optional<double> brightness_;
    std::string target_;
    std::optional<Prepared> switching_;
};

inline void get_light(const Set& set) {
    if (set.key() == "brightness")
        return set.send(read(set.endpoint(), cluster::level, {level::current}));
    if (set.key() == "state")
        return get_on_off(set);
    set.done();
}

/// What a step did to the published brightness.
inline std::vector<Property> stepped(double brightness, double by, bool on_off,
                                     const std::string& state, bool turns_off_at_1) {
    double result = on_off || state == "ON" ? brightness + by : brightness;
    result = std::max(on_off || state == "OFF" ? 0.0 : 1.0, std::min(254.0, result));
    if (turns_off_at_1 && on_off && by < 0 && result == 1)
        result = 0;
    else if (turns_off_at_1 && on_off && by > 0 && brightness == 0)
        ++result;
    return {{"brightness", number(result)}, {"state", result == 0 ? "OFF" : "ON"}};
}

inline void step_brightness(const Set& set) {
    const double by = number_from(set.value(), set.key());
    const bool on_off = set.key().ends_with("_onoff");
    std::vector<Property> parameters{{"stepmode", by > 0 ? 0 : 1},
                                     {"stepsize", whole(std::fabs(by))},
                                     {"transtime", whole(transition_of(set, set.key()).time)}};
    add_options(parameters, set);
    const auto request = command(set.endpoint(), cluster::level,
                                 on_off ? level::step_with_on_off : level::step, parameters);
    const auto known = set.state("brightness").number();
    if (!known)
        return set.send(request);
    const std::string state(set.state("state").text().value_or(""));
    set.send(request, stepped(*known, by, on_off, state, set.trait("turnsOffAtBrightness1")));
}

/// Where a moving light came to rest nobody can know: it is asked.
inline void read_brightness_later(const Answer& answer, const Place& place) {
    place.device.after(500, [answer, place] {
        place.device.send(
            read(place.endpoint, cluster::on_off, {attr::on_off}),
            [answer, place](const Reply& on) {
                if (!on.ok())
                    return answer.fail(on.message(), on.status());
                const bool is_on = on[attr::on_off].integer() == 1;
                place.device.send(
                    read(place.endpoint, cluster::level, {level::current}),
                    [answer, is_on](const Reply& reply) {
                        if (!reply.ok())
                            return answer.fail(reply.message(), reply.status());
                        answer.done(std::vector<Property>{
                            {"brightness", number(reply[level::current].number().value_or(0))},
                            {"state", is_on ? "ON" : "OFF"}});
                    });
            });
    });
}

inline void move_brightness(const Set& set) {
    const bool stops = set.value().text() == "stop" || set.value().number() == 0.0;
    std::vector<Property> parameters;
    if (!stops) {
        const double rate = number_from(set.value(), set.key());
        parameters = {{"movemode", rate > 0 ? 0 : 1}, {"rate", whole(std::fabs(rate))}};
        add_options(parameters, set);
        const bool on_off = set.key().ends_with("onoff");
        return set.send(command(set.endpoint(), cluster::level,
                                on_off ? level::move_with_on_off : level::move, parameters));
    }
    add_options(parameters, set);
    const auto answer = set.answer();
    const auto place = set.source();
    const auto stopped = [answer, place](const Reply& reply) {
        if (!reply.ok() || !place)
            return reply.ok() ? answer.done() : answer.fail(reply.message(), reply.status());
        read_brightness_later(answer, *place);
    };
    const auto request = command(set.endpoint(), cluster::level, level::stop, parameters);
    if (const auto status = set.device().send(request, stopped); status != WG_OK)
        throw Refused(send_failure(status));
}

}  // namespace detail
}  // namespace waggle
#pragma GCC visibility pop
