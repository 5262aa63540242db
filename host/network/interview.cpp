#include "network/interview.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "network/attribute_access.hpp"
#include "network/identity.hpp"

namespace waggle::network {

namespace {

constexpr int node_descriptor_tries = 6;
constexpr int active_endpoints_tries = 2;
constexpr std::chrono::seconds identity_retry_pause{10};
constexpr int enrolment_polls = 20;
constexpr std::chrono::milliseconds enrolment_pause{500};
constexpr std::uint8_t enrolled = 1;
constexpr unsigned current_revision = 23;

constexpr ClusterId poll_control_cluster = 0x0020, ias_zone_cluster = 0x0500;
constexpr std::uint16_t zone_state = 0x0000, cie_address = 0x0010;

/// One attribute per read, in this order [zigbee-flows 2.1].
constexpr std::array<std::uint16_t, 9> basic_attributes = {
    basic::model_id,         basic::manufacturer_name,   basic::power_source,
    basic::zcl_version,      basic::application_version, basic::stack_version,
    basic::hardware_version, basic::date_code,           basic::software_build_id};

bool is_crucial(std::uint16_t attribute) noexcept {
    return attribute == basic::model_id || attribute == basic::manufacturer_name;
}

/// One interview of one device. Lives in the frame of Interviewer::interview.
class Run {
  public:
    Run(Core& core, Messenger& messenger, DeviceCommands& commands, Ieee ieee, bool force)
        : core_(core),
          messenger_(messenger),
          commands_(commands),
          ieee_(ieee),
          force_(force),
          wanted_(basic_attributes.begin(), basic_attributes.end()) {}

    Awaitable<Result<void>> all();

  private:
    Device* device() { return core_.devices.find(ieee_); }
    bool knows_node_descriptor();
    Awaitable<Result<void>> node_descriptor();
    Awaitable<Result<void>> ask_node_descriptor();
    Awaitable<Result<void>> active_endpoints();
    Awaitable<Result<void>> ask_active_endpoints();
    Awaitable<Result<void>> endpoint(EndpointId id);
    Awaitable<Result<void>> simple_descriptor(EndpointId id);
    Awaitable<Result<void>> identity(EndpointId id);
    Awaitable<Result<void>> ask_identity(EndpointId id, std::uint16_t attribute);
    Awaitable<Result<void>> enrol(EndpointId id);
    enum class Enrolment { none, elsewhere, here };
    Awaitable<Result<Enrolment>> enrolment(EndpointId id);
    Awaitable<Result<void>> poll_control();
    std::vector<EndpointId> endpoints_with(std::optional<ClusterId> input);

