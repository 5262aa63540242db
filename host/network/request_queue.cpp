#include "network/request_queue.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace waggle::network {

struct RequestQueue::Pending {
    ZclRequest request;
    SendPolicy policy;
    std::vector<OneShot<ZclReply>> waiting;  ///< the caller, and callers of requests it merged

    void finish(const Result<ZclReply>& result) {
        for (const auto& one : std::exchange(waiting, {}))
            one.fulfil(result ? Result<ZclReply>(make_reply(result->frame)) : result);
    }
    void finish(Errc why) { finish(Result<ZclReply>(why)); }
};

namespace {

/// The radio could not bring it to the device, or nothing came back: it may well be asleep. An
/// answer that says no is an answer.
bool is_delivery_failure(const boost::system::error_code& error) noexcept {
    if (error.category() != errc_category())
        return false;
    switch (static_cast<Errc>(error.value())) {
        case Errc::timed_out:
        case Errc::busy:
        case Errc::no_route:
        case Errc::no_ack:
        case Errc::channel_access_failure:
        case Errc::transaction_expired:
        case Errc::buffer_full:
        case Errc::no_resources:
        case Errc::delivery_failed: return true;
        default: return false;
    }
}

bool same_command(const zcl::Frame& a, const zcl::Frame& b) noexcept {
    return a.cluster == b.cluster && a.header.type == b.header.type &&
           a.header.command == b.header.command && a.header.manufacturer == b.header.manufacturer;
}

bool keeps_one(SendPolicy policy) noexcept {
    return policy == SendPolicy::keep_payload || policy == SendPolicy::keep_command ||
           policy == SendPolicy::keep_command_undivided;
}

/// The records of `older` that `newer` does not write, too.
zcl::Records without(const zcl::Records& older, const zcl::Records* newer) {
    zcl::Records rest;
    for (const auto& record : older) {
        const bool again = newer && std::any_of(newer->begin(), newer->end(), [&](const auto& one) {
                               return one.id == record.id;
                           });
        if (!again)
            rest.push_back(record);
    }
    return rest;
}

}  // namespace

SendPolicy default_policy(std::uint8_t command) noexcept {
    using enum zcl::Global;
    switch (static_cast<zcl::Global>(command)) {
        case write:
        case write_no_response: return SendPolicy::keep_command;
        case write_undivided: return SendPolicy::keep_command_undivided;
        case read:
        case configure_reporting:
        case read_reporting:
        case report:
        case discover:
        case read_structured:
        case write_structured:
        case discover_commands:
        case discover_commands_gen:
        case discover_extended: return SendPolicy::keep_payload;
        case read_response:
        case write_response:
        case configure_reporting_response:
        case read_reporting_response:
        case default_response:
        case discover_response:
        case write_structured_response:
        case discover_commands_response:
        case discover_commands_gen_response:
        case discover_extended_response: return SendPolicy::immediate;
    }
    return SendPolicy::queue;
}

Awaitable<Result<ZclReply>> RequestQueue::submit(ZclRequest request) {
    const auto* device = core_->devices.find(request.device);
    if (!device)
        co_return Errc::not_found;
    const auto timeout = device->pending_request_timeout;
    const auto policy = request.policy == SendPolicy::by_command
                            ? default_policy(request.frame.header.command)
                            : request.policy;
    if (timeout == Clock::duration::zero() && !has_pending(request.device))
        co_return co_await messenger_->deliver(std::move(request));

    const Key key{request.device, request.destination};
    const auto deadline = Clock::now() + timeout;
    const auto entry = std::make_shared<Pending>();
    entry->request = std::move(request);
    entry->policy = policy;
    if (const auto queue = queues_.find(key); queue != queues_.end() && policy != SendPolicy::bulk)
        supersede(queue->second, *entry);

    const bool at_once = policy == SendPolicy::immediate || timeout == Clock::duration::zero();
    if (at_once || policy != SendPolicy::bulk) {
        ZclRequest copy = entry->request;
        auto result = co_await messenger_->deliver(std::move(copy));
        if (at_once || result || !is_delivery_failure(result.error())) {
            entry->finish(result);
            co_return result;
        }
        log::debug(ns, "{} did not take a request ({}), it waits", key.first.to_string(),
                   result.error().message());
    }
    co_return co_await wait_for(entry, key, deadline - Clock::now());
}

