#include "bridge/requests/raw_action.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "bridge/requests/zdo_json.hpp"
#include "engine/global_commands.hpp"
#include "engine/zcl_json.hpp"
#include "network/raw_request.hpp"
#include "network/touchlink.hpp"
#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

using namespace std::chrono_literals;
constexpr auto longest_timeout = 100'000ms;
constexpr NwkAddress first_broadcast = 0xFFF8;

/// Where a frame goes, as the caller says. Has a constructor: it is moved into coroutines.
struct Target {
    Target() = default;

    std::optional<Ieee> ieee;
    std::optional<std::uint32_t> address, group;
    std::optional<EndpointId> endpoint;
    EndpointId source = 1;
    ProfileId profile = profile_home_automation;
    bool between_networks = false;
    bool disable_response = false;
    std::chrono::milliseconds timeout{10000};
};

bool truthy(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (!value)
        return false;
    if (value->is_bool())
        return value->get_bool();
    return value->is_number() && value->to_number<double>() != 0;
}

/// A member that is a number up to `most`; nothing when it is not there.
Field<std::optional<std::uint32_t>> number(const json::object& object, std::string_view key,
                                           std::uint32_t most) {
    const auto* value = object.if_contains(key);
    if (!value || value->is_null())
        return std::optional<std::uint32_t>();
    const auto number = engine::number_of(*value, most);
    if (!number)
        return failure("'{}' must be a whole number from 0 to {}", key, most);
    return number;
}

/// Reads several numbers and keeps the first failure.
class Numbers {
  public:
    explicit Numbers(const json::object& object) : object_(object) {}
    std::optional<std::uint32_t> operator()(std::string_view key, std::uint32_t most) {
        auto value = number(object_, key, most);
        if (value)
            return *value;
        if (!failure_)
            failure_ = value.error();
        return std::nullopt;
    }
    const std::optional<Failure>& failed() const noexcept { return failure_; }

  private:
    const json::object& object_;
    std::optional<Failure> failure_;
};

Field<Target> target_of(const json::object& params) {
    Target target;
    Numbers take(params);
    target.address = take("network_address", 0xFFFF);
    target.group = take("group_id", 0xFFFF);
    if (const auto endpoint = take("dst_endpoint", 0xFF))
        target.endpoint = static_cast<EndpointId>(*endpoint);
    target.source = static_cast<EndpointId>(take("src_endpoint", 0xFF).value_or(1));
    target.profile =
        static_cast<ProfileId>(take("profile_id", 0xFFFF).value_or(profile_home_automation));
    target.timeout = std::chrono::milliseconds(
        take("timeout", static_cast<std::uint32_t>(longest_timeout.count())).value_or(10000));
    if (take.failed())
        return *take.failed();
    target.between_networks = truthy(params, "interpan");
    target.disable_response = truthy(params, "disable_response");
    if (const auto* text = params.if_contains("ieee_address"); text && !text->is_null()) {
        target.ieee = text->is_string() ? Ieee::parse(text->get_string()) : std::nullopt;
        if (!target.ieee)
            return failure("'ieee_address' must be an address such as \"0x00158d0001020304\"");
    }
    return target;
}

const json::object* zcl_of(const json::object& params) {
    const auto* zcl = params.if_contains("zcl");
    return zcl ? zcl->if_object() : nullptr;
}

/// A command of the cluster, by name or number.
const zcl::CommandDefinition* command_of(const engine::NamedCluster& cluster,
                                         const json::value& key, zcl::Direction direction,
                                         ManufacturerCode manufacturer) {
    if (!cluster.definition)
        return nullptr;
    const bool from_client = direction == zcl::Direction::client_to_server;
    if (const auto* text = key.if_string())
        return from_client ? cluster.definition->command(std::string_view(*text))
                           : cluster.definition->response(std::string_view(*text));
    const auto id = engine::number_of(key, 0xFF);
    if (!id)
        return nullptr;
    const auto number = static_cast<std::uint8_t>(*id);
    return from_client ? cluster.definition->command(number, manufacturer)
                       : cluster.definition->response(number, manufacturer);
}

Field<zcl::Frame> command_frame(const engine::NamedCluster& cluster, const json::object& zcl,
                                zcl::Direction direction,
                                std::optional<ManufacturerCode> manufacturer) {
    static const json::object nothing;
    const auto* key = zcl.if_contains("command_key");
    const auto* command =
        key ? command_of(cluster, *key, direction, manufacturer.value_or(0)) : nullptr;
    if (!command)
        return failure("The cluster has no command {}", key ? store::compact_json(*key) : "''");
    const auto* payload = zcl.if_contains("payload");
    const auto* fields = payload ? payload->if_object() : nullptr;
    std::string problem;
    auto parameters = engine::parameters_of(*command, fields ? *fields : nothing, problem);
    if (!parameters)
        return failure("{}", problem);
    auto frame =
        zcl::cluster_command(*cluster.definition, *command, std::move(*parameters), direction);
    if (manufacturer)
        frame.header.manufacturer = manufacturer;
    return frame;
}