    Core& core_;
    Messenger& messenger_;
    DeviceCommands& commands_;
    Ieee ieee_;
    bool force_;
    bool accepted_ = false;  ///< works all the same, so that nothing more is asked
    std::vector<std::uint16_t> wanted_;
};

/// Whether the device counts as interviewed although it was not to the end.
bool works_all_the_same(const Core& core, const Device& device) {
    return core.failed_interview_hook && core.failed_interview_hook(device);
}

/// Waiting and giving up are the only things that end a step which may fail otherwise.
bool is_final(const boost::system::error_code& error) noexcept {
    return error == Errc::cancelled || error == Errc::closed || error == Errc::unavailable ||
           error == Errc::not_found;
}

Awaitable<Result<void>> Run::all() {
    auto done = co_await node_descriptor();
    if (!done || accepted_)
        co_return done;
    done = co_await active_endpoints();
    if (!done)
        co_return done;
    for (const auto id : endpoints_with(std::nullopt)) {
        done = co_await endpoint(id);
        if (!done)
            co_return done;
    }
    co_return co_await poll_control();
}

bool Run::knows_node_descriptor() {
    const auto* known = device();
    return known && known->manufacturer && known->type != DeviceType::unknown;
}

Awaitable<Result<void>> Run::node_descriptor() {
    if (!force_ && knows_node_descriptor())
        co_return Result<void>{};
    Result<void> asked = Errc::timed_out;
    for (int attempt = 1; attempt <= node_descriptor_tries; ++attempt) {
        asked = co_await ask_node_descriptor();
        if (asked || is_final(asked.error()))
            break;
        auto* known = device();
        if (!known)
            co_return Errc::not_found;
        accepted_ = works_all_the_same(core_, *known);
        if (accepted_)
            co_return Result<void>{};
        log::debug(ns, "Interview of {}: node descriptor, attempt {} failed: {}", ieee_.to_string(),
                   attempt, asked.error().message());
    }
    // What was known before is enough, even when it could not be asked again.
    if (!asked && (is_final(asked.error()) || !knows_node_descriptor()))
        co_return asked.error();
    co_return Result<void>{};
}

Awaitable<Result<void>> Run::ask_node_descriptor() {
    std::function<Bytes(NwkAddress)> make = zdo::node_desc_req;
    const auto payload =
        co_await messenger_.zdo(ieee_, zdo::Cluster::node_desc_req, std::move(make));
    if (!payload)
        co_return payload.error();
    const auto descriptor = zdo::read_node_desc_rsp(*payload);
    if (!descriptor)
        co_return descriptor.error();
    auto* known = device();
    if (!known)
        co_return Errc::not_found;
    known->manufacturer = descriptor->manufacturer;
    if (descriptor->type != DeviceType::unknown)
        known->type = descriptor->type;
    const unsigned revision = descriptor->server_mask >> 9;  // 0 before revision 21
    if (revision < current_revision - 1)
        log::info(ns,
                  "Device '{}' is only compliant to revision '{}' of the Zigbee specification"
                  " (current revision: {}).",
                  ieee_.to_string(), revision < 21 ? "pre-21" : std::to_string(revision),
                  current_revision);
    co_return Result<void>{};
}

Awaitable<Result<void>> Run::active_endpoints() {
    Result<void> asked = Errc::timed_out;
    for (int attempt = 1; attempt <= active_endpoints_tries; ++attempt) {
        asked = co_await ask_active_endpoints();
        if (asked || is_final(asked.error()))
            break;
        log::debug(ns, "Interview of {}: active endpoints, attempt {} failed: {}",
                   ieee_.to_string(), attempt, asked.error().message());
    }
    co_return asked;
}

Awaitable<Result<void>> Run::ask_active_endpoints() {
    std::function<Bytes(NwkAddress)> make = zdo::active_ep_req;
    const auto payload =
        co_await messenger_.zdo(ieee_, zdo::Cluster::active_ep_req, std::move(make));
    if (!payload)
        co_return payload.error();
    const auto listed = zdo::read_active_ep_rsp(*payload);
    if (!listed)
        co_return listed.error();
    auto* known = device();
    if (!known)
        co_return Errc::not_found;
    for (const auto id : *listed)
        if (id != 0)  // some devices list their ZDO
            known->endpoints[id].id = id;
    std::erase_if(known->endpoints, [&](const auto& entry) {
        return std::find(listed->begin(), listed->end(), entry.first) == listed->end();
    });
    co_return Result<void>{};
}

std::vector<EndpointId> Run::endpoints_with(std::optional<ClusterId> input) {
    std::vector<EndpointId> ids;
    if (const auto* known = device())
        for (const auto& [id, endpoint] : known->endpoints)
            if (!input || endpoint.has_input(*input))
                ids.push_back(id);
    return ids;
}

Awaitable<Result<void>> Run::endpoint(EndpointId id) {
    auto done = co_await simple_descriptor(id);
    if (!done)
        co_return done;
    done = co_await identity(id);
    if (!done)
        co_return done;
    co_return co_await enrol(id);
}

Awaitable<Result<void>> Run::simple_descriptor(EndpointId id) {
    std::function<Bytes(NwkAddress)> make = [id](NwkAddress address) {
        return zdo::simple_desc_req(address, id);
    };
    const auto payload =
        co_await messenger_.zdo(ieee_, zdo::Cluster::simple_desc_req, std::move(make));
    if (!payload)
        co_return payload.error();
    const auto descriptor = zdo::read_simple_desc_rsp(*payload);
    if (!descriptor)
        co_return descriptor.error();
    auto* known = device();
    auto* endpoint = known ? known->endpoint(id) : nullptr;
    if (!endpoint)
        co_return Errc::not_found;
    endpoint->profile = descriptor->profile;
    endpoint->device_id = descriptor->device_id;
    endpoint->inputs = descriptor->inputs;
    endpoint->outputs = descriptor->outputs;
    co_return Result<void>{};
}

/// Nice to have: most of these attributes are optional. What one endpoint answered, even with "no
/// such attribute", is not asked of the next.
Awaitable<Result<void>> Run::identity(EndpointId id) {
    const auto* known = device();
    const auto* endpoint = known ? known->endpoint(id) : nullptr;
    if (!endpoint || !endpoint->has_input(basic_cluster))
        co_return Result<void>{};
    const auto attributes = wanted_;
    for (const auto attribute : attributes) {
        known = device();
        if (!known)
            co_return Errc::not_found;
        if (!force_ && is_known(*known, attribute))
            continue;
        const auto asked = co_await ask_identity(id, attribute);
        if (asked)
            std::erase(wanted_, attribute);
        else if (is_final(asked.error()))
            co_return asked.error();
    }
    co_return Result<void>{};
}

/// The answer is taken over where every read response is (Inbound).
Awaitable<Result<void>> Run::ask_identity(EndpointId id, std::uint16_t attribute) {
    for (int attempt = 1;; ++attempt) {
        std::vector<std::uint16_t> attributes = {attribute};
        const auto read =
            co_await read_now(messenger_, ieee_, id, basic_cluster, std::move(attributes));
        if (read)
            co_return Result<void>{};
        log::debug(ns, "Interview of {}: attribute {:#06x} of genBasic could not be read: {}",
                   ieee_.to_string(), attribute, read.error().message());
        if (!is_crucial(attribute) || attempt == 2 || is_final(read.error()))
            co_return read.error();
        const auto waited = co_await sleep_for(identity_retry_pause);
        if (!waited)
            co_return waited;
    }
}

Awaitable<Result<Run::Enrolment>> Run::enrolment(EndpointId id) {
    std::vector<std::uint16_t> attributes = {cie_address, zone_state};
    const auto read =
        co_await read_now(messenger_, ieee_, id, ias_zone_cluster, std::move(attributes));
    if (!read)
        co_return read.error();
    const auto* state = value_in(*read, zone_state);
    if (!state || state->integer() != enrolled)
        co_return Enrolment::none;
    const auto* address = value_in(*read, cie_address);
    const auto* number = address ? std::get_if<std::uint64_t>(&address->data) : nullptr;
    const bool here = number && *number == core_.radio->ieee().value();
    co_return here ? Enrolment::here : Enrolment::elsewhere;
}

/// Devices enrol in two ways: on their own request, which ProtocolServices answers, and on a
/// response that nobody asked for, which is sent here [zigbee-flows 2.3].
Awaitable<Result<void>> Run::enrol(EndpointId id) {
    const auto* known = device();
    const auto* endpoint = known ? known->endpoint(id) : nullptr;
    if (!endpoint || !endpoint->has_input(ias_zone_cluster))
        co_return Result<void>{};
    const auto before = co_await enrolment(id);
    if (!before)
        co_return before.error();
    if (*before == Enrolment::here)
        co_return Result<void>{};

    zcl::AttributeRecord record;
    record.id = cie_address;
    record.value = zcl::make_unsigned(zcl::DataType::ieee_address, core_.radio->ieee().value());
    zcl::Records records;
    records.push_back(std::move(record));
    const auto written =
        co_await write_now(messenger_, ieee_, id, ias_zone_cluster, std::move(records));
    if (!written)
        co_return written.error();
    auto waited = co_await sleep_for(enrolment_pause);
    if (!waited)
        co_return waited;
    const auto responded = co_await commands_.send_enrol_response(ieee_, id, std::nullopt);
    if (!responded)
        co_return responded.error();
    for (int poll = 0; poll < enrolment_polls; ++poll) {
        waited = co_await sleep_for(enrolment_pause);
        if (!waited)
            co_return waited;
        const auto after = co_await enrolment(id);
        if (!after)
            co_return after.error();
        if (*after != Enrolment::none)
            co_return Result<void>{};
    }
    co_return Errc::refused;
}

Awaitable<Result<void>> Run::poll_control() {
    for (const auto id : endpoints_with(poll_control_cluster)) {
        const auto bound = co_await commands_.bind_to_coordinator(ieee_, id, poll_control_cluster);
        Result<void> done = bound;
        if (bound)
            done = co_await commands_.read_checkin_interval(ieee_, id);
        if (done)
            continue;
        log::debug(ns, "Interview of {}: poll control could not be set up: {}", ieee_.to_string(),
                   done.error().message());
        if (is_final(done.error()))
            co_return done.error();
        break;
    }
    co_return Result<void>{};
}

/// Whatever ends the interview, the device does not stay in progress.
class StateGuard {
  public:
    StateGuard(Core& core, Ieee ieee) : core_(core), ieee_(ieee) {}
    StateGuard(const StateGuard&) = delete;
    StateGuard& operator=(const StateGuard&) = delete;
    ~StateGuard() {
        if (auto* device = core_.devices.find(ieee_))
            if (device->interview == InterviewState::in_progress)
                device->interview = InterviewState::pending;
    }