Awaitable<Result<ZclReply>> RequestQueue::wait_for(Entry entry, Key key, Clock::duration limit_) {
    auto& queue = queues_[key];
    if (queue.entries.size() >= limit) {
        entry->finish(Errc::busy);
        co_return Errc::busy;
    }
    OneShot<ZclReply> mine(core_->executor);
    entry->waiting.push_back(mine);
    queue.entries.push_back(entry);
    auto result = co_await mine.within(limit_);
    if (!result && result.error() == Errc::timed_out) {
        entry->finish(Errc::expired);
        result = Errc::expired;
    }
    // A caller who gave up leaves the request to others whose requests it replaced.
    const bool wanted = std::any_of(entry->waiting.begin(), entry->waiting.end(),
                                    [](const auto& one) { return !one.is_fulfilled(); });
    if (!wanted)
        remove(key, entry);
    co_return result;
}

/// What is queued already and says the same, or writes the same attributes, gives way to `newer`.
void RequestQueue::supersede(Queue& queue, Pending& newer) {
    for (auto at = queue.entries.begin(); at != queue.entries.end();) {
        Pending& older = **at;
        auto* records = std::get_if<zcl::Records>(&older.request.frame.payload);
        const auto& payload = newer.request.frame.payload;
        const bool alike =
            keeps_one(older.policy) && same_command(older.request.frame, newer.request.frame);
        const bool equal = alike && older.request.frame.payload == payload;
        const bool replaces = newer.policy == SendPolicy::keep_command ||
                              newer.policy == SendPolicy::keep_command_undivided;
        bool gone = false;
        if (equal && (replaces || newer.policy == SendPolicy::keep_payload)) {
            newer.waiting.insert(newer.waiting.end(), older.waiting.begin(), older.waiting.end());
            older.waiting.clear();
            gone = true;
        } else if (alike && replaces && records) {
            auto rest = without(*records, std::get_if<zcl::Records>(&payload));
            if (rest.empty()) {
                older.finish(Errc::superseded);
                gone = true;
            } else if (newer.policy == SendPolicy::keep_command) {
                *records = std::move(rest);
            }
        }
        at = gone ? queue.entries.erase(at) : std::next(at);
    }
}

void RequestQueue::remove(const Key& key, const Entry& entry) {
    const auto queue = queues_.find(key);
    if (queue == queues_.end())
        return;
    queue->second.entries.remove(entry);
    if (queue->second.entries.empty() && !queue->second.sending)
        queues_.erase(queue);
}

std::vector<RequestQueue::Key> RequestQueue::keys_of(Ieee device) const {
    std::vector<Key> keys;
    for (auto at = queues_.lower_bound({device, 0}); at != queues_.end(); ++at) {
        if (at->first.first != device)
            break;
        keys.push_back(at->first);
    }
    return keys;
}

bool RequestQueue::has_pending(Ieee device) const noexcept {
    const auto at = queues_.lower_bound({device, 0});
    return at != queues_.end() && at->first.first == device;
}

void RequestQueue::device_awake(const Device& device) {
    if (queues_.empty())
        return;
    for (const auto& key : keys_of(device.ieee))
        if (const auto& queue = queues_[key]; !queue.sending && !queue.entries.empty())
            core_->tasks.spawn("pending requests",
                               [this, key]() -> Awaitable<void> { return flush(key, false); });
}

Awaitable<void> RequestQueue::flush_all(Ieee device) {
    for (const auto& key : keys_of(device))
        co_await flush(key, true);
}

/// In the order of insertion. What fails stays until it expires. Only one flush runs at a time, but
/// one for fast polling does not wait.
Awaitable<void> RequestQueue::flush(Key key, bool fast_poll) {
    const auto queue = queues_.find(key);
    if (queue == queues_.end() || (queue->second.sending && !fast_poll))
        co_return;
    queue->second.sending = true;
    const std::vector<Entry> entries(queue->second.entries.begin(), queue->second.entries.end());
    for (const auto& entry : entries) {
        if (entry->waiting.empty() || (entry->policy == SendPolicy::bulk && !fast_poll))
            continue;  // answered, expired or replaced in the meantime
        ZclRequest copy = entry->request;
        const auto result = co_await messenger_->deliver(std::move(copy));
        if (result || !is_delivery_failure(result.error())) {
            entry->finish(result);
            remove(key, entry);
        }
    }
    const auto after = queues_.find(key);
    if (after == queues_.end())
        co_return;
    after->second.sending = false;
    if (after->second.entries.empty())
        queues_.erase(after);
}

void RequestQueue::fail(Ieee device, Errc why) {
    for (const auto& key : keys_of(device))
        for (const auto& entry : std::exchange(queues_[key].entries, {}))
            entry->finish(why);
}

void RequestQueue::fail_all(Errc why) {
    for (auto& [key, queue] : queues_)
        for (const auto& entry : std::exchange(queue.entries, {}))
            entry->finish(why);
}

}  // namespace waggle::network
