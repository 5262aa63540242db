#include "network/raw_request.hpp"

namespace waggle::network {

Awaitable<Result<ZclReply>> send_raw(Core& core, Messenger& messenger, RawRequest request) {
    auto& header = request.frame.header;
    const auto target = request.to.ieee;
    header.sequence = request.sequence.value_or(core.transactions.next_sequence(target));
    if (const auto encoded = zcl::encode(request.to.payload, request.frame); !encoded)
        co_return encoded.error();

    Expected expected{target,          request.to.destination_endpoint,
                      header.sequence, request.frame.cluster,
                      header.type,     std::nullopt};
    if (!request.disable_response)
        expected.response = response_to(request.frame);
    expected.any_status = true;
    const bool waits = request.to.mode == ApsRequest::Mode::unicast &&
                       (expected.response || !header.disable_default_response);
    std::optional<Transactions::Waiter> answer;
    if (waits)  // before sending: the answer may overtake the radio's confirm
        answer.emplace(core.transactions.expect(expected));
    const auto sent = co_await messenger.send(std::move(request.to));
    if (!sent)
        co_return sent.error();
    if (!answer)
        co_return ZclReply{};
    co_return co_await answer->within(request.timeout);
}

}  // namespace waggle::network
