#include "network/protocol_services.hpp"

#include <array>

#include "base/log.hpp"
#include "network/attribute_access.hpp"
#include "network/identity.hpp"

namespace waggle::network {

/// A cluster command to which something particular is answered.
struct ProtocolServices::Question {
    Ieee device;
    EndpointId endpoint = 0;
    ClusterId cluster = 0;
    zcl::Header header;
};

namespace {

constexpr ClusterId time_cluster = 0x000A, poll_control_cluster = 0x0020, ias_zone_cluster = 0x0500;
constexpr std::uint8_t enrol_request = 0x01, check_in_command = 0x00;

/// Defaults of genBasic's attributes [ZCL8 3.2.2.2], which the coordinator gives as its own.
struct BasicDefault {
    std::uint16_t id;
    zcl::DataType type;
    std::uint8_t number;
};
constexpr std::array<BasicDefault, 21> basic_defaults = {{
    {0x0000, zcl::DataType::uint8, 8},        {0x0001, zcl::DataType::uint8, 0},
    {0x0002, zcl::DataType::uint8, 0},        {0x0003, zcl::DataType::uint8, 0},
    {0x0004, zcl::DataType::char_string, 0},  {0x0005, zcl::DataType::char_string, 0},
    {0x0006, zcl::DataType::char_string, 0},  {0x0007, zcl::DataType::enum8, 0xFF},
    {0x0008, zcl::DataType::enum8, 0xFF},     {0x0009, zcl::DataType::enum8, 0xFF},
    {0x000A, zcl::DataType::octet_string, 0}, {0x000B, zcl::DataType::char_string, 0},
    {0x000C, zcl::DataType::char_string, 0},  {0x000D, zcl::DataType::char_string, 0},
    {0x000E, zcl::DataType::char_string, 0},  {0x0010, zcl::DataType::char_string, 0},
    {0x0011, zcl::DataType::enum8, 0},        {0x0012, zcl::DataType::boolean, 1},
    {0x0013, zcl::DataType::bitmap8, 0},      {0x0014, zcl::DataType::bitmap8, 0},
    {0x4000, zcl::DataType::char_string, 0},
}};

std::optional<zcl::Value> basic_attribute(std::uint16_t id) {
    for (const auto& known : basic_defaults) {
        if (known.id != id)
            continue;
        if (known.type == zcl::DataType::char_string)
            return zcl::make_text("");
        if (known.type == zcl::DataType::octet_string)
            return zcl::make_octets({});
        return zcl::make_unsigned(known.type, known.number);
    }
    return std::nullopt;
}

bool is_from_server(const zcl::Header& header, std::uint8_t command) noexcept {
    return header.type == zcl::FrameType::cluster &&
           header.direction == zcl::Direction::server_to_client && header.command == command;
}

/// Of clusters that a manufacturer defined; a standard cluster's answer has none, whatever the
/// question had.
std::optional<ManufacturerCode> code_for_answer(const zcl::ClusterDefinition* cluster) noexcept {
    if (!cluster || cluster->manufacturer == 0)
        return std::nullopt;
    return cluster->manufacturer;
}

}  // namespace

void ProtocolServices::received(const ZclMessage& message, EndpointId local) {
    auto& device = message.device;
    const auto& frame = *message.frame;
    if (device.type == DeviceType::green_power)
        return;
    if (frame.is(zcl::Global::read)) {
        if (!core_->read_hook || !core_->read_hook(message))
            answer_read(message, local);
        return;
    }
    const Question question{device.ieee, message.endpoint.id, frame.cluster, frame.header};
    if (frame.cluster == ias_zone_cluster && is_from_server(frame.header, enrol_request)) {
        spawn("enrol response", [this, question]() -> Awaitable<void> { return enrol(question); });
        return;
    }
    if (frame.cluster == poll_control_cluster && is_from_server(frame.header, check_in_command)) {
        spawn("check-in", [this, question]() -> Awaitable<void> { return check_in(question); });
        return;
    }
    const bool was_broadcast = message.broadcast || message.group != 0;
    if (zcl::wants_default_response(frame, was_broadcast, zcl::Status::success))
        default_response(device, message.endpoint.id, frame, zcl::Status::success);
}

std::optional<zcl::Value> ProtocolServices::own_attribute(ClusterId cluster, std::uint16_t id) {
    if (cluster == time_cluster)
        return time_.attribute(id, static_cast<std::time_t>(wall_clock_ms() / 1000));
    return cluster == basic_cluster ? basic_attribute(id) : std::nullopt;
}

void ProtocolServices::answer_read(const ZclMessage& message, EndpointId local) {
    const auto* asked = message.frame->records();
    if (!asked)
        return;
    zcl::Frame answer;
    answer.header.type = zcl::FrameType::global;
    answer.header.direction = zcl::Direction::server_to_client;
    answer.header.disable_default_response = true;
    answer.header.manufacturer = code_for_answer(message.frame->cluster_definition);
    answer.header.command = static_cast<std::uint8_t>(zcl::Global::read_response);
    answer.cluster = message.cluster;
    answer.cluster_definition = message.frame->cluster_definition;
    auto& records = answer.payload.emplace<zcl::Records>();
    for (const auto& wanted : *asked) {
        auto& record = records.emplace_back();
        record.id = wanted.id;
        if (auto value = own_attribute(message.cluster, wanted.id))
            record.value = std::move(*value);
        else
            record.status = zcl::Status::unsupported_attribute;
    }
    ZclRequest request(message.device.ieee, message.endpoint.id, std::move(answer));
    request.sequence = message.frame->header.sequence;
    request.source = local;
    send(std::move(request), "read response");
}

Awaitable<void> ProtocolServices::enrol(Question question) {
    const auto sent = co_await commands_->send_enrol_response(question.device, question.endpoint,
                                                              question.header.sequence);
    if (sent)
        co_return;
    log::error(ns, "{} could not be enrolled: {}", question.device.to_string(),
               sent.error().message());
    default_response(question, zcl::Status::failure);
}

Awaitable<void> ProtocolServices::check_in(Question question) {
    bool polling = false;
    const auto served = co_await serve_check_in(question, polling);
    if (!served)
        log::error(ns, "The check-in of {} could not be handled: {}", question.device.to_string(),
                   served.error().message());
    if (polling) {  // must be ended, or the device wears its battery down
        const auto stopped = co_await poll_command(question, false, false);
        if (!stopped)
            log::error(ns, "Fast polling of {} could not be stopped: {}",
                       question.device.to_string(), stopped.error().message());
    }
    if (!served)
        default_response(question, zcl::Status::failure);
}

Awaitable<Result<void>> ProtocolServices::serve_check_in(Question question, bool& polling) {
    const auto* device = core_->devices.find(question.device);
    if (!device)
        co_return Errc::not_found;
    const bool interval_known = device->checkin_interval.has_value();
    const bool start = !interval_known || queue_->has_pending(question.device);
    auto done = co_await poll_command(question, true, start);
    if (!done || !start)
        co_return done;
    polling = true;
    if (!interval_known) {
        done = co_await commands_->read_checkin_interval(question.device, question.endpoint);
        if (!done)
            co_return done;
    }
    co_await queue_->flush_all(question.device);
    co_return Result<void>{};
}

/// The check-in response with its number, or the command to stop.
Awaitable<Result<void>> ProtocolServices::poll_command(Question question, bool response,
                                                       bool start) {
    zcl::Parameters parameters;
    if (response) {
        parameters.push_back(
            {"startFastPolling", zcl::make_unsigned(zcl::DataType::boolean, start ? 1 : 0)});
        parameters.push_back({"fastPollTimeout", zcl::make_unsigned(zcl::DataType::uint16, 0)});
    }
    auto frame = named_command("genPollCtrl", response ? "checkinRsp" : "fastPollStop",
                               std::move(parameters));
    if (!frame)
        co_return frame.error();
    if (response)
        frame->header.disable_default_response = true;
    ZclRequest request(question.device, question.endpoint, std::move(*frame));
    if (response)
        request.sequence = question.header.sequence;
    const auto sent = co_await messenger_->deliver(std::move(request));
    if (!sent)
        co_return sent.error();
    co_return Result<void>{};
}

void ProtocolServices::default_response(const Question& question, zcl::Status status) {
    auto* device = core_->devices.find(question.device);
    if (!device)
        return;
    zcl::Frame frame;
    frame.header = question.header;
    frame.cluster = question.cluster;
    frame.cluster_definition = zcl::find_cluster(question.cluster);
    default_response(*device, question.endpoint, frame, status);
}

/// Devices send a message twice when they think it got lost: one answer is enough.
void ProtocolServices::default_response(Device& device, EndpointId endpoint,
                                        const zcl::Frame& frame, zcl::Status status) {
    const auto sequence = frame.header.sequence;
    if (device.skip_default_response || device.last_default_response == sequence)
        return;
    device.last_default_response = sequence;
    auto answer = zcl::default_response(frame.header, frame.cluster, status);
    answer.header.disable_default_response = true;
    answer.header.manufacturer = code_for_answer(frame.cluster_definition);
    ZclRequest request(device.ieee, endpoint, std::move(answer));
    request.sequence = sequence;
    send(std::move(request), "default response");
}

void ProtocolServices::send(ZclRequest answer, const char* what) {
    auto shared = std::make_shared<ZclRequest>(std::move(answer));
    spawn(what, [this, shared, what]() -> Awaitable<void> {
        const auto device = shared->device;
        const auto sent = co_await messenger_->deliver(std::move(*shared));
        if (!sent)
            log::debug(ns, "The {} to {} was not delivered: {}", what, device.to_string(),
                       sent.error().message());
    });
}

void ProtocolServices::spawn(const char* name, std::function<Awaitable<void>()> task) {
    if (running_ >= limit) {
        log::debug(ns, "Too many answers at a time, a {} is left out", name);
        return;
    }
    ++running_;
    core_->tasks.spawn(name, [this, task = std::move(task)]() -> Awaitable<void> {
        struct Count {
            std::size_t& running;
            ~Count() { --running; }
        };
        const Count count{running_};
        co_await task();
    });
}

}  // namespace waggle::network
