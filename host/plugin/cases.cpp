#include "plugin/cases.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "plugin/host.hpp"
#include "plugin/idle.hpp"

namespace waggle::plugin {

namespace json = boost::json;

namespace {

constexpr Ieee case_ieee(0x00158d0001020304);

/// What the author of a case file got wrong.
struct CaseError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

Bytes hex_of(const json::value& text) {
    auto bytes = from_hex(std::string_view(text.as_string()));
    if (!bytes)
        throw CaseError(fmt::format("not hexadecimal: {}", std::string_view(text.as_string())));
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

std::string without_blanks(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != ' ')
            out += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

/// Answers every request with the status of the step.
class CaseRadio : public Radio {
  public:
    std::vector<std::string> sent;
    zcl::Status answer = zcl::Status::success;

    Awaitable<RadioReply> perform(RadioRequest request) override {
        sent.push_back(
            fmt::format("{}/{} {}", request.endpoint, request.cluster, frame_text(request.frame)));
        RadioReply reply;
        if (request.kind == WG_REQUEST_WRITE)
            reply.frame.payload.emplace<zcl::Records>().emplace_back().status = answer;
        else if (answer != zcl::Status::success)
            reply.error = make_error_code(answer);
        co_return reply;
    }
};

/// Options and state out of the case; what is published goes into a list and into the state.
class CaseServices : public IdleServices {
  public:
    json::object options, cached;
    std::vector<json::object> published;

    void publish(const EntityRef&, json::object& properties) override {
        published.emplace_back(properties, json::storage_ptr());  // a copy would share the arena
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

std::vector<ClusterId> clusters_of(const json::object& endpoint, std::string_view key) {
    std::vector<ClusterId> clusters;
    if (const auto* list = endpoint.if_contains(key))
        for (const auto& item : list->as_array())
            clusters.push_back(item.to_number<ClusterId>());
    return clusters;
}

Device device_of(const json::object& description) {
    Device device;
    device.ieee = case_ieee;
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
    if (const auto type = text("type"))
        device.type = parse_device_type(*type).value_or(DeviceType::unknown);
    for (const auto& [id, value] : description.at("endpoints").as_object()) {
        const auto& object = value.as_object();
        Endpoint endpoint;
        endpoint.id = static_cast<EndpointId>(std::stoi(std::string(id)));
        endpoint.profile = profile_home_automation;
        endpoint.inputs = clusters_of(object, "inputs");
        endpoint.outputs = clusters_of(object, "outputs");
        device.endpoints.emplace(endpoint.id, std::move(endpoint));
    }
    return device;
}

PluginHostOptions options_of(const std::filesystem::path& plugin, const json::object& test) {
    PluginHostOptions options;
    options.extra = {plugin};
    if (const auto* version = test.if_contains("configuration_version"))
        options.configuration_version = version->to_number<std::uint32_t>();
    return options;
}

/// One case: a fresh plugin host around one device.
class Case {
  public:
    Case(const std::filesystem::path& plugin, const json::object& file, const json::object& test)
        : device_(device_of(file.at("device").as_object())),
          host_(
              context_.get_executor(), options_of(plugin, test), services_, radio_,
              [this](Ieee ieee) { return ieee == case_ieee ? &device_ : nullptr; },
              [](GroupId) -> Group* { return nullptr; }) {
        if (const auto* options = test.if_contains("options"))
            services_.options = options->as_object();
        if (const auto* state = test.if_contains("state"))
            services_.cached = state->as_object();
        host_.discover();
        bound_ = host_.bind(device_);
        if (const auto& problem = host_.plugins().at(0).problem; !problem.empty())
            throw CaseError(problem);
        const std::string_view wanted = file.at("model").as_string();
        if (!bound_ || bound_->definition().model() != wanted)
            throw CaseError(fmt::format("no definition {} matches the device", wanted));
    }

    void run(const json::object& step) {
        services_.published.clear();
        radio_.sent.clear();
        error_.clear();
        const auto* status = step.if_contains("answer_status");
        radio_.answer =
            static_cast<zcl::Status>(status ? status->to_number<std::uint8_t>() : std::uint8_t{0});
        if (const auto* in = step.if_contains("in"))
            receive(in->as_object());
        else if (const auto* set = step.if_contains("set"))
            set_all(set->as_object(), step);
        else if (const auto* get = step.if_contains("get"))
            start(step, get->as_string(), {}, {}, false);
        else if (step.contains("configure"))
            configure();
        else
            throw CaseError("a step has none of in, set, get, configure");
        settle();
        compare(step);
    }

  private:
    void settle() {
        context_.restart();
        context_.poll();
    }

    void receive(const json::object& in) {
        const auto bytes = hex_of(in.at("frame"));
        const auto cluster = in.at("cluster").to_number<ClusterId>();
        const auto frame = zcl::decode(bytes, cluster);
        auto& endpoint = device_.endpoints[in.at("endpoint").to_number<EndpointId>()];
        endpoint.id = in.at("endpoint").to_number<EndpointId>();
        ZclMessage message{.device = device_,
                           .endpoint = endpoint,
                           .cluster = cluster,
                           .frame = frame ? &*frame : nullptr,
                           .raw = bytes};
        if (const auto* group = in.if_contains("group"))
            message.group = group->to_number<GroupId>();
        Emissions emissions;
        bound_->convert(message, emissions);
        if (!emissions.empty())
            services_.publish(EntityRef::device(case_ieee), emissions.properties());
    }

    /// A row that takes several keys is run once, as the engine does it.
    void set_all(const json::object& message, const json::object& step) {
        std::vector<const wg_to_device*> used;
        for (const auto& [key, value] : message) {
            const auto* row = bound_->definition().to_device(key, endpoint_name(step));
            if (row && std::find(used.begin(), used.end(), row) != used.end())
                continue;
            used.push_back(row);
            start(step, key, value, message, true);
        }
    }

    static std::string_view endpoint_name(const json::object& step) {
        const auto* name = step.if_contains("endpoint");
        return name ? std::string_view(name->as_string()) : std::string_view();
    }

    void start(const json::object& step, std::string_view key, const json::value& value,
               const json::object& message, bool set) {
        const auto& definition = bound_->definition();
        const auto name = endpoint_name(step);
        const auto* row = definition.to_device(key, name);
        if (!row || (set ? row->set : row->get) == nullptr) {
            error_ = fmt::format("no converter for '{}'", key);
            return;
        }
        Command command;
        command.endpoint = name.empty() ? definition.default_endpoint(device_)
                                        : definition.endpoint(name).value_or(0);
        command.endpoint_name = name;
        command.key = key;
        command.value = value;
        command.message = message;
        const auto target = EntityRef::device(case_ieee);
        auto shared = host_.definition_of(case_ieee);
        auto task = set ? host_.set(target, std::move(shared), row, std::move(command))
                        : host_.get(target, std::move(shared), row, std::move(command));
        boost::asio::co_spawn(
            context_, std::move(task),
            [this](std::exception_ptr, CommandOutcome outcome) { finish(outcome); });
        settle();
    }

    void finish(CommandOutcome& outcome) {
        if (!outcome.ok)
            error_ = outcome.message;
        for (auto& [entity, state] : outcome.states)
            services_.publish(entity, state);
    }

    void configure() {
        bound_->apply_quirks(device_);
        boost::asio::co_spawn(context_, host_.configure(case_ieee, error_),
                              [](std::exception_ptr, const Result<void>&) {});
    }

    void compare(const json::object& step) const {
        json::array published(services_.published.begin(), services_.published.end());
        const auto* wanted = step.if_contains("published");
        if (published != (wanted ? wanted->as_array() : json::array()))
            throw CaseError(fmt::format("published {}", json::serialize(published)));

        std::vector<std::string> sent;
        if (const auto* list = step.if_contains("sent"))
            for (const auto& item : list->as_array())
                sent.push_back(fmt::format("{}/{} {}", item.at("endpoint").to_number<int>(),
                                           item.at("cluster").to_number<int>(),
                                           without_blanks(item.at("frame").as_string())));
        if (sent != radio_.sent)
            throw CaseError(fmt::format("sent [{}]", fmt::join(radio_.sent, ", ")));

        const auto* error = step.if_contains("error");
        if (error_ != (error ? std::string_view(error->as_string()) : std::string_view()))
            throw CaseError(fmt::format("said '{}'", error_));
    }

    boost::asio::io_context context_{1};
    CaseServices services_;
    CaseRadio radio_;
    Device device_;
    PluginHost host_;
    BoundDevice* bound_ = nullptr;
    std::string error_;
};

std::string run_case(const std::filesystem::path& plugin, const json::object& file,
                     const json::object& test) {
    std::size_t number = 0;
    try {
        Case running(plugin, file, test);
        for (const auto& step : test.at("steps").as_array()) {
            ++number;
            running.run(step.as_object());
        }
        return {};
    } catch (const std::exception& error) {
        return fmt::format("step {}: {}", number, error.what());
    }
}

}  // namespace

Result<std::vector<CaseResult>> run_cases(const std::filesystem::path& plugin,
                                          std::string_view case_file, std::string& problem) {
    boost::system::error_code error;
    const auto parsed = json::parse(case_file, error);
    if (error || !parsed.is_object() || !parsed.get_object().contains("cases") ||
        !parsed.get_object().contains("device") || !parsed.get_object().contains("model")) {
        problem = "the case file needs device, model and cases";
        return Errc::malformed;
    }
    std::vector<CaseResult> results;
    for (const auto& test : parsed.at("cases").as_array()) {
        const auto& object = test.as_object();
        results.push_back({std::string(object.at("name").as_string()),
                           run_case(plugin, parsed.get_object(), object)});
    }
    return results;
}

}  // namespace waggle::plugin
