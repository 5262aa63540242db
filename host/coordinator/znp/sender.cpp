#include "coordinator/znp/sender.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "coordinator/znp/endpoints.hpp"
#include "coordinator/znp/recovery.hpp"
#include "coordinator/znp/status.hpp"

namespace waggle::znp {
namespace {

constexpr std::string_view ns = "znp";
constexpr std::size_t max_in_request = 240;      ///< payload of one AF_DATA_REQUEST
constexpr std::size_t max_in_request_ext = 230;  ///< and of one AF_DATA_REQUEST_EXT
constexpr std::size_t store_piece = 240;         ///< of AF_DATA_STORE
constexpr std::uint8_t option_aps_security = 0x40;
constexpr ClusterId zigbee_direct_configuration = 0x003D;
constexpr EndpointId endpoint_all = 0xFF;
constexpr EndpointId endpoint_touchlink = 0xFE;
constexpr std::uint16_t pan_all = 0xFFFF;

std::optional<std::uint16_t> exclusive(NwkAddress destination) {
    if (destination == nwk_coordinator)
        return std::nullopt;
    return destination;
}

Awaitable<Result<std::uint8_t>> refuse(Errc error) {
    co_return error;
}

Bytes store_payload(std::size_t offset, ByteView piece) {
    Bytes out;
    ByteWriter(out)
        .u16(static_cast<std::uint16_t>(offset))
        .u8(static_cast<std::uint8_t>(piece.size()))
        .bytes(piece);
    return out;
}

}  // namespace

/// One APS message as the radio takes it.
struct Sender::Outgoing {
    bool extended = false;  ///< by AF_DATA_REQUEST_EXT
    AddressMode mode = AddressMode::short_address;
    std::uint64_t destination = 0;
    EndpointId destination_endpoint = 0;
    std::uint16_t pan = 0;
    EndpointId source_endpoint = 1;
    ClusterId cluster = 0;
    std::uint8_t radius = default_radius;
    ByteView payload;  ///< in the caller's frame

    static Outgoing from(const ApsRequest& request) {
        Outgoing out;
        out.destination = request.destination_address;
        out.destination_endpoint = request.destination_endpoint;
        out.source_endpoint = request.source_endpoint;
        out.cluster = request.cluster;
        out.radius = request.radius;
        out.payload = request.payload;
        return out;
    }

    Bytes short_form(std::uint8_t transaction) const {
        const bool secured = cluster == zigbee_direct_configuration;
        Bytes bytes;
        ByteWriter(bytes)
            .u16(static_cast<std::uint16_t>(destination))
            .u8(destination_endpoint)
            .u8(source_endpoint)
            .u16(cluster)
            .u8(transaction)
            .u8(secured ? option_aps_security : std::uint8_t{0})
            .u8(radius)
            .u8(static_cast<std::uint8_t>(payload.size()))
            .bytes(payload);
        return bytes;
    }

