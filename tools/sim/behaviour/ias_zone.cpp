// ssIasZone [ZCL8 8.2]: asks to be enrolled when the host has written where to, takes the answer
// whenever it comes, and once enrolled tells every change of its status.
#include "behaviours.hpp"
#include "values.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0500;
constexpr std::uint16_t zone_state = 0x0000, zone_type = 0x0001, zone_status = 0x0002,
                        cie_address = 0x0010, zone_id = 0x0011;
constexpr std::uint8_t status_changed = 0x00, enroll_request = 0x01;
constexpr unsigned test_bit = 1U << 8;

void tell_status(const Values& zone) {
    if (zone.integer(zone_state) != 1)
        return;
    Writer out;
    out.u16(zone.integer(zone_status)).u8(0).u8(zone.integer(zone_id, 0xFF)).u16(0);
    notify(zone, status_changed, out.take(), Notify::coordinator);
}

void ask_enrolment(const Values& zone) {
    if (zone.integer(zone_state) == 1)
        return;
    Writer out;
    out.u16(zone.integer(zone_type)).u16(zone.device().description().manufacturer);
    notify(zone, enroll_request, out.take(), Notify::coordinator);
}

/// Code 0 is success; others say that it is not wanted.
Outcome enrolled(const Values& zone, Reader& in) {
    const std::uint8_t code = in.u8();
    const std::uint8_t id = in.u8();
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    zone.set(zone_state, code == 0 ? 1 : 0);
    zone.set(zone_id, code == 0 ? id : 0xFF);
    return {};
}

class IasZone final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return cluster_id; }
    std::vector<std::uint8_t> received() const override { return {0x00, 0x01, 0x02}; }
    std::vector<std::uint8_t> generated() const override { return {0x00, 0x01}; }

    void start(Device& device, std::uint8_t endpoint) const override {
        const Values zone(device, endpoint, cluster_id);
        zone.watch(zone_status, [zone] { tell_status(zone); });
        zone.watch(cie_address, [zone] { ask_enrolment(zone); });
    }

    Outcome run(Device& device, const Command& command) const override {
        const Values zone(device, command.endpoint, cluster_id);
        Reader in(command.payload);
        const auto status = static_cast<unsigned>(zone.integer(zone_status));
        switch (command.id) {
            case 0x00: return enrolled(zone, in);
            case 0x01: zone.set(zone_status, status & ~test_bit); return {};
            case 0x02: zone.set(zone_status, status | test_bit); return {};
            default: return Outcome::failed(zcl::Status::unsupported_command);
        }
    }
};

}  // namespace

const Behaviour& ias_zone_behaviour() {
    static const IasZone behaviour;
    return behaviour;
}

}  // namespace waggle::sim
