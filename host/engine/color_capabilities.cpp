#include "engine/color_capabilities.hpp"

#include <vector>

#include "engine/reporting_table.hpp"

namespace waggle::engine {
namespace {

std::optional<std::int64_t> known_capabilities(Core& core, Ieee ieee, EndpointId id) {
    const auto* device = core.network.find(ieee);
    const auto* endpoint = device ? device->endpoint(id) : nullptr;
    const auto* value =
        endpoint ? endpoint->attribute(color_cluster, color_capabilities_attribute) : nullptr;
    return value ? value->integer() : std::nullopt;
}

}  // namespace

Awaitable<Result<std::int64_t>> color_capabilities(Core& core, Ieee ieee, EndpointId endpoint) {
    if (const auto known = known_capabilities(core, ieee, endpoint))
        co_return *known;
    const std::uint16_t attributes[] = {color_capabilities_attribute};
    ZclRequest request(ieee, endpoint, zcl::read_attributes(color_cluster, attributes));
    const auto reply = co_await core.network.request(std::move(request));
    if (!reply)
        co_return reply.error();
    const auto* records = reply->frame.records();
    if (!records || records->empty())
        co_return 0;
    const auto& record = records->front();
    if (record.status != zcl::Status::success)
        co_return make_error_code(record.status);
    co_return record.value.integer().value_or(0);
}

}  // namespace waggle::engine
