#include "coordinator_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace waggle::test {

void RecordingListener::message(const ApsIndication& indication) {
    const auto view = indication.payload;
    messages.push_back({indication, Bytes(view.begin(), view.end())});
}

void RecordingListener::device_joined(NwkAddress address, Ieee ieee) {
    joined.emplace_back(address, ieee);
}

void RecordingListener::device_left(NwkAddress address, std::optional<Ieee> ieee) {
    left.emplace_back(address, ieee);
}

void RecordingListener::zdo_message(NwkAddress source, std::uint16_t cluster, ByteView payload) {
    zdo.push_back({source, cluster, to_hex(payload)});
}

void RecordingListener::link_lost(std::string_view reason) {
    lost.emplace_back(reason);
}

CoordinatorFixture::CoordinatorFixture() : ncp(loop.executor()) {
    wanted.pan_id = 0x1A62;
    wanted.extended_pan_id = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88};
    wanted.network_key = key;
    wanted.channel = 11;
    options.port = "script";
}

CoordinatorFixture::~CoordinatorFixture() {
    if (coordinator)
        loop.run(coordinator->stop());
}

znp::ZnpCoordinator& CoordinatorFixture::make() {
    auto link = [this](std::string&) {
        return Result<std::unique_ptr<Transport>>(ncp.link->transport());
    };
    coordinator = std::make_unique<znp::ZnpCoordinator>(loop.executor(), options, listener, link);
    return *coordinator;
}

Result<StartResult> CoordinatorFixture::start() {
    if (!coordinator)
        make();
    return loop.run(coordinator->start(wanted, backup, problem));
}

void CoordinatorFixture::bring_up() {
    ncp.form(wanted.pan_id, extended_pan_id, wanted.channel, key);
    const auto result = start();
    BOOST_REQUIRE_MESSAGE(result, problem);
    ncp.asked.clear();
}

store::CoordinatorBackup CoordinatorFixture::matching_backup() const {
    store::CoordinatorBackup made;
    made.znp_version = 1;
    made.coordinator_ieee = 0x00124B00AABBCCDD;
    made.pan_id = wanted.pan_id;
    made.extended_pan_id = extended_pan_id;
    made.channel = wanted.channel;
    made.channel_mask = {wanted.channel};
    made.network_key = key;
    made.frame_counter = 1000;
    return made;
}

ApsRequest CoordinatorFixture::unicast(NwkAddress address, std::size_t size) const {
    Bytes payload(size, 0x42);
    return ApsRequest(ApsRequest::Mode::unicast, address, 1, 2, 0x0104, 0x0006, std::move(payload));
}

}  // namespace waggle::test
