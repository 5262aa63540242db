#pragma once

#include <waggle/converters/level.hpp>

/// `level_config`: how a light comes up, and how fast [ZCL8 3.10.2.2].
#pragma GCC visibility push(hidden)
namespace waggle {
namespace detail {

inline Value seconds_or_disabled(double tenths) {
    return tenths == 65535 ? Value("disabled") : number(tenths / 10);
}

inline void level_config_report(const Message& msg, Publisher& out) {
    Object config;
    if (const auto value = msg[level::on_off_transition].number())
        config.push_back({"on_off_transition_time", number(*value / 10)});
    if (const auto value = msg[level::on_transition].number())
        config.push_back({"on_transition_time", seconds_or_disabled(*value)});
    if (const auto value = msg[level::off_transition].number())
        config.push_back({"off_transition_time", seconds_or_disabled(*value)});
    if (const auto value = msg[level::start_up].number())
        config.push_back({"current_level_startup", *value == 255 ? Value("previous")
                                                   : *value == 0 ? Value("minimum")
                                                                 : number(*value)});
    if (const auto value = msg[level::on_level].number())
        config.push_back({"on_level", *value == 255 ? Value("previous") : number(*value)});
    if (const auto value = msg[level::options].integer())
        config.push_back({"execute_if_off", (*value & 1) != 0});
    if (!config.empty())
        out.set_of_endpoint("level_config", Value(std::move(config)));
}

/// Members of level_config as writes, in the order in which they are sent, and as state.
class LevelConfig {
  public:
    explicit LevelConfig(const Set& set) : set_(set) {
        need_object(set.value(), set.key());
        on_off_transition();
        transition("on_transition_time", level::on_transition);
        transition("off_transition_time", level::off_transition);
        start_up();
        on_level();
        if (const auto flag = member("execute_if_off"); !flag.is_null()) {
            const bool execute = flag.boolean().value_or(as_number(flag) != 0);
            add(level::options, execute ? 1 : 0, "execute_if_off", execute);
        }
    }
    void send() {
        std::vector<Property> state;
        if (!state_.empty())
            state.push_back({"level_config", Value(std::move(state_))});
        set_.send_all(std::move(requests_), std::move(state));
    }

  private:
    ValueView member(const char* name) const { return set_.value()[name]; }
    bool is(const ValueView& value, std::string_view word) const {
        const auto text = value.text();
        return text && lowered(*text) == word;
    }
    void add(std::uint16_t attribute, double raw, const char* name, Value published) {
        requests_.push_back(write(set_.endpoint(), cluster::level, {{attribute, whole(raw)}}));
        state_.push_back({name, std::move(published)});
    }
    void on_off_transition() {
        const auto value = member("on_off_transition_time");
        if (value.is_null())
            return;
        const double raw =
            std::clamp(number_from(value, "on_off_transition_time") * 10, 0.0, 65535.0);
        add(level::on_off_transition, raw, "on_off_transition_time", number(raw / 10));
    }
    void transition(const char* name, std::uint16_t attribute) {
        const auto value = member(name);
        if (value.is_null())
            return;
        double raw = 65535;
        if (!is(value, "disabled")) {
            raw = value.text() ? number_from(value, name) : number_from(value, name) * 10;
            raw = raw > 65535 ? 65534 : std::max(raw, 0.0);
        }
        add(attribute, raw, name, seconds_or_disabled(raw));
    }
    void start_up() {
        const auto value = member("current_level_startup");
        if (value.is_null())
            return;
        double raw = is(value, "previous")  ? 255
                     : is(value, "minimum") ? 0
                                            : number_from(value, "current_level_startup");
        raw = raw > 255 ? 254 : raw < 0 ? 1 : raw;
        add(level::start_up, raw, "current_level_startup",
            raw == 255 ? Value("previous")
            : raw == 0 ? Value("minimum")
                       : number(raw));
    }
    void on_level() {
        const auto value = member("on_level");
        if (value.is_null())
            return;
        double raw = is(value, "previous") ? 255 : number_from(value, "on_level");
        raw = raw > 255 ? 254 : std::max(raw, 1.0);
        add(level::on_level, raw, "on_level", raw == 255 ? Value("previous") : number(raw));
    }

