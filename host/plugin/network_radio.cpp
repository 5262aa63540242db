#include "plugin/network_radio.hpp"

namespace waggle::plugin {
namespace {

constexpr EndpointId own_endpoint = 1;

SendPolicy policy_of(wg_send_policy policy) noexcept {
    switch (policy) {
        case WG_SEND_IMMEDIATE: return SendPolicy::immediate;
        case WG_SEND_WHEN_AWAKE: return SendPolicy::queue;
        default: return SendPolicy::by_command;
    }
}

ConfiguredReporting reporting_of(const wg_reporting& wanted, ClusterId cluster) {
    ConfiguredReporting reporting;
    reporting.cluster = cluster;
    reporting.attribute = wanted.attribute;
    reporting.minimum_interval = wanted.minimum_interval;
    reporting.maximum_interval = wanted.maximum_interval;
    reporting.reportable_change = wanted.reportable_change;
    if (wanted.manufacturer != 0)
        reporting.manufacturer = wanted.manufacturer;
    return reporting;
}

bool sends_frame(wg_request_kind kind) noexcept {
    return kind <= WG_REQUEST_COMMAND || kind == WG_REQUEST_READ_RESPONSE;
}

}  // namespace

Awaitable<RadioReply> NetworkRadio::perform(RadioRequest request) {
    if (sends_frame(request.kind))
        co_return co_await send(std::move(request));
    const auto done = co_await set_up(request);
    if (!done)
        co_return RadioReply(done.error());
    co_return RadioReply();
}

Awaitable<RadioReply> NetworkRadio::send(RadioRequest request) {
    if (request.entity.is_group()) {
        const auto sent = co_await network_.groupcast(
            request.entity.group, std::move(request.frame), request.source_endpoint);
        if (!sent)
            co_return RadioReply(sent.error());
        co_return RadioReply();
    }
    ZclRequest zcl(request.entity.ieee, request.endpoint, std::move(request.frame));
    zcl.source = request.source_endpoint;
    zcl.policy = policy_of(request.policy);
    zcl.disable_response = request.no_reply || request.kind == WG_REQUEST_WRITE_NO_RESPONSE;
    if (request.timeout_ms != 0)
        zcl.timeout = std::chrono::milliseconds(request.timeout_ms);
    if (request.kind == WG_REQUEST_READ_RESPONSE)
        zcl.sequence = request.sequence;
    auto answer = co_await network_.request(std::move(zcl));
    if (!answer)
        co_return RadioReply(answer.error());
    RadioReply reply;
    reply.bytes = std::move(answer->bytes);
    reply.frame = std::move(answer->frame);
    co_return reply;
}

Awaitable<Result<void>> NetworkRadio::set_up(const RadioRequest& request) {
    const auto device = request.entity.ieee;
    zdo::BindTarget target;
    if (request.group != 0)
        target.group = request.group;
    else if (const auto* coordinator = network_.coordinator()) {
        target.ieee = coordinator->ieee();
        target.endpoint = own_endpoint;
    }
    switch (request.kind) {
        case WG_REQUEST_BIND:
            co_return co_await network_.bind(device, request.endpoint, request.cluster, target);
        case WG_REQUEST_UNBIND:
            co_return co_await network_.unbind(device, request.endpoint, request.cluster, target);
        case WG_REQUEST_ADD_TO_GROUP:
            co_return co_await network_.add_to_group(device, request.endpoint, request.group);
        case WG_REQUEST_REMOVE_FROM_GROUP:
            co_return co_await network_.remove_from_group(device, request.endpoint, request.group);
        case WG_REQUEST_CONFIGURE_REPORTING: {
            std::vector<ConfiguredReporting> items;
            for (const auto& reporting : request.reportings)
                items.push_back(reporting_of(reporting, request.cluster));
            co_return co_await network_.configure_reporting(device, request.endpoint,
                                                            std::move(items));
        }
        default: co_return Errc::unsupported;
    }
}

}  // namespace waggle::plugin