/// The frame that `zcl` describes. Between networks frames are commands from client to server.
Field<zcl::Frame> frame_of(Context& context, const json::object& params, const json::object& zcl,
                           const Target& target) {
    Numbers take(zcl);
    const auto type = take("frame_type", 1), towards = take("direction", 1),
               code = take("manufacturer_code", 0xFFFF);
    if (take.failed())
        return *take.failed();
    if (target.between_networks && (type || towards))
        return failure("Frames between networks have neither 'frame_type' nor 'direction'");
    if (!target.between_networks && (!type || !towards))
        return failure("'zcl' needs 'frame_type' and 'direction'");
    const auto direction = static_cast<zcl::Direction>(towards.value_or(0));
    const auto manufacturer =
        code ? std::optional(static_cast<ManufacturerCode>(*code)) : std::nullopt;

    static const json::value touchlink("touchlink");
    const auto* key = params.if_contains("cluster_key");
    if (!key && !target.between_networks)
        return failure("'cluster_key' is missing");
    const auto* device = target.ieee ? context.network.find(*target.ieee) : nullptr;
    std::string problem;
    const auto cluster =
        engine::cluster_of(key ? *key : touchlink, manufacturer.value_or(0), problem,
                           device ? std::span<const zcl::ClusterDefinition>(device->custom_clusters)
                                  : std::span<const zcl::ClusterDefinition>());
    if (!cluster)
        return failure("{}", problem);

    constexpr std::uint32_t cluster_specific = 1;
    Field<zcl::Frame> frame = failure("");
    if (target.between_networks || type == cluster_specific) {
        frame = command_frame(*cluster, zcl, direction, manufacturer);
    } else {
        static const json::value nothing = json::object();
        const auto *command = zcl.if_contains("command_key"), *payload = zcl.if_contains("payload");
        auto global = engine::global_frame(*cluster, command ? *command : nothing,
                                           payload ? *payload : nothing, manufacturer, problem);
        if (global)
            frame = std::move(*global);
        else
            frame = failure("{}", problem);
    }
    if (!frame)
        return frame;
    frame->header.direction = direction;
    frame->header.disable_default_response =
        target.between_networks || truthy(zcl, "disable_default_response");
    return frame;
}

Awaitable<Reply> send_zdo(Context& context, const json::object& params, Target target) {
    const auto* key = params.if_contains("cluster_key");
    const auto cluster = key && key->is_number() ? engine::number_of(*key, 0xFFFF) : std::nullopt;
    const auto* fields = params.if_contains("zdo_params");
    const auto* list = fields ? fields->if_array() : nullptr;
    if (!target.ieee || !target.address || !cluster || !list || list->empty())
        co_return failure(
            "A ZDO request needs 'ieee_address', 'network_address', 'cluster_key' (a "
            "number) and 'zdo_params'");
    const auto request = static_cast<std::uint16_t>(*cluster);
    std::string problem;
    auto payload = zdo_request(request, *list, problem);
    if (!payload)
        co_return failure("{}", problem);
    const auto response = co_await context.network.zdo(static_cast<NwkAddress>(*target.address),
                                                       zdo::Cluster(request), std::move(*payload),
                                                       !target.disable_response);
    if (!response)
        co_return failure("The ZDO request failed: {}", response.error().message());
    if (target.disable_response)
        co_return json::value(nullptr);
    const auto shown = zdo_response(request, *response);
    if (!shown)
        co_return failure("The ZDO response cannot be read: {}", shown.error().message());
    co_return *shown;
}

Awaitable<Reply> send_between_networks(Context& context, zcl::Frame frame, Target target) {
    Bytes bytes;
    if (const auto encoded = zcl::encode(bytes, frame); !encoded)
        co_return failure("The frame cannot be written: {}", encoded.error().message());
    std::optional<std::uint8_t> response;
    if (!target.ieee && !target.disable_response) {
        response = network::response_to(frame);
        if (!response)
            co_return failure("This command has no response to wait for");
    }
    const auto cluster = frame.cluster;
    auto reply = co_await context.network.touchlink().send(target.ieee, cluster, std::move(bytes),
                                                           response, target.timeout);
    if (!reply)
        co_return failure("The frame was not sent or not answered: {}", reply.error().message());
    if (!*reply)
        co_return json::value(nullptr);
    RawMessage message;
    message.address = json::string((*reply)->sender.to_string());
    message.endpoint = (*reply)->endpoint;
    message.destination_endpoint = (*reply)->destination;
    message.cluster = cluster;
    message.link_quality = (*reply)->link_quality;
    message.broadcast = (*reply)->broadcast;
    co_return raw_message(message, (*reply)->frame);
}

