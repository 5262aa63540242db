#include "plugin/case_bench.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/clock.hpp"
#include "plugin/host.hpp"
#include "plugin/idle.hpp"
#include "plugin/value.hpp"
#include "zigbee/clusters.hpp"

namespace waggle::plugin {

namespace json = boost::json;

namespace {

constexpr std::uint64_t first_ieee = 0x00158d0000000000;

Bytes hex_of(const json::value& text) {
    auto bytes = from_hex(std::string_view(text.as_string()));
    if (!bytes)
        throw std::runtime_error(
            fmt::format("not hexadecimal: {}", std::string_view(text.as_string())));
    return std::move(*bytes);
}

/// "145f11tt02…": the frame with its sequence number blanked.
std::string frame_text(const zcl::Frame& frame) {
    Bytes bytes;
    if (!zcl::encode(bytes, frame))
        return "a frame that cannot be encoded";
    auto text = to_hex(bytes);
    text.replace(frame.header.manufacturer ? 6 : 2, 2, "tt");
    return text;
}

std::vector<ClusterId> clusters_of(const json::object& endpoint, std::string_view key) {
    std::vector<ClusterId> clusters;
    if (const auto* list = endpoint.if_contains(key))
        for (const auto& item : list->as_array())
            clusters.push_back(item.to_number<ClusterId>());
    return clusters;
}

/// An attribute of the description: a value of the type that the tables say, or {"type", "value"}.
std::optional<zcl::Value> attribute_of(const json::value& described, ClusterId cluster,
                                       std::uint16_t id, ManufacturerCode manufacturer) {
    auto type = zcl::DataType::uint16;
    const auto* tables = zcl::find_cluster(cluster, manufacturer);
    if (const auto* known = tables ? tables->attribute(id, manufacturer) : nullptr)
        type = known->type;
    const json::value* value = &described;
    Bytes octets;
    if (const auto* object = described.if_object()) {
        type = static_cast<zcl::DataType>(object->at("type").to_number<std::uint8_t>());
        value = &object->at("value");
    }
    wg_value raw = wg_null();
    if (value->is_string() && type == zcl::DataType::octet_string) {
        octets = hex_of(*value);
        raw = wg_octets({octets.data(), octets.size()});
    } else if (const auto* text = value->if_string())
        raw = wg_string(to_wg(std::string_view(*text)));
    else if (const auto* flag = value->if_bool())
        raw = wg_int(*flag);
    else if (value->is_double())
        raw = wg_double(value->as_double());
    else
        raw = wg_int(value->to_number<std::int64_t>());
    auto result = to_zcl(raw, type);
    if (!result)
        return std::nullopt;
    return std::move(*result);
}

Device device_of(const json::object& description, Ieee ieee) {
    Device device;
    device.ieee = ieee;
    device.address = 0x1234;
    device.interview = InterviewState::successful;
    const auto text = [&](std::string_view key) -> std::optional<std::string> {
        if (const auto* value = description.if_contains(key))
            return std::string(value->as_string());
        return std::nullopt;
    };
    device.model_id = text("model_id");
    device.manufacturer_name = text("manufacturer_name");
    device.power_source = text("power_source");
    if (const auto* code = description.if_contains("manufacturer"))
        device.manufacturer = code->to_number<ManufacturerCode>();
    if (const auto type = text("type"))
        device.type = parse_device_type(*type).value_or(DeviceType::unknown);
    for (const auto& [id, value] : description.at("endpoints").as_object()) {
        const auto& object = value.as_object();
        Endpoint endpoint;
        endpoint.id = static_cast<EndpointId>(std::stoi(std::string(id)));
        endpoint.profile = profile_home_automation;
        if (const auto* kind = object.if_contains("device_id"))
            endpoint.device_id = kind->to_number<std::uint16_t>();
        endpoint.inputs = clusters_of(object, "inputs");
        endpoint.outputs = clusters_of(object, "outputs");
        if (const auto* known = object.if_contains("known"))
            for (const auto& [cluster, attributes] : known->as_object())
                for (const auto& [attribute, held] : attributes.as_object()) {
                    const auto c = static_cast<ClusterId>(std::stoi(std::string(cluster)));
                    const auto a = static_cast<std::uint16_t>(std::stoi(std::string(attribute)));
                    if (const auto decoded = attribute_of(held, c, a, 0))
                        endpoint.remember(c, a, *decoded);
                }
        device.endpoints.emplace(endpoint.id, std::move(endpoint));
    }
    return device;
}

/// Answers reads from the description's attributes, everything else with the status of the step.
class BenchRadio : public Radio {
  public:
    json::array sent;
    json::object endpoints;  ///< of the description
    zcl::Status status = zcl::Status::success;
    Bytes answer;  ///< of the step: what every request is answered with
    /// Told of the answer to a read before the request is over, as the network does it.
    std::function<void(EndpointId, ClusterId, const Bytes&)> on_answer;

