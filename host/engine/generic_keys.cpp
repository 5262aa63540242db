#include "engine/generic_keys.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "engine/zcl_json.hpp"
#include "store/settings.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

using namespace std::string_view_literals;
constexpr std::string_view ns = "engine";
constexpr auto longest_timeout = std::chrono::milliseconds(3'600'000);

const json::object& object_of(const json::object& parent, std::string_view key) {
    static const json::object none;
    const auto* member = parent.if_contains(key);
    return member && member->is_object() ? member->get_object() : none;
}

SendPolicy policy_of(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, SendPolicy>, 6> names = {{
        {"bulk", SendPolicy::bulk},
        {"queue", SendPolicy::queue},
        {"immediate", SendPolicy::immediate},
        {"keep-payload", SendPolicy::keep_payload},
        {"keep-command", SendPolicy::keep_command},
        {"keep-cmd-undiv", SendPolicy::keep_command_undivided},
    }};
    const auto found =
        std::ranges::find(names, name, &std::pair<std::string_view, SendPolicy>::first);
    return found == names.end() ? SendPolicy::by_command : found->second;
}

ManufacturerCode manufacturer_option(const json::object& options) {
    const auto* code = options.if_contains("manufacturerCode");
    const auto number = code ? number_of(*code, 0xFFFF) : std::nullopt;
    return static_cast<ManufacturerCode>(number.value_or(0));
}

}  // namespace

/// A request that was understood, ready to be sent. Has a constructor: it is moved into coroutines.
struct GenericKeys::Prepared {
    Prepared() = default;

    zcl::Frame frame;
    json::object options;
    std::string problem;  ///< not empty: it was not understood
    ManufacturerCode manufacturer = 0;
    bool has_cluster = false;
    NamedCluster cluster;

    static Prepared failed(std::string text) {
        Prepared result;
        result.problem = std::move(text);
        return result;
    }

    static Prepared begin(const json::object& request) {
        Prepared result;
        result.options = object_of(request, "options");
        result.manufacturer = manufacturer_option(result.options);
        const auto* cluster = request.if_contains("cluster");
        if (!cluster)
            return failed("'cluster' is missing");
        const auto found = cluster_of(*cluster, result.manufacturer, result.problem);
        if (!found)
            return result;
        result.cluster = *found;
        result.has_cluster = true;
        if (result.manufacturer == 0 && found->definition)
            result.manufacturer = found->definition->manufacturer;
        return result;
    }

    /// Attributes of one request must agree on the manufacturer: a frame has one.
    bool take_manufacturer(const zcl::AttributeDefinition* attribute, bool first) {
        const auto code =
            attribute && attribute->manufacturer != 0 ? attribute->manufacturer : manufacturer;
        if (!first && code != manufacturer) {
            problem = "Attributes of different manufacturers need requests of their own";
            return false;
        }
        manufacturer = code;
        return true;
    }
    std::optional<ManufacturerCode> code() const {
        return manufacturer == 0 ? std::nullopt : std::optional(manufacturer);
    }

    static Prepared read(const json::object& request) {
        auto result = begin(request);
        if (!result.has_cluster)
            return result;
        const auto* names = request.if_contains("attributes");
        if (!names || !names->is_array() || names->get_array().empty())
            return failed("'attributes' must be a list of names or numbers");
        std::vector<std::uint16_t> ids;
        for (const auto& name : names->get_array()) {
            const auto attribute = attribute_of(result.cluster, name, result.manufacturer);
            if (!attribute)
                return failed(fmt::format("Unknown attribute {}", json::serialize(name)));
            if (!result.take_manufacturer(attribute->definition, ids.empty()))
                return result;
            ids.push_back(attribute->id);
        }
        result.frame = zcl::read_attributes(result.cluster.id, ids, result.code());
        return result;
    }