Field<ApsRequest> aps_request(const Target& target, ClusterId cluster) {
    using Mode = ApsRequest::Mode;
    constexpr EndpointId every_endpoint = 255;
    ApsRequest to(Mode::unicast, 0, target.source, every_endpoint, target.profile, cluster, {});
    if (target.group) {
        to.mode = Mode::group;
        to.destination_address = static_cast<GroupId>(*target.group);
        return to;
    }
    if (!target.endpoint || *target.endpoint == 0 || !target.address || target.source == 0)
        return failure("'group_id', or 'dst_endpoint' and 'network_address', say where it goes");
    to.destination_endpoint = *target.endpoint;
    to.destination_address = static_cast<NwkAddress>(*target.address);
    if (to.destination_address >= first_broadcast) {
        to.mode = Mode::broadcast;
        return to;
    }
    if (!target.ieee)
        return failure("'ieee_address' is missing");
    to.ieee = *target.ieee;
    return to;
}

Awaitable<Reply> send_zcl(Context& context, const json::object& zcl, zcl::Frame frame,
                          Target target) {
    Numbers take(zcl);
    const auto sequence = take("tsn", 0xFF);
    if (take.failed())
        co_return *take.failed();
    auto to = aps_request(target, frame.cluster);
    if (!to)
        co_return to.error();
    RawMessage message;
    message.address = to->destination_address;
    message.endpoint = to->destination_endpoint;
    message.destination_endpoint = to->source_endpoint;
    message.cluster = frame.cluster;
    network::RawRequest request(std::move(*to), std::move(frame));
    if (sequence)
        request.sequence = static_cast<std::uint8_t>(*sequence);
    request.disable_response = target.disable_response;
    request.timeout = target.timeout;
    const auto reply = co_await context.network.send_raw(std::move(request));
    if (!reply)
        co_return failure("The frame was not sent or not answered: {}", reply.error().message());
    if (reply->bytes.empty())
        co_return json::value(nullptr);
    const auto* device = target.ieee ? context.network.find(*target.ieee) : nullptr;
    if (device)
        message.link_quality = static_cast<std::uint8_t>(device->link_quality.value_or(0));
    co_return raw_message(message, reply->bytes);
}

}  // namespace

Reply raw_message(const RawMessage& message, ByteView frame) {
    ByteReader in(frame);
    const auto read = zcl::read_header(in);
    if (!read)
        return failure("The answer cannot be read: {}", read.error().message());
    json::object control;
    control["frameType"] = static_cast<std::uint8_t>(read->type);
    control["manufacturerSpecific"] = read->manufacturer.has_value();
    control["direction"] = static_cast<std::uint8_t>(read->direction);
    control["disableDefaultResponse"] = read->disable_default_response;
    control["reservedBits"] = frame.front() >> 5;
    json::object header;
    header["frameControl"] = std::move(control);
    if (read->manufacturer)
        header["manufacturerCode"] = *read->manufacturer;
    header["transactionSequenceNumber"] = read->sequence;
    header["commandIdentifier"] = read->command;
    json::object buffer;
    buffer["type"] = "Buffer";
    buffer["data"] = json::array(frame.begin(), frame.end());
    json::object data;
    data["clusterID"] = message.cluster;
    data["data"] = std::move(buffer);
    data["header"] = std::move(header);
    data["address"] = message.address;
    data["endpoint"] = message.endpoint;
    data["linkquality"] = message.link_quality;
    data["groupID"] = 0;
    data["wasBroadcast"] = message.broadcast;
    data["destinationEndpoint"] = message.destination_endpoint;
    return json::value(std::move(data));
}

Awaitable<Reply> raw_action(Context& context, json::object params) {
    auto target = target_of(params);
    if (!target)
        co_return target.error();
    if (target->profile == profile_zdo)
        co_return co_await send_zdo(context, params, std::move(*target));
    const auto* zcl = zcl_of(params);
    if (!zcl)
        co_return failure("'zcl' is missing");
    auto frame = frame_of(context, params, *zcl, *target);
    if (!frame)
        co_return frame.error();
    if (target->between_networks)
        co_return co_await send_between_networks(context, std::move(*frame), std::move(*target));
    co_return co_await send_zcl(context, *zcl, std::move(*frame), std::move(*target));
}

}  // namespace waggle::bridge
