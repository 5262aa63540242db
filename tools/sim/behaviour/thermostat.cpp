// hvacThermostat [ZCL8 6.3]: raises and lowers its set-points, keeps a weekly schedule, and regulates
// a room: heated while the relay is on, it cools towards the world outside. Settings: `outside_c`,
// `heat_c_per_hour`, `cool_c_per_hour`, `loss_per_hour` (part of the difference), `speed`.
#include <algorithm>
#include <cmath>

#include "behaviours.hpp"
#include "values.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0201;
enum : std::uint16_t {
    local_temperature = 0x0000,
    occupancy = 0x0002,
    cooling_demand = 0x0007,
    heating_demand = 0x0008,
    calibration = 0x0010,
    cooling_setpoint = 0x0011,
    heating_setpoint = 0x0012,
    unoccupied_cooling = 0x0013,
    unoccupied_heating = 0x0014,
    min_heating = 0x0015,
    max_heating = 0x0016,
    min_cooling = 0x0017,
    max_cooling = 0x0018,
    system_mode = 0x001C,
    running_mode = 0x001E,
    running_state = 0x0029,
};
enum : int { mode_off = 0, mode_auto = 1, mode_cool = 3, mode_heat = 4, mode_emergency = 5 };
enum : int { state_heat = 1, state_cool = 2 };

constexpr double hysteresis = 20;  // hundredths of a degree to either side

/// The room and the thermostat in it; temperatures are hundredths of a degree.
class Room {
  public:
    explicit Room(const Values& values) : values_(values) {}

    /// A second of the clock, more where the device is described as fast.
    void pass() {
        const double hours = setting_of("speed", 1) / 3600;
        find_out_temperature();
        const int state = regulate();
        const double heat = state & state_heat   ? setting_of("heat_c_per_hour", 3)
                            : state & state_cool ? -setting_of("cool_c_per_hour", 3)
                                                 : 0;
        const double loss =
            (room_ / 100 - setting_of("outside_c", 15)) * setting_of("loss_per_hour", 0.1);
        room_ += (heat - loss) * hours * 100;
        shown_ = std::round(room_ + offset());
        values_.set(local_temperature, shown_);
    }

    /// Which relay is on by now; two-point, so it stays as it is near the set-point.
    int regulate() {
        const int mode = values_.integer(system_mode, mode_heat);
        const double now = values_.number(local_temperature);
        const bool heats = mode == mode_heat || mode == mode_auto || mode == mode_emergency;
        const bool cools = mode == mode_cool || mode == mode_auto;
        const int before = values_.integer(running_state);
        const double cold = heats && values_.has(heating_setpoint) ? heating() - now : -1e6;
        const double warm = cools && values_.has(cooling_setpoint) ? now - cooling() : -1e6;
        int state = 0;
        if (is_wanted(cold, before & state_heat))
            state = state_heat;
        else if (is_wanted(warm, before & state_cool))
            state = state_cool;
        values_.set(heating_demand, state == state_heat ? demand(cold) : 0);
        values_.set(cooling_demand, state == state_cool ? demand(warm) : 0);
        values_.set(running_state, state);
        values_.set(running_mode, state == state_heat   ? mode_heat
                                  : state == state_cool ? mode_cool
                                                        : mode_off);
        return state;
    }

  private:
    double setting_of(const char* name, double fallback) const {
        return setting(values_.device(), values_.endpoint(), name, fallback);
    }
    double offset() const { return values_.number(calibration) * 10; }
    bool is_occupied() const { return values_.integer(occupancy, 1) != 0; }
    double heating() const {
        return values_.number(is_occupied() || !values_.has(unoccupied_heating)
                                  ? heating_setpoint
                                  : unoccupied_heating);
    }
    double cooling() const {
        return values_.number(is_occupied() || !values_.has(unoccupied_cooling)
                                  ? cooling_setpoint
                                  : unoccupied_cooling);
    }
    static bool is_wanted(double lacks, int was_on) {
        return was_on ? lacks > -hysteresis : lacks >= hysteresis;
    }
    /// Percent; all of it from two degrees on.
    static double demand(double lacks) { return std::clamp(20 + lacks * 0.4, 10.0, 100.0); }

    /// Somebody may have changed it: a gesture, or the memory file.
    void find_out_temperature() {
        if (values_.number(local_temperature) != shown_)
            room_ = values_.number(local_temperature) - offset();
    }

    Values values_;
    double room_ = 0;
    double shown_ = -1e6;
};

double limited(const Values& values, double setpoint, std::uint16_t least, std::uint16_t most) {
    return std::clamp(setpoint, values.number(least, 700), values.number(most, 3200));
}

