#include <charconv>
#include <utility>

#include <boost/json.hpp>

#include "network/persistence.hpp"
#include "network/persistence_values.hpp"
#include "store/database_file.hpp"
#include "store/json_text.hpp"

namespace waggle::network {

namespace json = boost::json;

namespace {

template <class Number>
std::optional<Number> number_in(const std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number)
                                                                    : std::nullopt;
}

/// The members of an object that were understood, and in the end those that were not.
class Members {
  public:
    explicit Members(const json::object& object) : object_(object), taken_(object.size()) {}

    template <class Number>
    bool number(std::string_view key, Number& field) {
        const auto* value = object_.if_contains(key);
        std::int64_t number = 0;
        if (value && value->is_double() && std::abs(value->get_double()) < 9e15)
            number = static_cast<std::int64_t>(value->get_double());
        else if (value && value->is_int64())
            number = value->get_int64();
        else
            return false;
        if (!std::in_range<Number>(number))
            return false;
        field = static_cast<Number>(number);
        return take(key);
    }
    template <class Number>
    void number(std::string_view key, std::optional<Number>& field) {
        Number value{};
        if (number(key, value))
            field = value;
    }
    void text(std::string_view key, std::optional<std::string>& field) {
        if (const auto* text = string(key)) {
            field = std::string(text->data(), text->size());
            take(key);
        }
    }
    const json::string* string(std::string_view key) const {
        const auto* value = object_.if_contains(key);
        return value ? value->if_string() : nullptr;
    }
    const json::array* array(std::string_view key) {
        const auto* value = object_.if_contains(key);
        const auto* array = value ? value->if_array() : nullptr;
        return array && take(key) ? array : nullptr;
    }
    const json::object* object(std::string_view key) {
        const auto* value = object_.if_contains(key);
        const auto* object = value ? value->if_object() : nullptr;
        return object && take(key) ? object : nullptr;
    }
    bool take(std::string_view key) {
        const auto found = object_.find(key);
        if (found != object_.end())
            taken_[static_cast<std::size_t>(found - object_.begin())] = true;
        return true;
    }
    json::object rest() const {
        json::object rest;
        for (std::size_t i = 0; i < taken_.size(); ++i)
            if (!taken_[i]) {
                const auto& member = *(object_.begin() + static_cast<std::ptrdiff_t>(i));
                rest.emplace(member.key(), member.value());
            }
        return rest;
    }

