#pragma once

#include <waggle/converters/numbers.hpp>

/// `weekly_schedule` [ZCL8 6.3.2.3.2]:
///
///     set        {"dayofweek": ["monday", …] or [{"day": "monday"}, …],
///                 "transitions": [{"heatSetpoint"?, "coolSetpoint"?,
///                                  "transitionTime": "18:30", {"hour", "minute"} or minutes}, …]}
///     published  {"days": […], "transitions": [{"time", "heating_setpoint"?,
///     "cooling_setpoint"?}]}
#pragma GCC visibility push(hidden)
namespace waggle {
namespace detail {

inline constexpr Named week_days[] = {{"sunday", 0},    {"monday", 1},          {"tuesday", 2},
                                      {"wednesday", 3}, {"thursday", 4},        {"friday", 5},
                                      {"saturday", 6},  {"away_or_vacation", 7}};

inline void report_schedule(const Message& msg, Publisher& out) {
    const auto bits = msg.parameter("dayofweek").integer().value_or(0);
    Array days, transitions;
    for (const auto& day : week_days)
        if (bits & std::int64_t{1} << day.value)
            days.emplace_back(day.name);
    const auto list = msg.parameter("transitions");
    for (std::uint32_t i = 0; i < list.size(); ++i) {
        const auto item = list.at(i);  // time, heat, cool; what the mode lacks is null
        Object entry{{"time", number(item.at(0).number().value_or(0))}};
        if (const auto heat = item.at(1).number())
            entry.push_back({"heating_setpoint", number(*heat / 100)});
        if (const auto cool = item.at(2).number())
            entry.push_back({"cooling_setpoint", number(*cool / 100)});
        transitions.emplace_back(Value(std::move(entry)));
    }
    out.set_of_endpoint("weekly_schedule",
                        Value(Object{{"days", Value(std::move(days))},
                                     {"transitions", Value(std::move(transitions))}}));
}

/// Minutes after midnight.
inline double schedule_time(const ValueView& value) {
    if (const auto text = value.text()) {
        const auto colon = text->find(':');
        const double hour = leading_number(text->substr(0, colon));
        const double minute =
            colon == text->npos ? std::nan("") : leading_number(text->substr(colon + 1));
        if (std::isnan(hour) || std::isnan(minute))
            throw Refused("weekly_schedule: expected 24h time notation (e.g. 19:30) but got '" +
                          std::string(*text) + "'!");
        return hour * 60 + minute;
    }
    if (!value.is_object())
        return plain_number(value, "transitionTime");
    if (value["hour"].is_null() || value["minute"].is_null())
        throw Refused(
            "weekly_schedule: expected 24h time object (e.g. {\"hour\": 19, \"minute\": "
            "30})");
    return parsed_number(value["hour"], "hour") * 60 + parsed_number(value["minute"], "minute");
}

inline std::uint8_t schedule_days(const ValueView& value) {
    std::uint8_t bits = 0;
    const auto add = [&bits](const ValueView& item) {
        const auto name = item.is_object() ? item["day"].text() : item.text();
        if (!name)
            throw Refused("weekly_schedule: expected dayofweek to be string or {\"day\": \"str\"}");
        for (const auto& day : week_days)
            if (day.name == lowered(*name))
                bits = static_cast<std::uint8_t>(bits | 1u << day.value);
    };
    if (value.text())
        add(value);
    for (std::uint32_t i = 0; i < value.size(); ++i)
        add(value.at(i));
    return bits;
}

inline void set_schedule(const Set& set) {
    constexpr std::uint8_t set_weekly_schedule = 0x01;
    need_object(set.value(), set.key());
    const auto transitions = set.value()["transitions"];
    if (transitions.raw().kind != WG_ARRAY)
        throw Refused("weekly_schedule: transitions is not an array!");
    const auto first_of = [](const ValueView& item, std::initializer_list<const char*> names) {
        for (const auto* name : names)
            if (!item[name].is_null())
                return item[name];
        return ValueView();
    };
    Bytes times;
    const auto word = [&times](double value) {
        const auto bits = static_cast<std::uint16_t>(static_cast<std::int64_t>(value));
        times.push_back(static_cast<std::uint8_t>(bits));
        times.push_back(static_cast<std::uint8_t>(bits >> 8));
    };
    std::uint8_t mode = 0;
    for (std::uint32_t i = 0; i < transitions.size(); ++i) {
        const auto item = transitions.at(i);
        word(schedule_time(first_of(item, {"transitionTime", "transition_time", "time"})));
        const auto heat = first_of(item, {"heatSetpoint", "heat_setpoint"});
        const auto cool = first_of(item, {"coolSetpoint", "cool_setpoint"});
        mode =
            static_cast<std::uint8_t>(mode | (heat.is_null() ? 0 : 1) | (cool.is_null() ? 0 : 2));
        for (const auto& point : {heat, cool})
            if (!point.is_null())
                word(rounded(number_from(point, "setpoint") * 100));
    }
    auto request = command(set.endpoint(), cluster::thermostat, set_weekly_schedule);
    request.payload = {static_cast<std::uint8_t>(transitions.size()),
                       schedule_days(set.value()["dayofweek"]), mode};
    request.payload.insert(request.payload.end(), times.begin(), times.end());
    set.send(request);
}

inline void get_schedule(const Set& set) {
    constexpr std::uint8_t get_weekly_schedule = 0x02;
    set.send(command(set.endpoint(), cluster::thermostat, get_weekly_schedule,
                     {{"daystoreturn", 0xFF}, {"modetoreturn", 3}}));
}

inline Expose schedule_expose(bool heats, bool cools) {
    const auto numeric = [](const char* name, const char* label, const char* description) {
        return Expose{.type = ExposeType::numeric,
                      .name = name,
                      .access = Access::set,
                      .description = description,
                      .label = label};
    };
    const Expose day{
        .type = ExposeType::composite,
        .name = "day",
        .access = Access::set,
        .property = "dayofweek",
        .features = {{.type = ExposeType::enumeration,
                      .name = "day",
                      .access = Access::set,
                      .values = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
                                 "sunday", "away_or_vacation"}}}};
    Expose transition{
        .type = ExposeType::composite,
        .name = "transition",
        .access = Access::set,
        .features = {{.type = ExposeType::composite,
                      .name = "time",
                      .access = Access::set,
                      .description = "Trigger transition X minutes after 00:00.",
                      .property = "transitionTime",
                      .features = {numeric("hour", "", ""), numeric("minute", "", "")}}}};
    if (heats)
        transition.features.push_back(
            numeric("heatSetpoint", "Heat setpoint", "Target heat setpoint"));
    if (cools)
        transition.features.push_back(
            numeric("coolSetpoint", "Cool setpoint", "Target cool setpoint"));
    return {.type = ExposeType::composite,
            .name = "schedule",
            .access = Access::all,
            .property = "weekly_schedule",
            .features = {{.type = ExposeType::list,
                          .name = "dayofweek",
                          .access = Access::set,
                          .description = "Days on which the schedule will be active.",
                          .label = "Day of week",
                          .length_min = 1,
                          .length_max = 8,
                          .features = {day}},
                         {.type = ExposeType::list,
                          .name = "transitions",
                          .access = Access::set,
                          .length_min = 1,
                          .length_max = 10,
                          .features = {transition}}}};
}

}  // namespace detail
}  // namespace waggle
#pragma GCC visibility pop