/// Mode 0 heating, 1 cooling, 2 both; the amount in tenths of a degree.
Outcome raise_or_lower(const Values& values, const Command& command) {
    Reader in(command.payload);
    const std::uint8_t mode = in.u8();
    const double amount = static_cast<std::int8_t>(in.u8()) * 10.0;
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    if (mode > 2)
        return Outcome::failed(zcl::Status::invalid_field);
    if (mode != 1)
        values.set(heating_setpoint, limited(values, values.number(heating_setpoint) + amount,
                                             min_heating, max_heating));
    if (mode != 0)
        values.set(cooling_setpoint, limited(values, values.number(cooling_setpoint) + amount,
                                             min_cooling, max_cooling));
    return {};
}

// The weekly schedule: for every day number of transitions, mode, and the transitions themselves.

constexpr int days = 8;  // the eighth is "away"

std::string day_name(const Values& values, int day) {
    return "schedule/" + std::to_string(values.endpoint()) + "/" + std::to_string(day);
}

Outcome set_schedule(const Values& values, const Command& command) {
    Reader in(command.payload);
    const std::uint8_t count = in.u8();
    const unsigned wanted_days = in.u8();
    const std::uint8_t mode = in.u8();
    const std::size_t size = 2U + (mode & 1 ? 2U : 0U) + (mode & 2 ? 2U : 0U);
    const View transitions = in.take(count * size);
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    if (count > 10 || mode == 0 || mode > 3)
        return Outcome::failed(zcl::Status::invalid_field);
    for (int day = 0; day < days; ++day)
        if (wanted_days >> day & 1)
            values.device().memory()[day_name(values, day)] =
                Writer().u8(count).u8(mode).bytes(transitions).take();
    values.device().air().state_changed();
    return {};
}

/// One answer, for the first of the days asked for and those that are like it.
Outcome get_schedule(const Values& values, const Command& command) {
    Reader in(command.payload);
    const unsigned wanted_days = in.u8();
    const std::uint8_t wanted_mode = in.u8();
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    const auto& memory = values.device().memory();
    const Bytes* first = nullptr;
    unsigned alike = 0;
    for (int day = 0; day < days; ++day) {
        const auto found = memory.find(day_name(values, day));
        if (!(wanted_days >> day & 1) || found == memory.end())
            continue;
        if (!first)
            first = &found->second;
        if (found->second == *first)
            alike |= 1U << day;
    }
    Writer out;
    if (first && first->size() >= 2)
        out.u8((*first)[0]).u8(alike).u8((*first)[1]).bytes(View(*first).subspan(2));
    else
        out.u8(0).u8(wanted_days).u8(wanted_mode);
    return Outcome::reply(0x00, out.take());
}

Outcome clear_schedule(const Values& values) {
    for (int day = 0; day < days; ++day)
        values.device().memory().erase(day_name(values, day));
    values.device().air().state_changed();
    return {};
}

/// Time of day, relays, temperature, humidity, set-point, what has not been read.
Outcome relay_log(const Values& values) {
    Writer out;
    out.u16(0).u8(values.integer(running_state)).u16(values.integer(local_temperature));
    out.u8(0xFF).u16(values.integer(heating_setpoint)).u16(0);
    return Outcome::reply(0x01, out.take());
}

class Thermostat final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override { return {0, 1, 2, 3, 4}; }
    std::vector<std::uint8_t> generated() const override { return {0, 1}; }

    void start(Device& device, std::uint8_t endpoint) const override {
        const Values values(device, endpoint, cluster_id);
        const auto room = std::make_shared<Room>(values);
        for (const std::uint16_t id : {heating_setpoint, cooling_setpoint, system_mode, occupancy})
            values.watch(id, [room] { room->regulate(); });
        const auto pass = [room, values](double) {
            if (values.device().is_powered())
                room->pass();
            return true;
        };
        device.motions().start(values.motion(), pass, Milliseconds(1000));
    }

    Outcome run(Device& device, const Command& command) const override {
        const Values values(device, command.endpoint, cluster_id);
        switch (command.id) {
            case 0x00: return raise_or_lower(values, command);
            case 0x01: return set_schedule(values, command);
            case 0x02: return get_schedule(values, command);
            case 0x03: return clear_schedule(values);
            case 0x04: return relay_log(values);
            default: return Outcome::failed(zcl::Status::unsupported_command);
        }
    }
};

}  // namespace

const Behaviour& thermostat_behaviour() {
    static const Thermostat behaviour;
    return behaviour;
}

}  // namespace waggle::sim