    Awaitable<RadioReply> perform(RadioRequest request) override {
        note(request);
        RadioReply reply;
        if (!answer.empty())
            decode_into(reply, answer, request.cluster);
        else if (request.kind == WG_REQUEST_READ)
            read(request, reply);
        else if (request.kind == WG_REQUEST_WRITE || request.kind == WG_REQUEST_WRITE_UNDIVIDED)
            reply.frame.payload.emplace<zcl::Records>().emplace_back().status = status;
        else if (status != zcl::Status::success)
            reply.error = make_error_code(status);
        co_return reply;
    }

  private:
    void note(const RadioRequest& request) {
        json::object item;
        if (request.entity.is_group())
            item["group"] = request.entity.group;
        else
            item["endpoint"] = request.endpoint;
        item["cluster"] = request.cluster;
        switch (request.kind) {
            case WG_REQUEST_BIND: item["bind"] = true; break;
            case WG_REQUEST_UNBIND: item["unbind"] = true; break;
            case WG_REQUEST_ADD_TO_GROUP: item["add_to_group"] = request.group; break;
            case WG_REQUEST_REMOVE_FROM_GROUP: item["remove_from_group"] = request.group; break;
            case WG_REQUEST_CONFIGURE_REPORTING: item["reporting"] = reportings(request); break;
            default:
                item["frame"] = request.frame_bytes.empty() ? frame_text(request.frame)
                                                            : to_hex(request.frame_bytes);
        }
        sent.push_back(std::move(item));
    }

    static json::array reportings(const RadioRequest& request) {
        json::array list;
        for (const auto& reporting : request.reportings) {
            json::object item;
            item["attribute"] = reporting.attribute;
            item["minimum"] = reporting.minimum_interval;
            item["maximum"] = reporting.maximum_interval;
            item["change"] = to_json(wg_double(reporting.reportable_change));
            list.push_back(std::move(item));
        }
        return list;
    }

    static void decode_into(RadioReply& reply, Bytes bytes, ClusterId cluster) {
        reply.bytes = std::move(bytes);
        auto frame = zcl::decode(reply.bytes, cluster);
        if (frame)
            reply.frame = std::move(*frame);
        else
            reply.error = frame.error();
    }

    const json::value* held(EndpointId endpoint, ClusterId cluster, std::uint16_t id) const {
        const json::value* at = endpoints.if_contains(std::to_string(endpoint));
        for (const auto& key :
             {std::string("attributes"), std::to_string(cluster), std::to_string(id)}) {
            const auto* object = at ? at->if_object() : nullptr;
            at = object ? object->if_contains(key) : nullptr;
        }
        return at;
    }

