#include "network/touchlink.hpp"

#include <algorithm>
#include <random>

#include "base/log.hpp"

namespace waggle::network {

namespace {

/// Lights listen on the first four, then come the others [ZCL8 13.2.4.1]: zigbee2mqtt's order.
constexpr std::uint8_t channels[] = {11, 15, 20, 25, 12, 13, 14, 16,
                                     17, 18, 19, 21, 22, 23, 24, 26};
constexpr std::uint8_t scan_response = 0x01;
constexpr std::uint8_t zigbee_information = 0x04;     ///< a router that listens always
constexpr std::uint8_t touchlink_information = 0x12;  ///< initiates, and started by a link
constexpr std::uint16_t for_a_time_of_its_own = 0xFFFF;
constexpr Clock::duration between_sends = std::chrono::seconds(1);
constexpr Clock::duration longest = std::chrono::minutes(2);
constexpr std::size_t most_heard = 64;

/// Not zero, which the specification keeps.
std::uint32_t random_transaction() {
    static std::random_device source;
    std::uint32_t number = 0;
    while (number == 0)
        number = static_cast<std::uint32_t>(source());
    return number;
}

zcl::Parameter transaction_of(std::uint32_t number) {
    return {"transactionID", zcl::make_unsigned(zcl::DataType::uint32, number)};
}

bool is_lost(const boost::system::error_code& error) noexcept {
    return error == Errc::closed || error == Errc::cancelled || error == Errc::unsupported;
}

}  // namespace

/// What is to be done on the channels it names. Has constructors: it is moved into coroutines.
struct Touchlink::Operation {
    enum class Kind : std::uint8_t { scan, identify, reset, send };

    explicit Operation(Kind what) : kind(what), on(std::begin(channels), std::end(channels)) {}
    Operation(Kind what, Ieee who, std::uint8_t channel) : kind(what), target(who), on{channel} {}