    bool add_record(zcl::Records& records, const json::string_view name, const json::value& given) {
        const json::value key(name);
        const auto attribute = attribute_of(cluster, key, manufacturer);
        const auto* value = &given;
        std::optional<zcl::DataType> type;
        if (attribute && attribute->definition)
            type = attribute->definition->type;
        if (const auto* object = given.if_object(); attribute && object) {
            const auto* type_member = object->if_contains("type");
            const auto number = type_member ? number_of(*type_member, 0xFF) : std::nullopt;
            if (number && object->contains("value")) {
                type = static_cast<zcl::DataType>(*number);
                value = &object->at("value");
            }
        }
        if (!attribute || !type) {
            problem = fmt::format(
                "Unknown attribute '{}', specify either an existing attribute or "
                "a number with {{\"value\": …, \"type\": …}}",
                std::string_view(name));
            return false;
        }
        auto converted = to_zcl(*value, *type);
        if (!converted) {
            problem = fmt::format("Attribute '{}' cannot be {}", std::string_view(name),
                                  json::serialize(*value));
            return false;
        }
        if (!take_manufacturer(attribute->definition, records.empty()))
            return false;
        auto& record = records.emplace_back();
        record.id = attribute->id;
        record.value = std::move(*converted);
        return true;
    }

    static Prepared write(const json::object& request) {
        auto result = begin(request);
        if (!result.has_cluster)
            return result;
        const auto& payload = object_of(request, "payload");
        if (payload.empty())
            return failed("'payload' must be an object of attributes");
        zcl::Records records;
        for (const auto& member : payload)
            if (!result.add_record(records, member.key(), member.value()))
                return result;
        const bool undivided = store::bool_option(result.options, "writeUndiv").value_or(false);
        result.frame =
            zcl::write_attributes(result.cluster.id, std::move(records), result.code(),
                                  undivided ? zcl::Global::write_undivided : zcl::Global::write);
        return result;
    }

    const zcl::CommandDefinition* find_command(const json::value& name, bool from_server) const {
        if (!cluster.definition)
            return nullptr;
        const auto& known = *cluster.definition;
        if (const auto* text = name.if_string())
            if (const auto* command = from_server ? known.response(std::string_view(*text))
                                                  : known.command(std::string_view(*text)))
                return command;
        const auto id = number_of(name, 0xFF);
        if (!id)
            return nullptr;
        const auto number = static_cast<std::uint8_t>(*id);
        return from_server ? known.response(number, manufacturer)
                           : known.command(number, manufacturer);
    }

    static Prepared command(const json::object& request) {
        auto result = begin(request);
        if (!result.has_cluster)
            return result;
        const auto* name = request.if_contains("command");
        const bool from_server = store::number_option(result.options, "direction") == 1.0;
        const auto* found = name ? result.find_command(*name, from_server) : nullptr;
        if (!found)
            return failed(fmt::format("Cluster '{}' has no command {}",
                                      zcl::cluster_name(result.cluster.id, result.manufacturer),
                                      name ? json::serialize(*name) : "''"));
        auto parameters = parameters_of(*found, object_of(request, "payload"), result.problem);
        if (!parameters)
            return result;
        result.frame = zcl::cluster_command(
            *result.cluster.definition, *found, std::move(*parameters),
            from_server ? zcl::Direction::server_to_client : zcl::Direction::client_to_server);
        if (const auto code = manufacturer_option(result.options); code != 0)
            result.frame.header.manufacturer = code;
        return result;
    }

    /// [{attrId}] of a global read, [{attrId, dataType, attrData}] of a global write.
    static Prepared global(const json::object& request) {
        auto result = begin(request);
        if (!result.has_cluster)
            return result;
        const auto* name = request.if_contains("command");
        const bool is_write = name && *name == "write";
        const auto* payload = request.if_contains("payload");
        if (!(is_write || (name && *name == "read")) || !payload || !payload->is_array())
            return failed("Global commands are 'read' and 'write' with a list of records");
        zcl::Records records;
        for (const auto& item : payload->get_array()) {
            const auto* object = item.if_object();
            const auto* id = object ? object->if_contains("attrId") : nullptr;
            const auto number = id ? number_of(*id, 0xFFFF) : std::nullopt;
            if (!number)
                return failed("A record needs 'attrId'");
            auto& record = records.emplace_back();
            record.id = static_cast<std::uint16_t>(*number);
            if (!is_write)
                continue;
            const auto *type = object->if_contains("dataType"),
                       *data = object->if_contains("attrData");
            const auto type_number = type ? number_of(*type, 0xFF) : std::nullopt;
            auto value = type_number && data
                             ? to_zcl(*data, static_cast<zcl::DataType>(*type_number))
                             : Result<zcl::Value>(Errc::invalid_value);
            if (!value)
                return failed("A record to write needs 'dataType' and a fitting 'attrData'");
            record.value = std::move(*value);
        }
        result.frame = zcl::write_attributes(result.cluster.id, std::move(records), result.code(),
                                             is_write ? zcl::Global::write : zcl::Global::read);
        return result;
    }