    const Set& set_;
    std::vector<Request> requests_;
    Object state_;
};

/// One attribute after the other: all are optional, and some lights refuse a whole read for one.
inline void read_level_config(Device device, std::uint8_t endpoint, Answer answer,
                              std::size_t next) {
    constexpr std::uint16_t attributes[] = {level::on_off_transition, level::on_transition,
                                            level::off_transition,    level::start_up,
                                            level::on_level,          level::options};
    if (next == std::size(attributes))
        return answer.done();
    const auto go_on = [=](const Reply&) { read_level_config(device, endpoint, answer, next + 1); };
    if (const auto status = device.send(read(endpoint, cluster::level, {attributes[next]}), go_on);
        status != WG_OK)
        answer.fail(send_failure(status), status);
}

inline Expose level_config_expose(const std::vector<std::string>& features) {
    const auto numeric = [](const char* name, const char* label, const char* description) {
        return Expose{.type = ExposeType::numeric,
                      .name = name,
                      .access = Access::all,
                      .description = description,
                      .label = label};
    };
    const Preset disabled{"disabled", "disabled", "Use on_off_transition_time value"};
    Expose config{.type = ExposeType::composite,
                  .name = "level_config",
                  .access = Access::all,
                  .description = "Configure genLevelCtrl"};
    const auto add = [&](Expose feature) {
        if (std::find(features.begin(), features.end(), feature.name) != features.end())
            config.features.push_back(std::move(feature));
    };
    add(numeric("on_off_transition_time", "ON/OFF transition time",
                "Seconds taken to move to or from the target level when On or Off commands are "
                "received by an On/Off cluster"));
    auto on =
        numeric("on_transition_time", "ON transition time",
                "Seconds taken to move the current level from the minimum level to the maximum "
                "level when an On command is received");
    on.presets = {disabled};
    add(std::move(on));
    auto off =
        numeric("off_transition_time", "OFF transition time",
                "Seconds taken to move the current level from the maximum level to the minimum "
                "level when an Off command is received");
    off.presets = {disabled};
    add(std::move(off));
    add({.type = ExposeType::binary,
         .name = "execute_if_off",
         .access = Access::all,
         .description = "this setting can affect the \"on_level\", \"current_level_startup\" or "
                        "\"brightness\" setting",
         .value_on = true,
         .value_off = false});
    auto on_level = numeric("on_level", "",
                            "Specifies the level that shall be applied, when an on/toggle command "
                            "causes the light to turn on.");
    on_level.min = 1;
    on_level.max = 254;
    on_level.presets = {{"previous", "previous", "Use previous value"}};
    add(std::move(on_level));
    auto start_up =
        numeric("current_level_startup", "",
                "Defines the desired startup level for a device when it is supplied with "
                "power");
    start_up.min = 1;
    start_up.max = 254;
    start_up.presets = {{"minimum", "minimum", "Use minimum permitted value"},
                        {"previous", "previous", "Use previous value"}};
    add(std::move(start_up));
    return config;
}

}  // namespace detail

/// Setting, reading and publishing of level_config; its expose is a feature of the light's.
inline Extension level_config() {
    return {
        .from_device = {{cluster::level, Kind::state, any_endpoint, detail::level_config_report,
                         "level_config"}},
        .to_device = {{{"level_config"},
                       [](const Set& set) { detail::LevelConfig(set).send(); },
                       [](const Set& set) {
                           detail::read_level_config(set.device(), set.endpoint(), set.answer(), 0);
                       }}},
    };
}

}  // namespace waggle
#pragma GCC visibility pop
