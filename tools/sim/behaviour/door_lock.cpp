// closuresDoorLock [ZCL8 7.3]: lock, unlock, toggle, unlock for a while; PIN codes with status and
// type of their users, which it keeps. Tells bound hosts what was operated and programmed.
#include <algorithm>

#include "behaviours.hpp"
#include "values.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0101;
constexpr std::uint16_t lock_state = 0x0000, pin_users = 0x0012, longest_pin = 0x0017,
                        shortest_pin = 0x0018, auto_relock = 0x0023, pin_over_radio = 0x0033;
enum : int { locked = 1, unlocked = 2 };

constexpr std::uint8_t operation_event = 0x20, programming_event = 0x21;
constexpr std::uint8_t by_radio = 0x01;
enum : std::uint8_t {
    event_locked = 1,
    event_unlocked = 2,
    event_bad_lock = 3,
    event_bad_unlock = 4
};
enum : std::uint8_t { pin_added = 2, pin_deleted = 3, pin_changed = 4 };
/// Answers to SetPINCode [ZCL8 table 7-24].
enum : std::uint8_t { pin_set = 0, general_failure = 1, memory_full = 2, duplicate = 3 };
enum : std::uint8_t { available = 0, enabled = 1, disabled = 3, not_supported = 0xFF };
constexpr std::uint16_t nobody = 0xFFFF;
constexpr std::uint32_t unknown_time = 0xFFFFFFFF;

struct User {
    std::uint8_t status = available;
    std::uint8_t type = not_supported;
    Bytes pin;
};

View octet_string(Reader& in) {
    return in.left() == 0 ? View{} : in.take(in.u8());
}

struct Lock {
    Values values;

    Device& device() const { return values.device(); }
    std::uint16_t capacity() const {
        return static_cast<std::uint16_t>(values.integer(pin_users, 10));
    }

    std::string name_of(std::uint16_t user) const {
        return "lock/" + std::to_string(values.endpoint()) + "/" + std::to_string(user);
    }
    User user(std::uint16_t id) const {
        const auto found = device().memory().find(name_of(id));
        if (found == device().memory().end())
            return {};
        Reader in(found->second);
        User user;
        user.status = in.u8();
        user.type = in.u8();
        user.pin.assign(in.rest().begin(), in.rest().end());
        return user;
    }
    void keep(std::uint16_t id, const User& user) const {
        device().memory()[name_of(id)] =
            Writer().u8(user.status).u8(user.type).bytes(user.pin).take();
        device().air().state_changed();
    }
    bool forget(std::uint16_t id) const {
        const bool was_there = device().memory().erase(name_of(id)) > 0;
        device().air().state_changed();
        return was_there;
    }
    std::uint16_t owner_of(View pin) const {
        for (std::uint16_t id = 0; id < capacity(); ++id)
            if (const User who = user(id);
                who.status != available && !pin.empty() && std::ranges::equal(who.pin, pin))
                return id;
        return nobody;
    }

    /// Source, what, who, code, and for programming its type and status; local time; no data.
    void tell(std::uint8_t event, std::uint8_t code, std::uint16_t who, const User& details) const {
        Writer out;
        out.u8(by_radio).u8(code).u16(who).u8(details.pin.size()).bytes(details.pin);
        if (event == programming_event)
            out.u8(details.type).u8(details.status);
        out.u32(unknown_time).u8(0);
        notify(values, event, out.take(), Notify::bound);
    }

    void turn(int state) const {
        device().motions().stop(values.motion());
        values.set(lock_state, state);
    }
    void relock_after(double seconds) const {
        if (seconds > 0)
            device().motions().go(
                values.motion(), seconds, [](double) {},
                [lock = *this] { lock.values.set(lock_state, locked); });
    }

    /// True when the command may be carried out.
    bool admits(View pin) const {
        const bool needs_pin = values.integer(pin_over_radio) == 1;
        const std::uint16_t who = owner_of(pin);
        if (who != nobody)
            return user(who).status == enabled;
        return !needs_pin && pin.empty();
    }
};

Outcome status_reply(const Command& command, std::uint8_t status) {
    return Outcome::reply(command.id, Bytes{status});
}

