#include "engine/generic_keys.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "engine/global_commands.hpp"
#include "engine/zcl_json.hpp"
#include "store/json_text.hpp"
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

/// Whose tables count.
struct GenericKeys::Context {
    ManufacturerCode manufacturer = 0;                    ///< 0: unknown, or a group
    std::span<const zcl::ClusterDefinition> custom = {};  ///< live as long as the plugin
};

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

    /// @param takes_options  `command` has none: what the definition says counts
    static Prepared begin(const json::object& request, const Context& context,
                          bool takes_options = true) {
        Prepared result;
        if (takes_options)
            result.options = object_of(request, "options");
        result.manufacturer = manufacturer_option(result.options);
        const auto* cluster = request.if_contains("cluster");
        if (!cluster)
            return failed("'cluster' is missing");
        const auto owner = result.manufacturer != 0 ? result.manufacturer : context.manufacturer;
        const auto found = cluster_of(*cluster, owner, result.problem, context.custom);
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
    std::string cluster_name() const {
        return cluster.definition ? std::string(cluster.definition->name)
                                  : std::to_string(cluster.id);
    }

    static Prepared read(const json::object& request, const Context& context) {
        auto result = begin(request, context);
        if (!result.has_cluster)
            return result;
        const auto* names = request.if_contains("attributes");
        if (!names || !names->is_array() || names->get_array().empty())
            return failed("'attributes' must be a list of names or numbers");
        std::vector<std::uint16_t> ids;
        for (const auto& name : names->get_array()) {
            const auto attribute = attribute_of(result.cluster, name, result.manufacturer);
            if (!attribute) {
                log::warning(ns, "Ignoring unknown attribute {} in cluster {}",
                             store::compact_json(name), result.cluster_name());
                continue;
            }
            const auto* known = attribute->definition;
            if (known && !known->readable && name.is_string())
                return failed(fmt::format("{} ({}) is not readable", known->name, known->id));
            if (!result.take_manufacturer(known, ids.empty()))
                return result;
            ids.push_back(attribute->id);
        }
        if (ids.empty())
            return failed("There is no attribute to read");
        result.frame = zcl::read_attributes(result.cluster.id, ids, result.code());
        return result;
    }

    /// What the tables say of an attribute binds who writes it by name; by number and type anything
    /// can be written.
    bool may_write(const NamedAttribute& attribute, std::string_view name,
                   const zcl::Value& value) {
        const auto* known = attribute.definition;
        if (!known || known->name != name)
            return true;
        if (!known->writable)
            problem = fmt::format("{} ({}) is not writable", name, known->id);
        else if (!known->is_in_range(value))
            problem = fmt::format("{} is out of its range", name);
        return problem.empty();
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
                                  store::compact_json(*value));
            return false;
        }
        if (!may_write(*attribute, std::string_view(name), *converted))
            return false;
        if (!take_manufacturer(attribute->definition, records.empty()))
            return false;
        auto& record = records.emplace_back();
        record.id = attribute->id;
        record.value = std::move(*converted);
        return true;
    }

    static Prepared write(const json::object& request, const Context& context) {
        auto result = begin(request, context);
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

    const zcl::CommandDefinition* command_named(const json::value& name, bool from_server) const {
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

    /// Commands of the server are for who plays it to a client.
    const zcl::CommandDefinition* find_command(const json::value& name,
                                               bool may_be_response) const {
        const auto* found = command_named(name, false);
        return found || !may_be_response ? found : command_named(name, true);
    }

    static Prepared command(const json::object& request, const Context& context,
                            bool takes_options) {
        auto result = begin(request, context, takes_options);
        if (!result.has_cluster)
            return result;
        const auto* name = request.if_contains("command");
        const bool from_server = is_from_server(result.options);
        const auto* found = name ? result.find_command(*name, from_server) : nullptr;
        if (!found)
            return failed(fmt::format("Cluster '{}' has no command {}", result.cluster_name(),
                                      name ? store::compact_json(*name) : "''"));
        auto parameters = parameters_of(*found, object_of(request, "payload"), result.problem);
        if (!parameters)
            return result;
        result.frame =
            zcl::cluster_command(*result.cluster.definition, *found, std::move(*parameters));
        if (const auto code = manufacturer_option(result.options); code != 0)
            result.frame.header.manufacturer = code;
        return result;
    }

    static Prepared global(const json::object& request, const Context& context) {
        auto result = begin(request, context);
        if (!result.has_cluster)
            return result;
        static const json::value nothing = json::object();
        const auto *name = request.if_contains("command"),
                   *payload = request.if_contains("payload");
        auto frame = global_frame(result.cluster, name ? *name : nothing,
                                  payload ? *payload : nothing, result.code(), result.problem);
        if (frame)
            result.frame = std::move(*frame);
        return result;
    }

    static bool is_from_server(const json::object& options) {
        return store::number_option(options, "direction") == 1.0;
    }

    static Prepared of(std::string_view key, const json::value& value, const Context& context) {
        auto result = parse(key, value, context);
        auto& header = result.frame.header;
        if (is_from_server(result.options))
            header.direction = zcl::Direction::server_to_client;
        if (const auto none = store::bool_option(result.options, "disableDefaultResponse"))
            header.disable_default_response = *none;
        return result;
    }

    static Prepared parse(std::string_view key, const json::value& value, const Context& context) {
        if (key == "reset") {
            const json::object request{{"cluster", "genBasic"}, {"command", "resetFactDefault"}};
            return command(request, context, false);
        }
        const auto* request = value.if_object();
        if (!request)
            return failed(
                fmt::format("{} is not an object, got {}", key, store::compact_json(value)));
        if (key == "read")
            return read(*request, context);
        if (key == "write")
            return write(*request, context);
        const bool is_global =
            key == "zclcommand" && store::number_option(*request, "frametype") == 0.0;
        return is_global ? global(*request, context)
                         : command(*request, context, key == "zclcommand");
    }
};

bool GenericKeys::knows(std::string_view key) noexcept {
    static constexpr std::array keys = {"read"sv, "write"sv, "command"sv, "reset"sv,
                                        "zclcommand"sv};
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

GenericKeys::Context GenericKeys::context_of(const KeyTarget& target) const {
    Context context;
    if (target.entity.is_device()) {
        if (const auto* device = network_.find(target.entity.ieee())) {
            context.manufacturer = device->manufacturer.value_or(0);
            context.custom = device->custom_clusters;
        }
        return context;
    }
    const auto* group = network_.find_group(target.entity.group());
    if (!group)
        return context;
    for (const auto& member : group->members)
        if (const auto* device = network_.find(member.ieee); device && context.custom.empty())
            context.custom = device->custom_clusters;
    return context;
}

Awaitable<Result<zcl::Frame>> GenericKeys::perform(KeyTarget target, Prepared prepared,
                                                   Bytes& keep) {
    const auto& options = prepared.options;
    auto& header = prepared.frame.header;
    if (target.no_default_response && !options.contains("disableDefaultResponse"))
        header.disable_default_response = true;
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
    request.allow_recovery = !store::bool_option(options, "disableRecovery").value_or(false);
    request.policy = policy_of(store::text_option(options, "sendPolicy").value_or(""));
    request.timeout = target.timeout.value_or(request.timeout);
    if (const auto timeout = store::number_option(options, "timeout"); timeout && *timeout >= 1)
        request.timeout = std::chrono::milliseconds(
            static_cast<std::int64_t>(std::min(*timeout, double(longest_timeout.count()))));
    auto reply = co_await network_.request(std::move(request));
    if (!reply)
        co_return reply.error();
    keep = std::move(reply->bytes);
    co_return std::move(reply->frame);
}

namespace {

/// zclcommand wants it only on request.
bool checks_status(std::string_view key, const json::value& value) {
    return key != "zclcommand" ||
           store::bool_option(value.get_object(), "check_status").value_or(false);
}

/// What a device answered beside the status of the whole: that of every attribute.
zcl::Status status_of(const zcl::Frame& reply) noexcept {
    if (const auto* records = reply.records())
        for (const auto& record : *records)
            if (record.status != zcl::Status::success)
                return record.status;
    return zcl::Status::success;
}

void say_done(std::string_view key, std::string_view cluster, const json::value& value) {
    const auto* request = value.if_object();
    const bool is_quiet =
        key == "zclcommand" && request && !store::bool_option(*request, "logging").value_or(false);
    const auto text = store::compact_json(value);
    if (is_quiet)
        log::debug(ns, "Did '{}' on cluster '{}': {}", key, cluster, text);
    else
        log::info(ns, "Did '{}' on cluster '{}': {}", key, cluster, text);
}

}  // namespace

Awaitable<plugin::CommandOutcome> GenericKeys::set(KeyTarget target, std::string key,
                                                   json::value value) {
    plugin::CommandOutcome outcome;
    if (key == "zclcommand" && target.entity.is_group()) {
        outcome.message = "Not an endpoint";
        co_return outcome;
    }
    auto prepared = Prepared::of(key, value, context_of(target));
    if (!prepared.problem.empty()) {
        outcome.message = std::move(prepared.problem);
        co_return outcome;
    }
    const auto cluster = prepared.cluster_name();
    Bytes bytes;
    const auto reply = co_await perform(target, std::move(prepared), bytes);
    if (!reply) {
        outcome.message = reply.error().message();
        co_return outcome;
    }
    const auto status = checks_status(key, value) ? status_of(*reply) : zcl::Status::success;
    if (status != zcl::Status::success) {
        outcome.message = make_error_code(status).message();
        co_return outcome;
    }
    outcome.ok = true;
    if (key != "read") {
        say_done(key, cluster, value);
        co_return outcome;
    }
    auto values = attributes_json(*reply);
    log::info(ns, "Read result of '{}': {}", cluster, store::compact_json(values));
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