    void read(const RadioRequest& request, RadioReply& reply) {
        zcl::Frame frame = request.frame;
        zcl::Records records;
        for (const auto& wanted : *request.frame.records()) {
            auto& record = records.emplace_back();
            record.id = wanted.id;
            record.status =
                status == zcl::Status::success ? zcl::Status::unsupported_attribute : status;
            const auto* described = held(request.endpoint, request.cluster, wanted.id);
            if (!described || status != zcl::Status::success)
                continue;
            if (auto value = attribute_of(*described, request.cluster, wanted.id,
                                          frame.header.manufacturer.value_or(0))) {
                record.status = zcl::Status::success;
                record.value = std::move(*value);
            }
        }
        frame.payload = std::move(records);
        frame.header.command = static_cast<std::uint8_t>(zcl::Global::read_response);
        frame.header.direction = zcl::Direction::server_to_client;
        sequence_ = sequence_ == 255 ? 201 : static_cast<std::uint8_t>(sequence_ + 1);
        frame.header.sequence = sequence_;
        Bytes bytes;
        if (!zcl::encode(bytes, frame))
            throw std::runtime_error("an attribute of the device cannot be encoded");
        on_answer(request.endpoint, request.cluster, bytes);
        decode_into(reply, std::move(bytes), request.cluster);
    }

    std::uint8_t sequence_ = 200;  ///< apart from those of the frames that cases give
};

/// Options and state out of the case; what is published goes into a list and into the state.
class BenchServices : public IdleServices {
  public:
    json::object options, cached;
    json::array published;

    void publish(const EntityRef&, json::object& properties) override {
        published.push_back(properties);
        for (const auto& [name, value] : properties)
            if (name != "action" && name != "click")
                cached[name] = value;
    }
    const json::value* option(const EntityRef&, std::string_view name) override {
        return options.if_contains(name);
    }
    const json::value* state(const EntityRef&, std::string_view name) override {
        return cached.if_contains(name);
    }
    std::string friendly_name(const EntityRef&) override { return "device"; }
};

PluginHostOptions options_of(const std::filesystem::path& plugin, std::uint32_t version) {
    PluginHostOptions options;
    options.extra = {plugin};
    options.configuration_version = version;
    options.slow_callback = std::chrono::hours(1);
    return options;
}

std::string_view endpoint_name(const json::object& step) {
    const auto* name = step.if_contains("endpoint");
    return name ? std::string_view(name->as_string()) : std::string_view();
}

}  // namespace

std::string plain_hex(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != ' ')
            out += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

struct CaseBench::Impl {
    Impl(const std::filesystem::path& plugin, std::uint32_t version)
        : host(
              context.get_executor(), options_of(plugin, version), services, radio,
              [this](Ieee ieee) { return ieee == device.ieee ? &device : nullptr; },
              [](GroupId) -> Group* { return nullptr; }) {
        Clock::use_virtual_time();
        radio.on_answer = [this](EndpointId endpoint, ClusterId cluster, const Bytes& bytes) {
            receive(endpoint, cluster, bytes, 0);
        };
        host.discover();
    }

    BoundDevice* bound() { return host.find(device.ieee); }

    void settle() {
        context.restart();
        context.poll();
    }

    /// Timers look at the clock again within a millisecond of real time.
    void advance(std::chrono::milliseconds by) {
        Clock::advance(by);
        context.restart();
        context.run_for(std::chrono::milliseconds(3));
    }

    /// Commands under way wait for nothing but time.
    void finish() {
        settle();
        for (int i = 0; waiting != 0 && i < 600; ++i)
            advance(std::chrono::milliseconds(100));
        if (waiting != 0)
            errors.emplace_back("it never ended");
    }

    void receive(EndpointId id, ClusterId cluster, const Bytes& bytes, GroupId group) {
        const auto frame = zcl::decode(bytes, cluster, device.custom_clusters);
        auto& endpoint = device.endpoints[id];
        endpoint.id = id;
        ZclMessage message{.device = device,
                           .endpoint = endpoint,
                           .cluster = cluster,
                           .frame = frame ? &*frame : nullptr,
                           .raw = bytes};
        message.group = group;
        remember(endpoint, message);
        if (!bound())
            return;
        Emissions emissions;
        bound()->convert(message, emissions);
        if (!emissions.empty())
            services.publish(EntityRef::device(device.ieee), emissions.properties());
    }

