#pragma once

#include <waggle/converters/numbers.hpp>

/// Door locks [ZCL8 7.3]: locking, PIN codes and users, what was done at the lock itself.
#pragma GCC visibility push(hidden)
namespace waggle {

struct Lock {
    unsigned pin_codes = 50;      ///< how many users can have one
    bool read_new_codes = false;  ///< a code that was changed at the lock is read
    EndpointNames endpoints = {};
};

namespace detail {

namespace lock {
inline constexpr std::uint16_t state = 0x0000, door = 0x0003, relock = 0x0023, volume = 0x0024;
inline constexpr std::uint8_t set_pin = 0x05, get_pin = 0x06, clear_pin = 0x07,
                              set_user_status = 0x09, get_user_status = 0x0A,
                              operation_event = 0x20, programming_event = 0x21;
inline constexpr Named volumes[] = {{"silent_mode", 0}, {"low_volume", 1}, {"high_volume", 2}};
inline constexpr Named user_statuses[] = {{"available", 0}, {"enabled", 1}, {"disabled", 3}};
inline constexpr Named user_types[] = {{"unrestricted", 0},
                                       {"year_day_schedule", 1},
                                       {"week_day_schedule", 2},
                                       {"master", 3},
                                       {"non_access", 4}};
inline constexpr Named sources[] = {
    {"keypad", 0}, {"rf", 1}, {"manual", 2}, {"rfid", 3}, {"fingerprint", 4}};
inline constexpr Named operations[] = {{"unknown", 0},
                                       {"lock", 1},
                                       {"unlock", 2},
                                       {"lock_failure_invalid_pin_or_id", 3},
                                       {"lock_failure_invalid_schedule", 4},
                                       {"unlock_failure_invalid_pin_or_id", 5},
                                       {"unlock_failure_invalid_schedule", 6},
                                       {"one_touch_lock", 7},
                                       {"key_lock", 8},
                                       {"key_unlock", 9},
                                       {"auto_lock", 10},
                                       {"schedule_lock", 11},
                                       {"schedule_unlock", 12},
                                       {"manual_lock", 13},
                                       {"manual_unlock", 14},
                                       {"non_access_user_operational_event", 15}};
inline constexpr Named programmings[] = {{"unknown", 0},          {"master_code_changed", 1},
                                         {"pin_code_added", 2},   {"pin_code_deleted", 3},
                                         {"pin_code_changed", 4}, {"rfid_code_added", 5},
                                         {"rfid_code_deleted", 6}};
inline constexpr Named door_states[] = {{"open", 0},
                                        {"closed", 1},
                                        {"error_jammed", 2},
                                        {"error_forced_open", 3},
                                        {"error_unspecified", 4},
                                        {"undefined", 255}};
inline constexpr Named lock_states[] = {{"not_fully_locked", 0}, {"locked", 1}, {"unlocked", 2}};
}  // namespace lock

inline void report_lock(const Message& msg, Publisher& out) {
    const auto publish = [&](const char* property, std::uint16_t id, const auto& names) {
        if (const auto raw = msg[id].integer())
            if (const auto name = name_of(*raw, names); !name.empty())
                out.set_of_endpoint(property, name);
    };
    if (const auto raw = msg[lock::state].integer())
        out.set_of_endpoint("state", *raw == 1 ? "LOCK" : "UNLOCK");
    publish("lock_state", lock::state, lock::lock_states);
    if (const auto raw = msg[lock::relock].number())
        out.set_of_endpoint("auto_relock_time", number(*raw));
    publish("sound_volume", lock::volume, lock::volumes);
    publish("door_state", lock::door, lock::door_states);
}

inline constexpr double nobody = 0xFFFF;  ///< as user: by hand, or from elsewhere

/// @param code, source  names of the parameters
template <class Names>
void report_lock_event(const Message& msg, Publisher& out, const char* code, const char* source,
                       const Names& actions) {
    const auto event = msg.parameter(code).integer().value_or(-1);
    if (const auto name = name_of(event, actions); !name.empty())
        out.set("action", name);
    if (const auto user = msg.parameter("userid").number())
        out.set("action_user", *user == nobody ? Value() : number(*user));
    const auto from = msg.parameter(source).integer();
    if (!from)
        return;
    out.set("action_source", Value(*from));
    if (const auto name = name_of(*from, lock::sources); !name.empty())
        out.set("action_source_name", name);
}

inline void report_user(const Message& msg, Publisher& out) {
    const auto user = msg.parameter("userid").integer();
    const auto status = msg.parameter("userstatus").integer();
    if (!user || !status)
        return;
    const auto known = name_of(*status, lock::user_statuses);
    Object info{{"status",
                 known.empty() ? "not_supported_" + std::to_string(*status) : std::string(known)}};
    const auto code = msg.parameter("pincodevalue").bytes();
    if (msg.command() == lock::get_pin && msg.device().option("expose_pin", false))
        info.push_back({"pin_code", std::string(code.begin(), code.end())});
    out.set("users", Value(Object{{std::to_string(*user), Value(std::move(info))}}));
}

inline Request lock_command(const Set& set, std::uint8_t id, std::vector<Property> parameters) {
    return command(set.endpoint(), cluster::door_lock, id, std::move(parameters));
}

/// "LOCK", or {"state": "UNLOCK", "code": "1234"}.
inline void set_lock(const Set& set) {
    enum : std::uint8_t { lock_door = 0x00, unlock_door = 0x01, toggle_door = 0x02 };
    const auto value = set.value();
    const auto text = value.is_object() ? value["state"].text() : value.text();
    const auto wanted = text ? lowered(*text) : std::string("null");
    if (wanted != "lock" && wanted != "unlock" && wanted != "toggle")
        throw Refused("'" + wanted + "' not allowed, choose between: LOCK,UNLOCK,TOGGLE");
    const auto code = value["code"].text().value_or("");
    set.send(lock_command(set,
                          wanted == "lock"     ? lock_door
                          : wanted == "unlock" ? unlock_door
                                               : toggle_door,
                          {{"pincodevalue", Bytes(code.begin(), code.end())}}));
}

/// The user of a command's object, checked against what the lock can hold.
inline std::int64_t user_of(const Set& set, const ValueView& object, unsigned users) {
    need_object(object, set.key());
    const auto user = object["user"].integer();
    if (!user)
        throw Refused("user must be numbers");
    if (*user < 0 || *user >= users)
        throw Refused("user must be in range for device");
    return *user;
}

inline void set_pin_code(const Set& set, unsigned users) {
    const auto value = set.value();
    const auto user = user_of(set, value, users);
    const auto code = value["pin_code"];
    if (code.is_null())
        return set.send(lock_command(set, lock::clear_pin, {{"userid", user}}));
    const auto digits = code.to_string();
    const auto type = value["user_type"].text().value_or("unrestricted");
    const auto enabled = value["user_enabled"];
    set.send(lock_command(
        set, lock::set_pin,
        {{"userid", user},
         {"userstatus", enabled.is_null() || enabled.boolean() == true ? 1 : 3},
         {"usertype", looked_up(type.empty() ? "unrestricted" : type, lock::user_types)},
         {"pincodevalue", Bytes(digits.begin(), digits.end())}}));
}

inline void set_user_status(const Set& set, unsigned users) {
    const auto user = user_of(set, set.value(), users);
    const auto wanted = set.value()["status"].text().value_or("");
    for (const auto& status : lock::user_statuses)
        if (status.name == wanted)
            return set.send(lock_command(set, lock::set_user_status,
                                         {{"userid", user}, {"userstatus", status.value}}));
    throw Refused("Unsupported status: '" + std::string(wanted) +
                  "', should be one of: available,enabled,disabled");
}

/// One user, or all of them one after the other.
inline void get_user(const Set& set, std::uint8_t id, unsigned users) {
    const auto object = set.message()[set.key()];
    if (object.is_object() && !object["user"].is_null())
        return set.send(lock_command(set, id, {{"userid", user_of(set, object, users)}}));
    std::vector<Request> requests;
    for (unsigned user = 0; user < users; ++user)
        requests.push_back(lock_command(set, id, {{"userid", user}}));
    set.ask_all(std::move(requests));
}

inline std::vector<Expose> lock_exposes() {
    const Expose lock_expose{.type = ExposeType::lock,
                             .features = {{.type = ExposeType::binary,
                                           .name = "state",
                                           .access = Access::all,
                                           .description = "State of the lock",
                                           .value_on = "LOCK",
                                           .value_off = "UNLOCK"},
                                          {.type = ExposeType::enumeration,
                                           .name = "lock_state",
                                           .access = Access::state,
                                           .description = "Actual state of the lock",
                                           .values = {"not_fully_locked", "locked", "unlocked"}}}};
    const Expose pin_code{
        .type = ExposeType::composite,
        .name = "pin_code",
        .access = Access::all,
        .features = {{.type = ExposeType::numeric,
                      .name = "user",
                      .access = Access::set,
                      .description = "User ID to set or clear the pincode for"},
                     {.type = ExposeType::enumeration,
                      .name = "user_type",
                      .access = Access::set,
                      .description = "Type of user, unrestricted: owner (default), "
                                     "(year|week)_day_schedule: user has "
                                     "ability to open lock based on specific time period, "
                                     "master: user has ability to "
                                     "both program and operate the door lock, non_access: user "
                                     "is recognized by the "
                                     "lock but does not have the ability to open the lock",
                      .values = {"unrestricted", "year_day_schedule", "week_day_schedule", "master",
                                 "non_access"}},
                     {.type = ExposeType::binary,
                      .name = "user_enabled",
                      .access = Access::set,
                      .description = "Whether the user is enabled/disabled",
                      .value_on = true,
                      .value_off = false},
                     {.type = ExposeType::numeric,
                      .name = "pin_code",
                      .access = Access::set,
                      .description = "Pincode to set, set pincode to null to clear",
                      .label = "PIN code"}}};
    std::vector<Value> actions;
    for (const auto& operation : lock::operations)
        actions.emplace_back(operation.name);
    for (const auto& programming : lock::programmings)
        if (programming.value != 0)
            actions.emplace_back(programming.name);
    return {lock_expose,
            pin_code,
            {.type = ExposeType::enumeration,
             .name = "action",
             .access = Access::state,
             .description = "Triggered action on the lock",
             .values = std::move(actions)},
            {.type = ExposeType::enumeration,
             .name = "action_source_name",
             .access = Access::state,
             .description = "Source of the triggered action on the lock",
             .values = {"keypad", "rfid", "manual", "rf"}},
            {.type = ExposeType::numeric,
             .name = "action_user",
             .access = Access::state,
             .description = "ID of user that triggered the action on the lock"},
            {.type = ExposeType::numeric,
             .name = "auto_relock_time",
             .access = Access::all,
             .description = "The number of seconds to wait after unlocking a lock before it "
                            "automatically locks again. 0=disabled",
             .unit = "s",
             .min = 0,
             .max = 3600},
            {.type = ExposeType::enumeration,
             .name = "sound_volume",
             .access = Access::all,
             .description = "Sound volume of the lock",
             .values = {"silent_mode", "low_volume", "high_volume"}}};
}

inline ToDevice lock_attribute(const char* key, std::uint16_t id,
                               std::function<Value(const Set&)> raw) {
    return {{key},
            [id, raw](const Set& set) {
                set.send(write(set.endpoint(), cluster::door_lock, {{id, raw(set)}}),
                         {{std::string(set.key()), set.value().copy()}});
            },
            [id](const Set& set) { set.send(read(set.endpoint(), cluster::door_lock, {id})); }};
}

inline std::vector<ToDevice> lock_setters(const Lock& what) {
    const auto users = what.pin_codes;
    const auto get_state = [](const Set& set) {
        set.send(read(set.endpoint(), cluster::door_lock, {lock::state}));
    };
    const auto relock_time = [](const Set& set) {
        return whole(plain_number(set.value(), set.key()));
    };
    const auto volume = [](const Set& set) -> Value {
        const auto name = plain_text(set.value(), set.key());
        for (const auto& known : lock::volumes)
            if (known.name == name)
                return known.value;
        throw Refused("'" + name +
                      "' not allowed, choose between: silent_mode,low_volume,high_volume");
    };
    return {{{"state"}, set_lock, get_state, what.endpoints},
            {{"pin_code"},
             [users](const Set& set) { set_pin_code(set, users); },
             [users](const Set& set) { get_user(set, lock::get_pin, users); }},
            {{"user_status"},
             [users](const Set& set) { set_user_status(set, users); },
             [users](const Set& set) { get_user(set, lock::get_user_status, users); }},
            lock_attribute("auto_relock_time", lock::relock, relock_time),
            lock_attribute("sound_volume", lock::volume, volume)};
}

inline void read_changed_code(const Message& msg) {
    const auto user = msg.parameter("userid").integer();
    constexpr std::int64_t over_the_air = 1;
    if (user && msg.parameter("programeventsrc").integer() != over_the_air)
        msg.device().send(
            command(msg.endpoint(), cluster::door_lock, lock::get_pin, {{"userid", *user}}));
}

}  // namespace detail

/// `state` LOCK and UNLOCK, `lock_state`, `pin_code`, `user_status`, `users`,
/// `auto_relock_time`, `sound_volume` and actions.
inline Extension lock(Lock what = {}) {
    const auto operation = [](const Message& msg, Publisher& out) {
        detail::report_lock_event(msg, out, "opereventcode", "opereventsrc",
                                  detail::lock::operations);
    };
    const auto programming = [reads = what.read_new_codes](const Message& msg, Publisher& out) {
        detail::report_lock_event(msg, out, "programeventcode", "programeventsrc",
                                  detail::lock::programmings);
        if (reads)
            detail::read_changed_code(msg);
    };
    const auto row = [](std::uint8_t id, std::function<void(const Message&, Publisher&)> convert) {
        return FromDevice{.cluster = cluster::door_lock,
                          .kinds = Kind::command_response,
                          .convert = std::move(convert),
                          .name = "lock",
                          .command = id};
    };
    Extension result{
        .from_device = {{cluster::door_lock, Kind::state, any_endpoint, detail::report_lock,
                         "lock"},
                        row(detail::lock::operation_event, operation),
                        row(detail::lock::programming_event, programming),
                        row(detail::lock::get_pin, detail::report_user),
                        row(detail::lock::get_user_status, detail::report_user)},
        .to_device = detail::lock_setters(what),
        .options = {flag_option("expose_pin",
                                "Expose pin of this lock in the published payload (default false).",
                                "Expose PIN")},
    };
    for (const auto& expose : detail::lock_exposes())
        for (auto& one : of_endpoints(expose, what.endpoints))
            result.exposes.push_back(std::move(one));
    detail::set_up(result, cluster::door_lock,
                   {{detail::lock::state, ReportingInterval{0, 3600, 0}}}, true, {});
    return result;
}

}  // namespace waggle
#pragma GCC visibility pop