Outcome operate(const Lock& lock, const Command& command) {
    Reader in(command.payload);
    const std::uint16_t timeout = command.id == 0x03 ? in.u16() : std::uint16_t{0};
    const View pin = octet_string(in);
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    const bool is_locked = lock.values.integer(lock_state) == locked;
    const bool locks = command.id == 0x00 || (command.id == 0x02 && !is_locked);
    const std::uint16_t who = lock.owner_of(pin);
    if (!lock.admits(pin)) {
        lock.tell(operation_event, locks ? event_bad_lock : event_bad_unlock, who, {});
        return status_reply(command, general_failure);
    }
    lock.turn(locks ? locked : unlocked);
    if (!locks)
        lock.relock_after(timeout > 0 ? timeout : lock.values.number(auto_relock));
    lock.tell(operation_event, locks ? event_locked : event_unlocked, who, {});
    return status_reply(command, 0);
}

Outcome set_pin(const Lock& lock, const Command& command) {
    Reader in(command.payload);
    const std::uint16_t id = in.u16();
    User user;
    user.status = in.u8();
    user.type = in.u8();
    const View pin = octet_string(in);
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    user.pin.assign(pin.begin(), pin.end());
    const auto length = static_cast<int>(pin.size());
    if (id >= lock.capacity())
        return status_reply(command, memory_full);
    if ((user.status != enabled && user.status != disabled) ||
        length < lock.values.integer(shortest_pin, 4) ||
        length > lock.values.integer(longest_pin, 8))
        return status_reply(command, general_failure);
    if (const std::uint16_t owner = lock.owner_of(pin); owner != nobody && owner != id)
        return status_reply(command, duplicate);
    const bool is_new = lock.user(id).status == available;
    lock.keep(id, user);
    lock.tell(programming_event, is_new ? pin_added : pin_changed, id, user);
    return status_reply(command, pin_set);
}

Outcome clear_pin(const Lock& lock, const Command& command, std::uint16_t id) {
    if (id >= lock.capacity())
        return status_reply(command, general_failure);
    if (lock.forget(id))
        lock.tell(programming_event, pin_deleted, id, {});
    return status_reply(command, 0);
}

/// 0xFFFF as user is everybody.
Outcome clear_all(const Lock& lock, const Command& command) {
    for (std::uint16_t id = 0; id < lock.capacity(); ++id)
        lock.forget(id);
    lock.tell(programming_event, pin_deleted, nobody, {});
    return status_reply(command, 0);
}

Outcome get_pin(const Lock& lock, std::uint16_t id) {
    User user = lock.user(id);
    if (id >= lock.capacity())
        user.status = not_supported;
    Writer out;
    out.u16(id).u8(user.status).u8(user.type).u8(user.pin.size()).bytes(user.pin);
    return Outcome::reply(0x06, out.take());
}

/// Status or type of a user there is.
Outcome change_user(const Lock& lock, const Command& command, std::uint16_t id, Reader& in) {
    const std::uint8_t value = in.u8();
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    User user = lock.user(id);
    const bool is_status = command.id == 0x09;
    if (user.status == available || (is_status && value != enabled && value != disabled))
        return status_reply(command, general_failure);
    (is_status ? user.status : user.type) = value;
    lock.keep(id, user);
    return status_reply(command, 0);
}

class DoorLock final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override {
        return {0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x14, 0x15};
    }
    std::vector<std::uint8_t> generated() const override {
        return {0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x14, 0x15, 0x20, 0x21};
    }

    Outcome run(Device& device, const Command& command) const override {
        const Lock lock{Values(device, command.endpoint, cluster_id)};
        if (command.id <= 0x03)
            return operate(lock, command);
        if (command.id == 0x05)
            return set_pin(lock, command);
        if (command.id == 0x08)
            return clear_all(lock, command);
        Reader in(command.payload);
        const std::uint16_t id = in.u16();
        if (in.failed())
            return Outcome::failed(zcl::Status::malformed_command);
        switch (command.id) {
            case 0x06: return get_pin(lock, id);
            case 0x07: return clear_pin(lock, command, id);
            case 0x09:
            case 0x14: return change_user(lock, command, id, in);
            case 0x0A: return user_field(command, id, lock.user(id).status);
            case 0x15: return user_field(command, id, lock.user(id).type);
            default: return Outcome::failed(zcl::Status::unsupported_command);
        }
    }

  private:
    static Outcome user_field(const Command& command, std::uint16_t id, std::uint8_t value) {
        return Outcome::reply(command.id, Writer().u16(id).u8(value).take());
    }
};

}  // namespace

const Behaviour& door_lock_behaviour() {
    static const DoorLock behaviour;
    return behaviour;
}

}  // namespace waggle::sim