  private:
    const json::object& object_;
    std::vector<bool> taken_;
};

std::string text_of(const json::value& value) {
    return store::compact_json(value);
}

std::string text_unless_empty(json::object object) {
    return object.empty() ? std::string() : text_of(json::value(std::move(object)));
}

/// Names that zigbee2mqtt gave up.
std::string_view current_cluster_name(std::string_view name) noexcept {
    if (name == "piRetailTunnel")
        return "retailTunnel";
    if (name == "tunneling")
        return "seTunneling";
    if (name == "haMeterIdentification")
        return "seMeterIdentification";
    return name;
}

const zcl::ClusterDefinition* cluster_of(ClusterId id, const Device& device) noexcept {
    return zcl::find_cluster(id, device.manufacturer.value_or(0));
}

/// One attribute of the file into the cache; false when it has to keep its JSON.
bool read_attribute(Endpoint& endpoint, ClusterId cluster, const zcl::ClusterDefinition* definition,
                    std::string_view key, const json::value& value) {
    const auto* attribute = definition ? definition->attribute(key) : nullptr;
    const auto id = attribute ? std::optional(attribute->id) : number_in<std::uint16_t>(key);
    if (!id)
        return false;
    const auto parsed =
        value_from_json(value, attribute ? attribute->type : zcl::DataType::unknown);
    if (parsed)
        endpoint.remember(cluster, *id, *parsed, attribute ? attribute->manufacturer : 0);
    return parsed.has_value();
}

/// -> {clusterName: {"attributes": {…}}} of what was not understood
json::object read_clusters(Endpoint& endpoint, const Device& device, const json::object& clusters) {
    json::object unknown;
    for (const auto& member : clusters) {
        const auto name = current_cluster_name({member.key().data(), member.key().size()});
        const auto* by_name = zcl::find_cluster(name);
        const auto id = by_name ? std::optional(by_name->id) : number_in<ClusterId>(name);
        const auto* entry = member.value().if_object();
        const auto* attributes = entry ? entry->if_contains("attributes") : nullptr;
        if (entry && !attributes)
            attributes = entry->if_contains("attrs");
        if (!attributes || !attributes->is_object()) {
            unknown.emplace(name, member.value());
            continue;
        }
        json::object rest;
        for (const auto& attribute : attributes->get_object()) {
            const std::string_view key{attribute.key().data(), attribute.key().size()};
            const auto* definition = by_name ? by_name : id ? cluster_of(*id, device) : nullptr;
            if (!id || !read_attribute(endpoint, *id, definition, key, attribute.value()))
                rest.emplace(key, attribute.value());
        }
        if (!rest.empty())
            unknown.emplace(name, json::object{{"attributes", std::move(rest)}});
    }
    return unknown;
}

void read_cluster_list(const json::array* list, std::vector<ClusterId>& clusters) {
    if (!list)
        return;
    for (const auto& entry : *list)
        if (entry.is_int64() && std::in_range<ClusterId>(entry.get_int64()))
            clusters.push_back(static_cast<ClusterId>(entry.get_int64()));
}

std::optional<StoredBinding> read_binding(const json::value& value) {
    if (!value.is_object())
        return std::nullopt;
    Members members(value.get_object());
    StoredBinding binding;
    if (!members.number("cluster", binding.cluster))
        return std::nullopt;
    GroupId group = 0;
    if (members.number("groupID", group)) {
        binding.target.group = group;
        return binding;
    }
    const auto* text = members.string("deviceIeeeAddress");
    const auto ieee = text ? Ieee::parse({text->data(), text->size()}) : std::nullopt;
    if (!ieee || !members.number("endpointID", binding.target.endpoint))
        return std::nullopt;
    binding.target.ieee = *ieee;
    return binding;
}

std::optional<ConfiguredReporting> read_reporting(const json::value& value) {
    if (!value.is_object())
        return std::nullopt;
    Members members(value.get_object());
    ConfiguredReporting item;
    if (!members.number("cluster", item.cluster) || !members.number("attrId", item.attribute) ||
        !members.number("minRepIntval", item.minimum_interval) ||
        !members.number("maxRepIntval", item.maximum_interval))
        return std::nullopt;
    members.number("manufacturerCode", item.manufacturer);
    const auto* change = value.get_object().if_contains("repChange");
    item.reportable_change.reset();
    if (change && change->is_number())
        item.reportable_change = change->to_number<double>();
    else if (const auto* text = change ? change->if_string() : nullptr)  // 56 and 64 bits
        item.reportable_change =
            static_cast<double>(number_in<std::int64_t>({text->data(), text->size()}).value_or(0));
    return item;
}

Endpoint read_endpoint(EndpointId id, const Device& device, const json::object& object) {
    Members members(object);
    Endpoint endpoint;
    endpoint.id = id;
    members.take("epId");
    members.number("profId", endpoint.profile);
    members.number("devId", endpoint.device_id);
    read_cluster_list(members.array("inClusterList"), endpoint.inputs);
    read_cluster_list(members.array("outClusterList"), endpoint.outputs);
    if (const auto* binds = members.array("binds"))
        for (const auto& entry : *binds)
            if (const auto binding = read_binding(entry))
                endpoint.bindings.push_back(*binding);
    if (const auto* reportings = members.array("configuredReportings"))
        for (const auto& entry : *reportings)
            if (const auto item = read_reporting(entry))
                endpoint.reportings.push_back(*item);
    if (const auto* meta = members.object("meta"); meta && !meta->empty())
        endpoint.meta_json = text_of(*meta);
    json::object unknown_clusters;
    if (const auto* clusters = members.object("clusters"))
        unknown_clusters = read_clusters(endpoint, device, *clusters);
    auto rest = members.rest();
    if (!unknown_clusters.empty())
        rest.emplace("clusters", std::move(unknown_clusters));
    endpoint.unknown_json = text_unless_empty(std::move(rest));
    return endpoint;
}

/// Files older than interviewState have only interviewCompleted.
InterviewState read_interview_state(Members& members, const json::object& row) {
    members.take("interviewState");
    members.take("interviewCompleted");
    const auto* state = members.string("interviewState");
    if (!state) {
        const auto* completed = row.if_contains("interviewCompleted");
        return completed && *completed == true ? InterviewState::successful
                                               : InterviewState::failed;
    }
    if (*state == "SUCCESSFUL")
        return InterviewState::successful;
    return *state == "FAILED" ? InterviewState::failed : InterviewState::pending;
}

void read_identity(Members& members, Device& device) {
    members.number("manufId", device.manufacturer);
    members.text("manufName", device.manufacturer_name);
    members.text("powerSource", device.power_source);
    if (device.power_source == "Unknown")
        device.power_source.reset();
    members.text("modelId", device.model_id);
    members.number("appVersion", device.application_version);
    members.number("stackVersion", device.stack_version);
    members.number("hwVersion", device.hardware_version);
    members.text("dateCode", device.date_code);
    members.text("swBuildId", device.software_build_id);
    members.number("zclVersion", device.zcl_version);
}

void read_green_power_key(Members& members, Device& device) {
    const auto* numbers = members.array("gpSecurityKey");
    if (!numbers || numbers->size() != 16)
        return;
    auto& key = device.green_power_key.emplace();
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] =
            static_cast<std::uint8_t>((*numbers)[i].is_int64() ? (*numbers)[i].get_int64() : 0);
}