    static Prepared of(std::string_view key, const json::value& value) {
        if (key == "reset") {
            json::object request{{"cluster", "genBasic"}, {"command", "resetFactDefault"}};
            return command(request);
        }
        const auto* request = value.if_object();
        if (!request)
            return failed(fmt::format("{} is not an object, got {}", key, json::serialize(value)));
        if (key == "read")
            return read(*request);
        if (key == "write")
            return write(*request);
        const bool is_global =
            key == "zclcommand" && store::number_option(*request, "frametype") == 0.0;
        return is_global ? global(*request) : command(*request);
    }
};

bool GenericKeys::knows(std::string_view key) noexcept {
    static constexpr std::array keys = {"read"sv, "write"sv, "command"sv, "reset"sv,
                                        "zclcommand"sv};
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Awaitable<Result<zcl::Frame>> GenericKeys::perform(Target target, Prepared prepared, Bytes& keep) {
    const auto& options = prepared.options;
    auto& header = prepared.frame.header;
    if (header.type == zcl::FrameType::cluster)
        header.disable_default_response = store::bool_option(options, "disableDefaultResponse")
                                              .value_or(target.no_default_response);
    const auto source = static_cast<EndpointId>(
        std::clamp(store::number_option(options, "srcEndpoint").value_or(1.0), 1.0, 254.0));

    if (target.entity.is_group()) {
        const auto sent =
            co_await network_.groupcast(target.entity.group(), std::move(prepared.frame), source);
        if (!sent)
            co_return sent.error();
        co_return zcl::Frame();
    }
    ZclRequest request(target.entity.ieee(), target.endpoint, std::move(prepared.frame));
    request.source = source;
    request.disable_response = store::bool_option(options, "disableResponse").value_or(false);
    request.policy = policy_of(store::text_option(options, "sendPolicy").value_or(""));
    if (const auto timeout = store::number_option(options, "timeout"); timeout && *timeout >= 1)
        request.timeout = std::chrono::milliseconds(
            static_cast<std::int64_t>(std::min(*timeout, double(longest_timeout.count()))));
    auto reply = co_await network_.request(std::move(request));
    if (!reply)
        co_return reply.error();
    keep = std::move(reply->bytes);
    co_return std::move(reply->frame);
}

Awaitable<plugin::CommandOutcome> GenericKeys::set(Target target, std::string key,
                                                   json::value value) {
    plugin::CommandOutcome outcome;
    auto prepared = Prepared::of(key, value);
    if (!prepared.problem.empty()) {
        outcome.message = std::move(prepared.problem);
        co_return outcome;
    }
    const auto cluster = zcl::cluster_name(prepared.cluster.id, prepared.manufacturer);
    Bytes bytes;
    const auto reply = co_await perform(target, std::move(prepared), bytes);
    if (!reply) {
        outcome.message = reply.error().message();
        co_return outcome;
    }
    if (const auto* records = reply->records())
        for (const auto& record : *records)
            if (record.status != zcl::Status::success) {
                outcome.message = zcl::make_error_code(record.status).message();
                co_return outcome;
            }
    outcome.ok = true;
    if (key != "read") {
        log::info(ns, "Did '{}' on cluster '{}': {}", key, cluster, json::serialize(value));
        co_return outcome;
    }
    auto values = attributes_json(*reply);
    log::info(ns, "Read result of '{}': {}", cluster, json::serialize(values));
    const auto property = store::text_option(value.get_object(), "state_property");
    if (property && target.entity.is_device()) {
        json::object state;
        state.emplace(*property, std::move(values));
        outcome.states.emplace_back(plugin::EntityRef::device(target.entity.ieee()),
                                    std::move(state));
    }
    co_return outcome;
}

}  // namespace waggle::engine