    /// As the network floor does with what a device says of its attributes.
    static void remember(Endpoint& endpoint, const ZclMessage& message) {
        const auto kind = kind_of(message);
        if (kind != WG_REPORT && kind != WG_READ_RESPONSE)
            return;
        const auto* records = message.frame->records();
        const auto manufacturer = message.frame->header.manufacturer.value_or(0);
        const auto* tables = message.frame->cluster_definition;
        for (const auto& record : records ? *records : zcl::Records{}) {
            const auto* known = tables ? tables->attribute(record.id, manufacturer) : nullptr;
            const bool is_valid =
                !known || known->is_absent(record.value) || known->is_in_range(record.value);
            if (record.status == zcl::Status::success && is_valid)
                endpoint.remember(message.cluster, record.id, record.value, manufacturer);
        }
    }

    /// A row that takes several keys is run once, as the engine does it.
    void set_all(const json::object& message, const json::object& step) {
        std::vector<std::pair<const wg_to_device*, std::string>> used;
        for (const auto& [key, value] : ordered(message)) {
            const auto [plain, name] = split(key, endpoint_name(step));
            const auto* row = bound()->definition().to_device(plain, name);
            const std::pair<const wg_to_device*, std::string> use(row, name);
            if (row && std::find(used.begin(), used.end(), use) != used.end())
                continue;
            used.push_back(use);
            start(name, plain, value, without_suffix(message, name), true);
        }
    }

    /// State and brightness last, first when the light is switched off, as zigbee2mqtt has it.
    static std::vector<std::pair<std::string, json::value>> ordered(const json::object& message) {
        const auto is_late = [](const auto& item) {
            return item.first == "state" || item.first == "brightness" ||
                   item.first == "brightness_percent";
        };
        std::vector<std::pair<std::string, json::value>> items;
        for (const auto& [key, value] : message)
            items.emplace_back(key, value);
        const auto* state = message.if_contains("state");
        const auto* text = state ? state->if_string() : nullptr;
        const bool off =
            text && text->size() == 3 && (text->front() == 'o' || text->front() == 'O');
        std::stable_partition(items.begin(), items.end(),
                              [&](const auto& item) { return is_late(item) == off; });
        return items;
    }

    /// "state_left" -> "state" and "left".
    std::pair<std::string, std::string> split(std::string_view key, std::string_view named) {
        for (const auto& endpoint : bound()->definition().endpoint_names()) {
            const auto suffix = "_" + std::string(view(endpoint.name));
            if (suffix != "_default" && key.size() > suffix.size() && key.ends_with(suffix))
                return {std::string(key.substr(0, key.size() - suffix.size())), suffix.substr(1)};
        }
        return {std::string(key), std::string(named)};
    }

    static json::object without_suffix(const json::object& message, const std::string& name) {
        json::object result;
        for (const auto& [key, value] : message) {
            std::string_view text = key;
            if (!name.empty() && text.ends_with("_" + name))
                text.remove_suffix(name.size() + 1);
            result[text] = value;
        }
        return result;
    }

    void start(const std::string& name, std::string_view key, const json::value& value,
               const json::object& message, bool set) {
        const auto& definition = bound()->definition();
        const auto* row = definition.to_device(key, name);
        if (!row || (set ? row->set : row->get) == nullptr) {
            errors.emplace_back(fmt::format("no converter for '{}'", key));
            return;
        }
        Command command;
        command.endpoint = name.empty() ? definition.default_endpoint(device)
                                        : definition.endpoint(name).value_or(0);
        command.endpoint_name = name;
        command.key = key;
        command.value = value;
        command.message = message;
        const auto target = EntityRef::device(device.ieee);
        auto shared = host.definition_of(device.ieee);
        auto task = set ? host.set(target, std::move(shared), row, std::move(command))
                        : host.get(target, std::move(shared), row, std::move(command));
        ++waiting;
        boost::asio::co_spawn(context, std::move(task),
                              [this, name](std::exception_ptr, CommandOutcome outcome) {
                                  --waiting;
                                  ended(outcome, name);
                              });
        finish();
    }