  private:
    Core& core_;
    Ieee ieee_;
};

}  // namespace

Awaitable<Result<void>> Interviewer::interview(Ieee ieee, bool force) {
    auto* device = core_->devices.find(ieee);
    if (!device)
        co_return Errc::not_found;
    if (device->interview == InterviewState::in_progress)
        co_return Errc::busy;
    device->interview = InterviewState::in_progress;
    const StateGuard guard(*core_, ieee);

    Run run(*core_, *messenger_, *commands_, ieee, force);
    auto result = co_await run.all();
    device = core_->devices.find(ieee);
    if (!device)
        co_return Errc::not_found;
    if (!result && result.error() == Errc::cancelled)
        co_return result;
    if (!result && works_all_the_same(*core_, *device)) {
        log::debug(ns, "Interview of {} ended ({}), which is usual for it", ieee.to_string(),
                   result.error().message());
        result = Result<void>{};
    }
    if (result && core_->interviewed_hook) {
        co_await core_->interviewed_hook(ieee);
        device = core_->devices.find(ieee);
        if (!device)
            co_return Errc::not_found;
    }
    device->interview = result ? InterviewState::successful : InterviewState::failed;
    core_->database.changed();
    core_->events.device_changed(*device);
    co_return result;
}

}  // namespace waggle::network
