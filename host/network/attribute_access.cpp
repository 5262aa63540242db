#include "network/attribute_access.hpp"

namespace waggle::network {

const zcl::Value* value_in(const ZclReply& reply, std::uint16_t attribute) noexcept {
    const auto* records = reply.frame.records();
    if (!records)
        return nullptr;
    for (const auto& record : *records)
        if (record.id == attribute && record.status == zcl::Status::success)
            return &record.value;
    return nullptr;
}

zcl::Status first_failure(const ZclReply& reply) noexcept {
    if (const auto* records = reply.frame.records())
        for (const auto& record : *records)
            if (record.status != zcl::Status::success)
                return record.status;
    return zcl::Status::success;
}

Awaitable<Result<ZclReply>> read_now(Messenger& messenger, Ieee device, EndpointId endpoint,
                                     ClusterId cluster, std::vector<std::uint16_t> attributes) {
    ZclRequest request(device, endpoint, zcl::read_attributes(cluster, attributes));
    co_return co_await messenger.deliver(std::move(request));
}

Awaitable<Result<void>> write_now(Messenger& messenger, Ieee device, EndpointId endpoint,
                                  ClusterId cluster, zcl::Records records) {
    ZclRequest request(device, endpoint, zcl::write_attributes(cluster, std::move(records)));
    const auto reply = co_await messenger.deliver(std::move(request));
    if (!reply)
        co_return reply.error();
    if (const auto status = first_failure(*reply); status != zcl::Status::success)
        co_return make_error_code(status);
    co_return Result<void>{};
}

Result<zcl::Frame> named_command(std::string_view cluster, std::string_view command,
                                 zcl::Parameters parameters) {
    const auto* definition = zcl::find_cluster(cluster);
    const auto* known = definition ? definition->command(command) : nullptr;
    if (!known)
        return Errc::unsupported;
    return zcl::cluster_command(*definition, *known, std::move(parameters));
}

}  // namespace waggle::network