    Bytes long_form(std::uint8_t transaction, bool with_payload) const {
        Bytes bytes;
        ByteWriter writer(bytes);
        writer.u8(static_cast<std::uint8_t>(mode))
            .u64(destination)
            .u8(destination_endpoint)
            .u16(pan)
            .u8(source_endpoint)
            .u16(cluster)
            .u8(transaction)
            .u8(0)
            .u8(radius)
            .u16(static_cast<std::uint16_t>(payload.size()));
        if (with_payload)
            writer.bytes(payload);
        return bytes;
    }
};

/// A transaction number, 1 to 255, that no other message under way has; 0 when all are taken, which
/// takes hundreds of groupcasts without a confirm.
struct Sender::Transaction {
    explicit Transaction(Sender& owner) : sender(owner) {
        if (sender.transactions_.count() >= 255)
            return;
        do {
            ++sender.last_transaction_;
        } while (sender.last_transaction_ == 0 || sender.transactions_[sender.last_transaction_]);
        number = sender.last_transaction_;
        sender.transactions_.set(number);
    }
    ~Transaction() {
        if (number != 0)
            sender.transactions_.reset(number);
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    Sender& sender;
    std::uint8_t number = 0;
};

Sender::Sender(Driver& driver)
    : driver_(driver),
      window_(driver.executor()),
      turn_(driver.executor()),
      large_(driver.executor()) {
}

void Sender::open(unsigned width, Version version) {
    version_ = version;
    width_ = std::clamp(width, 1u, 64u);  // transaction numbers stay free
    inter_pan_ = false;
    settling_.clear();
    window_.open(width_);
    turn_.open(1);
    large_.open(1);
}

void Sender::close() {
    window_.close();
    turn_.close();
    large_.close();
}

Awaitable<Result<void>> Sender::send(ApsRequest request) {
    if (request.payload.size() > max_payload)
        co_return Errc::too_large;
    if (inter_pan_)
        co_return Errc::unavailable;
    switch (request.mode) {
        case ApsRequest::Mode::unicast: co_return co_await unicast(std::move(request));
        case ApsRequest::Mode::group: co_return co_await group(std::move(request));
        case ApsRequest::Mode::broadcast: co_return co_await broadcast(std::move(request));
    }
    co_return Errc::invalid_value;
}

void Sender::note_outcome(std::uint8_t code) noexcept {
    if (is_out_of_buffers(code))
        window_.out_of_buffers();
    else if (code == status::success)
        window_.delivered();
}

Awaitable<Result<void>> Sender::unicast(ApsRequest request) {
    Window::Permit permit(window_, exclusive(request.destination_address));
    Recovery recovery;
    for (;;) {
        auto entered = co_await permit.enter();
        if (!entered)
            co_return entered;
        const auto out = Outgoing::from(request);
        auto outcome = co_await transmit_and_wait(out, unicast_deadline, permit);
        if (!outcome)
            co_return outcome.error();
        note_outcome(*outcome);
        if (*outcome == status::success)
            co_return Result<void>{};
        log::debug(ns, "Message to 0x{:04x} failed: {} (0x{:02x}), attempt {}",
                   request.destination_address, status_name(*outcome), *outcome,
                   recovery.attempt + 1);
        permit.lend();
        auto again = co_await recover(recovery, *outcome, request);
        if (!again)
            co_return again;
    }
}

Awaitable<Result<void>> Sender::group(ApsRequest request) {
    auto out = Outgoing::from(request);
    out.extended = true;
    out.mode = AddressMode::group;
    out.destination_endpoint = endpoint_all;
    for (int attempt = 0;; ++attempt) {
        Result<std::uint8_t> outcome = status::success;
        {
            Window::Permit turn(turn_, std::nullopt);
            auto place = co_await turn.enter();
            if (place)
                place = co_await take_settling_place();
            if (!place)
                co_return place;
            outcome = co_await transmit_and_wait(out, group_deadline, turn);
        }
        if (!outcome)
            co_return outcome.error();
        note_outcome(*outcome);
        if (*outcome == status::success)
            co_return Result<void>{};
        if (!request.allow_recovery || attempt >= max_attempts || !is_congestion(*outcome))
            co_return status_error(*outcome);
        auto waited = co_await driver_.pause(back_off);
        if (!waited)
            co_return waited;
    }
}

Awaitable<Result<void>> Sender::broadcast(ApsRequest request) {
    auto out = Outgoing::from(request);
    out.extended = true;
    Window::Permit turn(turn_, std::nullopt);
    auto place = co_await turn.enter();
    if (place)
        place = co_await take_settling_place();
    if (!place)
        co_return place;
    const Transaction transaction(*this);
    auto accepted = co_await hand_over(out, transaction.number);
    if (!accepted)
        co_return accepted.error();
    note_outcome(*accepted);
    if (*accepted != status::success)
        co_return status_error(*accepted);
    settle();
    co_return Result<void>{};
}

Awaitable<Result<void>> Sender::take_settling_place() {
    for (;;) {
        const auto now = Clock::now();
        while (!settling_.empty() && settling_.front() <= now)
            settling_.pop_front();
        if (settling_.size() < width_)
            co_return Result<void>{};
        auto waited = co_await driver_.pause(settling_.front() - now);
        if (!waited)
            co_return waited;
    }
}

void Sender::settle() {
    settling_.push_back(Clock::now() + settle_time);
}

/// @return the confirm's status, or the reply's when the radio did not take the message.
Awaitable<Result<std::uint8_t>> Sender::transmit_and_wait(const Outgoing& out,
                                                          Clock::duration limit,
                                                          Window::Permit& permit) {
    const Transaction transaction(*this);
    const auto mine = [number = transaction.number](ByteView data) {
        return data.size() >= 3 && data[2] == number;
    };
    Driver::Expectation confirm(driver_, mt::af_data_confirm, mine);
    auto accepted = co_await hand_over(out, transaction.number);
    // A reply that was damaged on the line: the confirm, if it has come, says more.
    if (!accepted && accepted.error() == Errc::timed_out && confirm.has_arrived())
        accepted = status::success;
    if (!accepted || *accepted != status::success)
        co_return accepted;
    if (out.mode == AddressMode::group) {
        settle();
        permit.lend();  // the next may be handed over
    } else {
        const bool came_at_once = co_await confirm.arrived_within(lend_after);
        if (!came_at_once)
            permit.lend_if_room();
        limit -= lend_after;
    }
    auto outcome = co_await confirm.within(limit);
    if (!outcome)
        co_return outcome.error();
    co_return outcome->front();
}

Awaitable<Result<std::uint8_t>> Sender::ask_status(const Command& command, Bytes payload) {
    auto reply = co_await driver_.call(command, std::move(payload));
    if (!reply)
        co_return reply.error();
    if (reply->empty())
        co_return Errc::truncated;
    co_return reply->front();
}

Awaitable<Result<std::uint8_t>> Sender::hand_over(const Outgoing& out, std::uint8_t transaction) {
    if (transaction == 0)
        return refuse(Errc::busy);
    if (out.payload.size() > (out.extended ? max_in_request_ext : max_in_request))
        return hand_over_in_pieces(out, transaction);
    if (out.extended)
        return ask_status(mt::af_data_request_ext, out.long_form(transaction, true));
    return ask_status(mt::af_data_request, out.short_form(transaction));
}

/// A message too long for one MT frame: announced without payload, stored piece by piece, and sent
/// by an empty piece [MT 3.2.1.3, 3.2.1.10].
Awaitable<Result<std::uint8_t>> Sender::hand_over_in_pieces(const Outgoing& out,
                                                            std::uint8_t transaction) {
    Window::Permit turn(large_, std::nullopt);
    auto mine = co_await turn.enter();
    if (!mine)
        co_return mine.error();
    auto code = co_await ask_status(mt::af_data_request_ext, out.long_form(transaction, false));
    for (std::size_t offset = 0; offset < out.payload.size(); offset += store_piece) {
        if (!code || *code != status::success)
            co_return code;
        const auto left = out.payload.subspan(offset);
        auto piece = store_payload(offset, left.first(std::min(left.size(), store_piece)));
        code = co_await ask_status(mt::af_data_store, std::move(piece));
    }
    if (!code || *code != status::success)
        co_return code;
    auto end = store_payload(0, ByteView());
    co_return co_await ask_status(mt::af_data_store, std::move(end));
}

Awaitable<Result<void>> Sender::send_inter_pan(std::optional<Ieee> to, ClusterId cluster,
                                               Bytes payload) {
    Outgoing out;
    out.extended = true;
    out.mode = to ? AddressMode::ieee : AddressMode::short_address;
    out.destination = to ? to->value() : broadcast_all;
    out.destination_endpoint = endpoint_touchlink;
    out.pan = pan_all;
    out.source_endpoint = endpoint_inter_pan;
    out.cluster = cluster;
    out.payload = payload;
    const Transaction transaction(*this);
    auto accepted = co_await hand_over(out, transaction.number);
    if (!accepted)
        co_return accepted.error();
    if (*accepted != status::success)
        co_return status_error(*accepted);
    co_return Result<void>{};
}

Awaitable<Result<Bytes>> Sender::zdo(NwkAddress destination, zdo::Cluster cluster, Bytes payload,
                                     bool wait) {
    if (inter_pan_)
        co_return Errc::unavailable;
    auto request = to_mt(destination, cluster, payload);
    if (!request)
        co_return request.error();
    Window::Permit permit(window_, exclusive(destination));
    auto entered = co_await permit.enter();
    if (!entered)
        co_return entered.error();
    co_return co_await exchange_zdo(std::move(*request), destination,
                                    cluster == zdo::Cluster::node_desc_req, wait, &permit);
}

Awaitable<Result<Bytes>> Sender::exchange_zdo(MtZdoRequest request, NwkAddress destination,
                                              bool is_node_desc, bool wait,
                                              Window::Permit* permit) {
    const auto answers = [&request](ByteView data) { return request.answered_by(data); };
    std::optional<Driver::Expectation> response;
    if (wait)
        response.emplace(driver_, request.response, answers);
    auto accepted = co_await driver_.call_checked(request.command, request.payload);
    if (!accepted && is_node_desc && accepted.error() != Errc::closed) {
        // The first question to a device that just joined: often only the route is missing.
        auto routed = co_await discover_route(destination, true);
        if (!routed)
            co_return routed.error();
        accepted = co_await driver_.call_checked(request.command, request.payload);
    }
    if (!accepted)
        co_return accepted.error();
    if (!response)
        co_return Bytes();
    const bool came_at_once = co_await response->arrived_within(lend_after);
    if (!came_at_once && permit)
        permit->lend_if_room();
    auto data = co_await response->within(zdo_deadline - lend_after);
    if (!data)
        co_return data.error();
    Frame frame;
    frame.subsystem = Subsystem::zdo;
    frame.command = request.response.id;
    frame.data = *data;
    auto message = from_mt(frame);
    if (!message || !*message)
        co_return Errc::truncated;
    co_return std::move((*message)->payload);
}

}  // namespace waggle::znp