    void ended(CommandOutcome& outcome, const std::string& name) {
        if (!outcome.ok)
            errors.emplace_back(outcome.message);
        for (auto& [entity, state] : outcome.states)
            for (const auto& [key, value] : state)
                together[name.empty() ? std::string(key) : std::string(key) + "_" + name] = value;
    }

    void configure() {
        bound()->apply_quirks(device);
        ++waiting;
        boost::asio::co_spawn(context, host.configure(device.ieee, problem),
                              [this](std::exception_ptr, const Result<void>&) { --waiting; });
        finish();
        if (!problem.empty())
            errors.emplace_back(std::exchange(problem, {}));
    }

    void take(const json::object& step) {
        if (const auto* in = step.if_contains("in")) {
            const auto& message = in->as_object();
            const auto* group = message.if_contains("group");
            receive(message.at("endpoint").to_number<EndpointId>(),
                    message.at("cluster").to_number<ClusterId>(), hex_of(message.at("frame")),
                    group ? group->to_number<GroupId>() : GroupId{0});
        } else if (const auto* set = step.if_contains("set")) {
            set_all(set->as_object(), step);
        } else if (const auto* get = step.if_contains("get")) {
            const auto [key, name] = split(get->as_string(), endpoint_name(step));
            start(name, key, {}, {}, false);
        } else if (step.contains("configure")) {
            configure();
        } else if (const auto* wait = step.if_contains("wait")) {
            advance(std::chrono::milliseconds(wait->to_number<std::int64_t>()));
        } else if (const auto* event = step.if_contains("event")) {
            bound()->event(event->to_number<wg_event_type>());
        } else {
            throw std::runtime_error("a step has none of in, set, get, configure, wait, event");
        }
        finish();
        if (!together.empty()) {
            auto state = std::exchange(together, {});
            services.publish(EntityRef::device(device.ieee), state);
        }
    }

    boost::asio::io_context context{1};
    BenchServices services;
    BenchRadio radio;
    Device device;
    PluginHost host;
    std::uint64_t placed = 0;
    int waiting = 0;        ///< commands under way
    json::object together;  ///< the state that the commands of a step brought about
    json::array errors;
    std::string problem;
};

CaseBench::CaseBench(const std::filesystem::path& plugin, std::uint32_t configuration_version)
    : impl_(new Impl(plugin, configuration_version)) {
}
CaseBench::~CaseBench() = default;

std::string CaseBench::problem() const {
    const auto& plugins = impl_->host.plugins();
    return plugins.empty() ? std::string("there is no such plugin") : plugins.front().problem;
}

void CaseBench::place(const json::object& device, json::object options, json::object state) {
    auto& self = *impl_;
    if (self.bound())
        self.host.unbind(self.device.ieee);
    self.device = device_of(device, Ieee(first_ieee + ++self.placed));
    self.radio.endpoints = device.at("endpoints").as_object();
    self.services.options = std::move(options);
    self.services.cached = std::move(state);
    self.waiting = 0;
    self.host.bind(self.device);
}

std::string CaseBench::model() const {
    auto* bound = impl_->bound();
    return bound ? std::string(bound->definition().model()) : std::string();
}

json::object CaseBench::definition() const {
    return impl_->bound() ? impl_->host.definition_json(impl_->device, "") : json::object();
}

std::string CaseBench::power_source() const {
    return impl_->device.power_source.value_or("");
}

StepResult CaseBench::run(const json::object& step) {
    auto& self = *impl_;
    self.services.published.clear();
    self.radio.sent.clear();
    self.errors.clear();
    const auto* status = step.if_contains("answer_status");
    self.radio.status =
        static_cast<zcl::Status>(status ? status->to_number<std::uint8_t>() : std::uint8_t{0});
    const auto* answer = step.if_contains("answer");
    self.radio.answer = answer ? hex_of(*answer) : Bytes();
    self.take(step);
    return {self.services.published, self.radio.sent, self.errors};
}

}  // namespace waggle::plugin
