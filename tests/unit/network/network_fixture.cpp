#include "network_fixture.hpp"

#include <algorithm>

namespace waggle::test {
namespace {

/// By cluster and what follows the sequence number, in hexadecimal.
std::string key_of(const ApsRequest& request) {
    return to_hex(Bytes{static_cast<std::uint8_t>(request.cluster >> 8),
                        static_cast<std::uint8_t>(request.cluster)}) +
           " " + to_hex(ByteView(request.payload).subspan(2));
}

}  // namespace

void Recorder::add(const std::string& what, Ieee ieee) {
    lines.push_back(what + " " + ieee.to_string());
}

void Recorder::device_joined(Device& device) {
    add("joined", device.ieee);
}

void Recorder::device_interview(Device& device, network::InterviewStep step) {
    static const char* const steps[] = {"started", "successful", "failed"};
    add(std::string("interview ") + steps[static_cast<int>(step)], device.ieee);
}

void Recorder::device_announced(Device& device) {
    add("announced", device.ieee);
}

void Recorder::device_address_changed(Device& device) {
    add("moved", device.ieee);
}

void Recorder::device_left(Ieee ieee, NwkAddress) {
    add("left", ieee);
}

void Recorder::message(const ZclMessage& message) {
    ++messages;
    last_raw.assign(message.raw.begin(), message.raw.end());
    last_sender = message.device.ieee;
    last_endpoint = message.endpoint.id;
    last_decoded = message.frame != nullptr;
}

void Recorder::device_changed(Device& device) {
    add("changed", device.ieee);
}

void Recorder::groups_changed() {
    lines.emplace_back("groups");
}

void Recorder::permit_join_changed(bool open) {
    lines.emplace_back(open ? "open" : "closed");
}

void Recorder::link_lost(std::string_view) {
    lines.emplace_back("lost");
}

void Recorder::link_restored() {
    lines.emplace_back("restored");
}

bool Recorder::has(const std::string& line) const {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
}

NetworkFixture::NetworkFixture() {
    open();
}

NetworkFixture::~NetworkFixture() {
    if (network)
        loop.run(network->stop());
}

void NetworkFixture::open() {
    NetworkOptions options;
    options.database_path = (folder / "database.db").string();
    options.backup_path = backup_path;
    options.passlist = passlist;
    options.blocklist = blocklist;
    options.parameters.channel = 11;
    options.coordinator = [this](CoordinatorOptions, Coordinator::Listener& listener,
                                 std::string&) { return make_radio(listener); };
    network = std::make_unique<Network>(loop.executor(), std::move(options), CoordinatorOptions{});
    network->listen(events);
}

Awaitable<Result<std::unique_ptr<Coordinator>>> NetworkFixture::make_radio(
    Coordinator::Listener& listener) {
    auto made = std::make_unique<FakeCoordinator>(loop.executor(), listener);
    radio = made.get();
    radio->on_start = on_start;
    radio->on_backup = on_backup;
    script();
    std::unique_ptr<Coordinator> result = std::move(made);
    co_return result;
}

Result<StartResult> NetworkFixture::start() {
    std::string problem;
    auto result = loop.run(network->start(problem));
    if (radio)
        radio->log.clear();
    events.lines.clear();
    return result;
}

void NetworkFixture::restart() {
    loop.run(network->stop());
    open();
    BOOST_REQUIRE(start());
}

void NetworkFixture::pair() {
    BOOST_REQUIRE(start());
    radio->join(switch_address, switch_ieee);
    loop.until([this] { return events.has("interview successful 0x00158d0001020304"); });
    radio->log.clear();
    radio->sent.clear();
    events.lines.clear();
    events.messages = events.seen = 0;
}

NetworkFixture::Outcome& NetworkFixture::ask(ZclRequest request) {
    auto& outcome = outcomes.emplace_back();
    loop.start(network->request(std::move(request)), outcome);
    loop.settle();
    return outcome;
}

Device& NetworkFixture::device() {
    auto* found = network->find(switch_ieee);
    BOOST_REQUIRE(found);
    return *found;
}

void NetworkFixture::script() {
    radio->on_zdo = [this](NwkAddress to, zdo::Cluster cluster, const Bytes& payload) {
        return answer_zdo(to, cluster, payload);
    };
    radio->on_send = [this](const ApsRequest& request) { return answer_send(request); };
}

Result<Bytes> NetworkFixture::answer_zdo(NwkAddress to, zdo::Cluster cluster,
                                         const Bytes& payload) {
    if (auto& left = zdo_failures[cluster]; left > 0) {
        --left;
        return Errc::timed_out;
    }
    const auto found = zdo_answers.find(FakeCoordinator::describe(to, cluster, payload));
    if (found == zdo_answers.end())
        return Errc::timed_out;
    return hex(found->second);
}

Result<void> NetworkFixture::answer_send(const ApsRequest& request) {
    if (request.mode != ApsRequest::Mode::unicast || request.destination_address == 0)
        return {};
    if (const auto it = send_failures.find(key_of(request));
        it != send_failures.end() && it->second > 0) {
        --it->second;
        return send_failure;
    }
    const auto reply = reply_to(request);
    if (!reply.empty())
        radio->say(request.destination_address, request.destination_endpoint, request.cluster,
                   hex(reply));
    return {};
}

std::string NetworkFixture::reply_to(const ApsRequest& request) {
    const auto sequence = to_hex(ByteView(request.payload).subspan(1, 1));
    const auto found = answers.find(key_of(request));
    if (found == answers.end())
        return {};
    auto text = found->second;
    return text.replace(text.find("SS"), 2, sequence);
}

// Bytes by [Zigbee R22 2.4.4] and from a QBKG04LM.
std::map<std::string, std::string> NetworkFixture::switch_zdo_answers() {
    return {
        {"zdo 0x0000 0x0005 0000", "00 0000 02 01 F2"},
        {"zdo 0x0000 0x0004 000001", "00 0000 08 01 0401 0500 00 00 00"},
        {"zdo 0x0000 0x0004 0000f2", "00 0000 08 F2 E0A1 0500 00 00 00"},
        {"zdo 0x7f2d 0x0002 2d7f", "00 2D7F 01 40 8E 3710 7F 6400 002C 6400 00"},
        {"zdo 0x7f2d 0x0005 2d7f", "00 2D7F 03 04 01 02"},
        {"zdo 0x7f2d 0x0004 2d7f01",
         "00 2D7F 1A 01 0401 0600 01 06 0000 0100 0200 0300 0A00 1900 03 0000 0A00 1900"},
        {"zdo 0x7f2d 0x0004 2d7f02", "00 2D7F 10 02 0401 0001 01 04 0400 0500 0600 1000 00"},
        {"zdo 0x7f2d 0x0004 2d7f04", "00 2D7F 0C 04 0401 0000 01 02 0600 1200 00"},
    };
}

// Read responses of genBasic [ZCL8 2.5.2]; SS stands for the request's sequence number.
std::map<std::string, std::string> NetworkFixture::switch_answers() {
    return {
        {"0000 000500", "18 SS 01 0500 00 42 12 6c756d692e6374726c5f6e65757472616c31"},
        {"0000 000400", "18 SS 01 0400 00 42 04 4c554d49"},
        {"0000 000700", "18 SS 01 0700 00 30 81"},
        {"0000 000000", "18 SS 01 0000 00 20 01"},
        {"0000 000100", "18 SS 01 0100 00 20 1f"},
        {"0000 000200", "18 SS 01 0200 00 20 02"},
        {"0000 000300", "18 SS 01 0300 00 20 12"},
        {"0000 000600", "18 SS 01 0600 00 42 0a 30342d32352d32303138"},
        {"0000 000040", "18 SS 01 0040 86"},
    };
}

}  // namespace waggle::test