    Kind kind;
    std::optional<Ieee> target;    ///< none: whoever answers first
    std::vector<std::uint8_t> on;  ///< channels
    ClusterId cluster_of_frame = 0;
    Bytes frame;
};

Awaitable<Result<Touchlink::Found>> Touchlink::scan() {
    Operation operation(Operation::Kind::scan);
    co_return co_await run(std::move(operation));
}

Awaitable<Result<void>> Touchlink::identify(Ieee ieee, std::uint8_t channel) {
    Operation operation(Operation::Kind::identify, ieee, channel);
    const auto done = co_await run(std::move(operation));
    co_return done ? Result<void>{} : Result<void>(done.error());
}

Awaitable<Result<void>> Touchlink::reset(Ieee ieee, std::uint8_t channel) {
    Operation operation(Operation::Kind::reset, ieee, channel);
    const auto done = co_await run(std::move(operation));
    co_return done ? Result<void>{} : Result<void>(done.error());
}

Awaitable<Result<void>> Touchlink::reset_first() {
    Operation operation(Operation::Kind::reset);
    const auto done = co_await run(std::move(operation));
    co_return done ? Result<void>{} : Result<void>(done.error());
}

Awaitable<Result<void>> Touchlink::send_everywhere(ClusterId to_cluster, Bytes frame) {
    Operation operation(Operation::Kind::send);
    operation.cluster_of_frame = to_cluster;
    operation.frame = std::move(frame);
    const auto done = co_await run(std::move(operation));
    co_return done ? Result<void>{} : Result<void>(done.error());
}

/// The task belongs to the network, so that the radio comes back whatever becomes of the caller.
Awaitable<Result<Touchlink::Found>> Touchlink::run(Operation operation) {
    if (!core_->up)
        co_return Errc::unavailable;
    if (under_way_)
        co_return Errc::busy;
    under_way_.emplace(core_->executor);
    is_lost_ = false;
    const OneShot<Found> outcome(core_->executor);
    core_->tasks.spawn("touchlink", [this, outcome, operation]() -> Awaitable<void> {
        auto found = co_await perform(operation);
        co_await restore();
        const auto ended = *under_way_;
        under_way_.reset();
        ended.fulfil(true);
        outcome.fulfil(std::move(found));
    });
    co_return co_await outcome.within(longest);
}

Awaitable<Result<Touchlink::Found>> Touchlink::perform(const Operation& operation) {
    Found all;
    for (const auto channel : operation.on) {
        if (const auto ended = reason_to_end())
            co_return *ended;
        auto found = co_await perform_on(channel, operation);
        if (!found) {
            log::debug(ns, "Touchlink on channel {}: {}", channel, found.error().message());
            if (operation.on.size() == 1 || is_lost(found.error()))
                co_return found;
            continue;
        }
        all.insert(all.end(), found->begin(), found->end());
        if (operation.kind == Operation::Kind::reset)
            co_return all;
    }
    if (operation.kind == Operation::Kind::reset)
        co_return Errc::not_found;
    co_return all;
}

Awaitable<Result<Touchlink::Found>> Touchlink::perform_on(std::uint8_t channel,
                                                          const Operation& operation) {
    is_away_ = true;
    const auto moved = co_await core_->radio->set_inter_pan_channel(channel);
    if (!moved)
        co_return moved.error();
    Found found;
    if (operation.kind == Operation::Kind::send) {
        const auto sent = co_await core_->radio->send_inter_pan(
            std::nullopt, operation.cluster_of_frame, operation.frame);
        if (!sent)
            co_return sent.error();
        const auto rested = co_await pause(between_sends);  // the air is for others, too
        if (!rested)
            co_return rested.error();
        co_return found;
    }

    const auto transaction = random_transaction();
    Listening what;
    what.command = scan_response;
    what.transaction = transaction;
    what.sender = operation.target;
    what.until_first = operation.kind != Operation::Kind::scan;
    Bytes frame;
    zcl::Parameters parameters;
    parameters.push_back(transaction_of(transaction));
    parameters.push_back(
        {"zigbeeInformation", zcl::make_unsigned(zcl::DataType::bitmap8, zigbee_information)});
    parameters.push_back({"touchlinkInformation",
                          zcl::make_unsigned(zcl::DataType::bitmap8, touchlink_information)});
    if (const auto encoded = encode(frame, "scanRequest", std::move(parameters)); !encoded)
        co_return encoded.error();
    const auto heard =
        co_await listen(std::move(what), std::nullopt, cluster, std::move(frame), answer_time);
    if (!heard)
        co_return heard.error();
    for (const auto& reply : *heard)
        found.push_back({reply.sender, channel});
    if (operation.kind == Operation::Kind::scan)
        co_return found;
    const auto shown =
        co_await show(found.front().ieee, transaction, operation.kind == Operation::Kind::reset);
    if (!shown)
        co_return shown.error();
    co_return found;
}

/// Identify request, and what may follow it; both belong to the scan that was answered.
Awaitable<Result<void>> Touchlink::show(Ieee ieee, std::uint32_t transaction, bool reset) {
    zcl::Parameters parameters;
    parameters.push_back(transaction_of(transaction));
    parameters.push_back(
        {"duration", zcl::make_unsigned(zcl::DataType::uint16, for_a_time_of_its_own)});
    auto done = co_await command(ieee, "identifyRequest", std::move(parameters));
    if (!done || !reset)
        co_return done;
    done = co_await pause(show_time);
    if (!done)
        co_return done;
    zcl::Parameters only;
    only.push_back(transaction_of(transaction));
    co_return co_await command(ieee, "resetToFactoryNew", std::move(only));
}

Result<void> Touchlink::encode(Bytes& out, std::string_view name, zcl::Parameters parameters) {
    const auto* definition = zcl::find_cluster(cluster);
    const auto* command = definition ? definition->command(name) : nullptr;
    if (!command)
        return Errc::unsupported;
    auto frame = zcl::cluster_command(*definition, *command, std::move(parameters));
    frame.header.disable_default_response = true;
    return zcl::encode(out, frame);
}

Awaitable<Result<void>> Touchlink::command(Ieee to, std::string_view name,
                                           zcl::Parameters parameters) {
    Bytes frame;
    if (const auto encoded = encode(frame, name, std::move(parameters)); !encoded)
        co_return encoded;
    co_return co_await core_->radio->send_inter_pan(to, cluster, std::move(frame));
}

Awaitable<Result<std::optional<InterPanReply>>> Touchlink::send(
    std::optional<Ieee> to, ClusterId to_cluster, Bytes frame, std::optional<std::uint8_t> response,
    Clock::duration limit) {
    std::optional<InterPanReply> nothing;
    if (!core_->up)
        co_return Errc::unavailable;
    if (!response) {
        const auto sent = co_await core_->radio->send_inter_pan(to, to_cluster, std::move(frame));
        if (!sent)
            co_return sent.error();
        co_return nothing;
    }
    if (under_way_)
        co_return Errc::busy;
    under_way_.emplace(core_->executor);
    is_lost_ = false;
    Listening what;
    what.command = *response;
    auto heard = co_await listen(std::move(what), to, to_cluster, std::move(frame), limit);
    under_way_->fulfil(true);
    under_way_.reset();
    if (!heard)
        co_return heard.error();
    co_return std::optional(std::move(heard->front()));
}

/// Errc::timed_out when nobody answers.
Awaitable<Result<std::vector<InterPanReply>>> Touchlink::listen(Listening what,
                                                                std::optional<Ieee> to,
                                                                ClusterId to_cluster, Bytes frame,
                                                                Clock::duration limit) {
    struct Place {  // also when the task is cancelled in between
        Listening*& place;
        ~Place() { place = nullptr; }
    };
    const Place place{listening_};
    listening_ = &what;  // before the request: the answer may overtake the radio's reply
    pause_.emplace(core_->executor);
    const auto sent = co_await core_->radio->send_inter_pan(to, to_cluster, std::move(frame));
    if (!sent)
        co_return sent.error();
    const auto waited = co_await pause_->within(limit);
    if (const auto ended = reason_to_end())
        co_return *ended;
    if (what.heard.empty())
        co_return waited || waited.error() == Errc::timed_out ? make_error_code(Errc::timed_out)
                                                              : waited.error();
    co_return std::move(what.heard);
}

void Touchlink::received(const ApsIndication& indication) {
    if (!listening_ || !indication.source_ieee || listening_->heard.size() >= most_heard)
        return;
    const auto frame = zcl::decode(indication.payload, indication.cluster);
    const auto sender = *indication.source_ieee;
    if (!frame || frame->header.type != zcl::FrameType::cluster ||
        frame->header.direction != zcl::Direction::server_to_client ||
        frame->header.command != listening_->command)
        return;
    const auto* transaction = frame->parameter("transactionID");
    const bool is_ours =
        !listening_->transaction ||
        (transaction && transaction->integer() == std::int64_t{*listening_->transaction});
    const bool is_again = std::ranges::any_of(
        listening_->heard, [sender](const auto& reply) { return reply.sender == sender; });
    if (!is_ours || is_again || (listening_->sender && *listening_->sender != sender))
        return;
    log::debug(ns, "Touchlink: {} answers", sender.to_string());
    InterPanReply reply;
    reply.sender = sender;
    reply.endpoint = indication.source_endpoint;
    reply.destination = indication.destination_endpoint;
    reply.link_quality = indication.link_quality;
    reply.broadcast = indication.broadcast;
    reply.frame.assign(indication.payload.begin(), indication.payload.end());
    listening_->heard.push_back(std::move(reply));
    if (listening_->until_first && pause_)
        pause_->fulfil(true);
}

/// Ends early, with Errc::cancelled, when the network stops.
Awaitable<Result<void>> Touchlink::pause(Clock::duration length) {
    if (const auto ended = reason_to_end())
        co_return *ended;
    pause_.emplace(core_->executor);
    const auto waited = co_await pause_->within(length);
    if (!waited && waited.error() == Errc::timed_out)
        co_return Result<void>{};
    co_return reason_to_end().value_or(Errc::cancelled);
}

Awaitable<void> Touchlink::restore() {
    if (!is_away_ || !core_->up)
        co_return;
    const auto restored = co_await core_->radio->leave_inter_pan();
    if (restored || restored.error() == Errc::unsupported)
        is_away_ = false;
    else
        log::error(ns, "The radio could not be brought back to its channel: {}",
                   restored.error().message());
}

std::optional<Errc> Touchlink::reason_to_end() const noexcept {
    if (is_lost_)
        return Errc::closed;
    return stopping_ ? std::optional(Errc::cancelled) : std::nullopt;
}

void Touchlink::link_lost(std::string_view) {
    is_lost_ = true;
    if (under_way_ && pause_)
        pause_->fulfil(Errc::closed);
}

void Touchlink::link_restored() {
    if (!is_away_ || under_way_ || stopping_)
        return;
    core_->tasks.spawn("touchlink restore", [this]() -> Awaitable<void> { return restore(); });
}

Awaitable<void> Touchlink::stop(Clock::duration limit) {
    stopping_ = true;
    if (!under_way_)
        co_return;
    if (pause_)
        pause_->fulfil(Errc::cancelled);
    const auto ended = *under_way_;
    (void)co_await ended.within(limit);
}

}  // namespace waggle::network