/// One check-in interval when it is known, a day for a device with poll control, else none
/// [zigbee-flows 5.1].
Clock::duration request_timeout_of(const Device& device) {
    if (device.checkin_interval)
        return std::chrono::seconds(*device.checkin_interval);
    constexpr ClusterId poll_control = 0x0020;
    if (device.endpoint_with_input(poll_control))
        return std::chrono::hours(24);
    return Clock::duration::zero();
}

void read_endpoints(Members& members, Device& device) {
    members.take("epList");
    const auto* endpoints = members.object("endpoints");
    if (!endpoints)
        return;
    for (const auto& member : *endpoints) {
        const auto id = number_in<EndpointId>({member.key().data(), member.key().size()});
        if (id && member.value().is_object())
            device.endpoints[*id] = read_endpoint(*id, device, member.value().get_object());
    }
}

/// nullptr: there is no usable address.
std::unique_ptr<Device> read_device(const json::object& row, DeviceType type) {
    Members members(row);
    auto device = std::make_unique<Device>();
    members.take("type");
    device->type = type;
    members.number("id", device->database_id);
    const auto* text = members.string("ieeeAddr");
    const auto ieee = text ? Ieee::parse({text->data(), text->size()}) : std::nullopt;
    if (!ieee)
        return nullptr;
    members.take("ieeeAddr");
    device->ieee = *ieee;
    members.number("nwkAddr", device->address);
    read_identity(members, *device);
    read_endpoints(members, *device);
    device->interview = read_interview_state(members, row);
    if (const auto* meta = members.object("meta"))
        device->meta_json = text_of(*meta);
    members.number("lastSeen", device->last_seen);
    members.number("checkinInterval", device->checkin_interval);
    read_green_power_key(members, *device);
    if (const auto* ota = members.object("scheduledOta"))
        device->scheduled_ota_json = text_of(*ota);
    device->unknown_json = text_unless_empty(members.rest());
    device->pending_request_timeout = request_timeout_of(*device);
    return device;
}

std::unique_ptr<Group> read_group(const json::object& row) {
    Members members(row);
    auto group = std::make_unique<Group>();
    members.take("type");
    members.number("id", group->database_id);
    if (!members.number("groupID", group->id))
        return nullptr;
    if (const auto* list = members.array("members"))
        for (const auto& entry : *list) {
            if (!entry.is_object())
                continue;
            Members member(entry.get_object());
            GroupMember added;
            const auto* text = member.string("deviceIeeeAddr");
            const auto ieee = text ? Ieee::parse({text->data(), text->size()}) : std::nullopt;
            if (!ieee || !member.number("endpointID", added.endpoint))
                continue;
            added.ieee = *ieee;
            group->members.push_back(added);
        }
    if (const auto* meta = members.object("meta"))
        group->meta_json = text_of(*meta);
    group->unknown_json = text_unless_empty(members.rest());
    return group;
}

Row read_entry(const json::object& entry) {
    Row row;
    Members members(entry);
    members.number("id", row.id);
    const auto* kind = members.string("type");
    const std::string_view type = kind ? std::string_view(kind->data(), kind->size()) : "";
    if (type == "Group")
        row.group = read_group(entry);
    else if (const auto device_type = parse_device_type(type))
        row.device = read_device(entry, *device_type);
    if (!row.group && !row.device)
        row.text = text_of(entry);
    return row;
}

}  // namespace

Result<Row> read_row(std::string_view line) {
    const auto content = store::parse_database(line);
    if (content.entries.size() != 1)
        return Errc::malformed;
    return read_entry(content.entries.front());
}

Result<LoadedRows> load_rows(const std::string& path, std::string& problem) {
    const auto content = store::load_database(path);
    if (!content) {
        problem = content.error().message;
        return Errc::io_error;
    }
    LoadedRows loaded;
    loaded.rows.reserve(content->entries.size());
    for (const auto& entry : content->entries)
        loaded.rows.push_back(read_entry(entry));
    if (!content->bad_lines.empty())
        loaded.problem = path + ": " + std::to_string(content->bad_lines.size()) +
                         " damaged line(s) were left out; the original is kept as " +
                         content->damaged_copy.string();
    return loaded;
}

}  // namespace waggle::network
