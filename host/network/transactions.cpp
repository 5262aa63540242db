#include "network/transactions.hpp"

#include <algorithm>

namespace waggle::network {

struct Transactions::State {
    struct Entry {
        std::uint64_t id;
        Expected expected;
        OneShot<ZclReply> reply;
    };
    std::vector<Entry> entries;
    std::uint64_t last_id = 0;
};

namespace {

bool is_response(const Expected& expected, const zcl::Header& header) noexcept {
    if (header.type == zcl::FrameType::global &&
        header.command == static_cast<std::uint8_t>(zcl::Global::default_response))
        return true;
    return header.type == expected.type && expected.response == header.command;
}

bool matches(const Expected& expected, Ieee device, EndpointId endpoint, ClusterId cluster,
             const zcl::Header& header) noexcept {
    return expected.sequence == header.sequence && expected.device == device &&
           expected.endpoint == endpoint && expected.cluster == cluster &&
           is_response(expected, header);
}

Result<ZclReply> outcome_of(const Expected& expected, const zcl::Frame& frame) {
    const auto* refused = std::get_if<zcl::DefaultResponse>(&frame.payload);
    if (refused && !expected.any_status && refused->status != zcl::Status::success)
        return make_error_code(refused->status);
    return make_reply(frame);
}

}  // namespace

std::optional<std::uint8_t> response_to(const zcl::Frame& frame) noexcept {
    if (frame.header.type == zcl::FrameType::cluster)
        return frame.command_definition ? frame.command_definition->response : std::nullopt;
    using enum zcl::Global;
    switch (static_cast<zcl::Global>(frame.header.command)) {
        case read:
        case read_structured: return static_cast<std::uint8_t>(read_response);
        case write:
        case write_undivided: return static_cast<std::uint8_t>(write_response);
        case configure_reporting: return static_cast<std::uint8_t>(configure_reporting_response);
        case read_reporting: return static_cast<std::uint8_t>(read_reporting_response);
        case discover: return static_cast<std::uint8_t>(discover_response);
        case write_structured: return static_cast<std::uint8_t>(write_structured_response);
        case discover_commands: return static_cast<std::uint8_t>(discover_commands_response);
        case discover_commands_gen:
            return static_cast<std::uint8_t>(discover_commands_gen_response);
        case discover_extended: return static_cast<std::uint8_t>(discover_extended_response);
        default: return std::nullopt;
    }
}

ZclReply make_reply(const zcl::Frame& frame) {
    ZclReply reply{Bytes(frame.raw.begin(), frame.raw.end()), frame};
    reply.frame.raw = reply.bytes;
    return reply;
}

Transactions::Transactions(boost::asio::any_io_executor executor)
    : executor_(std::move(executor)), state_(std::make_shared<State>()) {
}

std::uint8_t Transactions::next_sequence(Ieee device) {
    const auto taken = [&](std::uint8_t number) {
        return std::any_of(state_->entries.begin(), state_->entries.end(), [&](const auto& entry) {
            return entry.expected.device == device && entry.expected.sequence == number;
        });
    };
    for (int tried = 0; tried < 0x100; ++tried)
        if (!taken(++last_))
            return last_;
    return ++last_;
}

Transactions::Waiter Transactions::expect(const Expected& expected) {
    OneShot<ZclReply> reply(executor_);
    const auto id = ++state_->last_id;
    state_->entries.push_back({id, expected, reply});
    return {state_, id, std::move(reply)};
}

Transactions::Waiter::~Waiter() {
    if (state_)
        std::erase_if(state_->entries, [&](const auto& entry) { return entry.id == id_; });
}

void Transactions::received(Ieee device, EndpointId endpoint, const zcl::Frame& frame) {
    for (const auto& entry : state_->entries)
        if (matches(entry.expected, device, endpoint, frame.cluster, frame.header))
            entry.reply.fulfil(outcome_of(entry.expected, frame));
}

void Transactions::unreadable(Ieee device, EndpointId endpoint, ClusterId cluster, ByteView raw,
                              boost::system::error_code why) {
    if (state_->entries.empty())
        return;
    ByteReader in(raw);
    const auto header = zcl::read_header(in);
    if (!header)
        return;
    for (const auto& entry : state_->entries)
        if (matches(entry.expected, device, endpoint, cluster, *header))
            entry.reply.fulfil(why);
}

void Transactions::fail(Ieee device, Errc why) {
    for (const auto& entry : state_->entries)
        if (entry.expected.device == device)
            entry.reply.fulfil(why);
}

void Transactions::fail_all(Errc why) {
    for (const auto& entry : state_->entries)
        entry.reply.fulfil(why);
}

}  // namespace waggle::network
