// genIdentify [ZCL8 3.5]: identify, query, trigger effect.
#include "behaviours.hpp"

namespace waggle::sim {

namespace {

constexpr AttributeKey identify_time(std::uint8_t endpoint) {
    return AttributeKey{endpoint, 0x0003, 0, 0x0000};
}

class Identify final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return 0x0003; }
    std::vector<std::uint8_t> received() const override { return {0x00, 0x01, 0x40}; }
    std::vector<std::uint8_t> generated() const override { return {0x00}; }
    Outcome run(Device& device, const Command& command) const override {
        Reader in(command.payload);
        switch (command.id) {
            case 0x00: {
                const std::uint16_t seconds = in.u16();
                if (in.failed())
                    return Outcome::failed(zcl::Status::malformed_command);
                device.set(identify_time(command.endpoint), Writer().u16(seconds).view(),
                           Change::silent);
                return {};
            }
            case 0x01: {
                const Attribute* time = device.find(identify_time(command.endpoint));
                if (!time || (time->value[0] == 0 && time->value[1] == 0))
                    return {};  // silent unless identifying
                return Outcome::reply(0x00, time->value);
            }
            case 0x40: return {};
            default: return Outcome::failed(zcl::Status::unsupported_command);
        }
    }
};

}  // namespace

const Behaviour& identify_behaviour() {
    static const Identify behaviour;
    return behaviour;
}

}  // namespace waggle::sim
