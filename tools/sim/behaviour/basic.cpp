// genBasic [ZCL8 3.2]: reset to factory defaults.
#include "behaviours.hpp"

namespace waggle::sim {

namespace {

class Basic final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return 0x0000; }
    std::vector<std::uint8_t> received() const override { return {0x00}; }
    Outcome run(Device& device, const Command& command) const override {
        if (command.id != 0x00)
            return Outcome::failed(zcl::Status::unsupported_command);
        for (const auto& [key, attribute] : device.attributes())
            if (attribute.description->writable)
                device.set(key, attribute.description->value, Change::reported);
        return {};
    }
};

}  // namespace

const Behaviour& basic_behaviour() {
    static const Basic behaviour;
    return behaviour;
}

}  // namespace waggle::sim
