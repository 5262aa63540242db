#include "sending_rig.hpp"

#include <utility>

namespace waggle::test {

Bytes confirm(std::uint8_t status, std::uint8_t transaction) {
    return mt_frame(0x4480, Bytes{status, 1, transaction});
}

SendingRig::SendingRig() {
    bring_up();
    confirm_with(0);
}

void SendingRig::confirm_with(std::initializer_list<int> statuses) {
    outcomes.assign(statuses);
    ncp.on(mt::data_request, [this](const Bytes& data) {
        const auto status = static_cast<std::uint8_t>(outcomes.front());
        if (outcomes.size() > 1)
            outcomes.erase(outcomes.begin());
        return std::vector<Bytes>{mt_frame(0x6401, Bytes(1, 0)), confirm(status, data.at(6))};
    });
    ncp.on(mt::data_request_ext, [](const Bytes& data) {
        return std::vector<Bytes>{mt_frame(0x6402, Bytes(1, 0)), confirm(0, data.at(15))};
    });
}

void SendingRig::never_confirm() {
    ncp.on(mt::data_request,
           [](const Bytes&) { return std::vector<Bytes>{mt_frame(0x6401, Bytes(1, 0))}; });
}

void SendingRig::replace() {
    loop.run(coordinator->stop());
    coordinator.reset();
}

Result<void> SendingRig::send(ApsRequest request) {
    return loop.run(coordinator->send(std::move(request)));
}

Result<void> SendingRig::send_to(NwkAddress address, bool recover) {
    auto request = unicast(address);
    request.ieee = Ieee(0x00158D0001020304);
    request.allow_recovery = recover;
    return send(std::move(request));
}

ApsRequest SendingRig::groupcast() const {
    return ApsRequest(ApsRequest::Mode::group, 5, 1, 255, 0x0104, 6, hex("01 02 03"));
}

}  // namespace waggle::test
