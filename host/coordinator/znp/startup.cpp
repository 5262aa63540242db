#include "coordinator/znp/startup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.hpp"
#include "coordinator/znp/endpoints.hpp"
#include "coordinator/znp/status.hpp"
#include "coordinator/znp/zdo_mt.hpp"

namespace waggle::znp {
namespace {

using std::chrono::seconds;

constexpr std::string_view ns = "znp";
constexpr seconds resume_deadline{60};
constexpr seconds zdo_deadline{10};

/// 100 ms, as zigbee2mqtt waits.
Bytes startup_delay() {
    Bytes out;
    ByteWriter(out).u16(100);
    return out;
}

Bytes register_payload(const EndpointRow& row) {
    Bytes out;
    ByteWriter writer(out);
    writer.u8(row.endpoint).u16(row.profile).u16(row.device_id).u8(0).u8(0);  // version, latency
    for (const auto& list : {row.inputs, row.outputs}) {
        writer.u8(static_cast<std::uint8_t>(list.size()));
        for (const auto cluster : list)
            writer.u16(cluster);
    }
    return out;
}

}  // namespace

Awaitable<Result<DeviceInfo>> read_device_info(Driver& driver) {
    auto reply = co_await driver.call_checked(mt::util_get_device_info);
    if (!reply)
        co_return reply.error();
    ByteReader in(*reply);
    in.u8();
    DeviceInfo info;
    info.ieee = Ieee(in.u64());
    info.address = in.u16();
    in.u8();  // what it could be
    info.state = in.u8();
    if (in.failed())
        co_return Errc::truncated;
    co_return info;
}

Awaitable<Result<ActiveNetwork>> read_network_info(Driver& driver) {
    auto reply = co_await driver.call(mt::zdo_ext_nwk_info);
    if (!reply)
        co_return reply.error();
    ByteReader in(*reply);
    ActiveNetwork network;
    in.u16();  // short address
    in.u8();   // state
    network.pan_id = in.u16();
    in.u16();  // parent
    network.extended_pan_id = in.u64();
    in.u64();  // parent's address
    network.channel = in.u8();
    if (in.failed())
        co_return Errc::truncated;
    co_return network;
}

Awaitable<Result<std::uint64_t>> read_ext_address(Driver& driver) {
    auto reply = co_await driver.call(mt::sys_get_extaddr);
    if (!reply)
        co_return reply.error();
    ByteReader in(*reply);
    const auto address = in.u64();
    if (in.failed())
        co_return Errc::truncated;
    co_return address;
}

boost::system::error_code Startup::fail(boost::system::error_code error, std::string_view doing) {
    if (problem_.empty())
        problem_ = fmt::format("{} failed: {}", doing, error.message());
    return error;
}

Awaitable<Result<Started>> Startup::run(NetworkParameters parameters,
                                        std::optional<Backup> backup) {
    std::uint64_t own_address = 0;
    if (asks_for_adapter_address(parameters)) {
        auto address = co_await read_ext_address(driver_);
        if (!address)
            co_return fail(address.error(), "Reading the adapter's address");
        own_address = *address;
    }
    const auto wanted = wanted_network(parameters, own_address);
    auto state = co_await read_state();
    if (!state)
        co_return fail(state.error(), fmt::format("Reading the adapter's memory (item 0x{:04x})",
                                                  nv_.failed_item()));
    const auto decision = decide(wanted, *state, backup);
    if (!decision.warning.empty())
        log::warning(ns, "{}", decision.warning);
    if (decision.action == Action::refuse) {
        problem_ = decision.problem;
        co_return Errc::mismatch;
    }
    auto result = co_await carry_out(decision.action, wanted, std::move(backup), state->configured);
    if (!result)
        co_return result.error();
    auto registered = co_await register_endpoints();
    if (!registered)
        co_return fail(registered.error(), "Registering the coordinator's endpoints");
    co_return co_await look_at_result(*result);
}

Awaitable<Result<AdapterState>> Startup::read_state() {
    AdapterState state;
    state.product = version_.product;
    auto ready = co_await nv_.init(version_.product);
    if (!ready)
        co_return ready.error();
    auto flag = co_await nv_.read(configured_item());
    if (!flag)
        co_return flag.error();
    state.configured = *flag && (**flag)[0] == configured_mark;
    auto nib = co_await nv_.read_as<Nib>(nv::nib);
    if (!nib)
        co_return nib.error();
    state.nib = *nib;
    auto preconfigured = co_await read_preconfigured_key();
    if (!preconfigured)
        co_return preconfigured.error();
    state.preconfigured_key = *preconfigured;
    if (is_12())
        co_return state;
    auto active = co_await nv_.read_as<KeyDescriptor>(nv::active_key_info);
    if (!active)
        co_return active.error();
    auto alternate = co_await nv_.read_as<KeyDescriptor>(nv::alternate_key_info);
    if (!alternate)
        co_return alternate.error();
    if (*active)
        state.active_key = (*active)->key;
    if (*alternate)
        state.alternate_key = (*alternate)->key;
    co_return state;
}

Awaitable<Result<std::optional<Key>>> Startup::read_preconfigured_key() {
    Bytes value;
    if (is_12()) {
        Bytes payload(1, static_cast<std::uint8_t>(nv::preconfigured_key));
        auto reply = co_await driver_.call_checked(mt::sapi_read_configuration, std::move(payload));
        if (!reply)
            co_return reply.error();
        if (reply->size() > 3)
            value.assign(reply->begin() + 3, reply->end());  // status, item, length
    } else {
        auto item = co_await nv_.read(nv::preconfigured_key);
        if (!item)
            co_return item.error();
        if (*item)
            value = std::move(**item);
    }
    if (value.size() < Key{}.size())
        co_return std::optional<Key>();
    Key key{};
    std::copy_n(value.begin(), key.size(), key.begin());
    co_return std::optional<Key>(key);
}

Awaitable<Result<StartResult>> Startup::carry_out(Action action, WantedNetwork wanted,
                                                  std::optional<Backup> backup,
                                                  bool was_configured) {
    if (action == Action::resume) {
        auto resumed = co_await resume();
        if (!resumed)
            co_return fail(resumed.error(), "Starting the network on the adapter");
        co_return StartResult::resumed;
    }
    if (action == Action::restore && !is_12()) {
        log::info(ns, "Restoring the network from coordinator_backup.json onto the adapter");
        auto restored = co_await restore(wanted, std::move(*backup));
        if (!restored)
            co_return fail(restored.error(), "Restoring the network onto the adapter");
        co_return StartResult::restored;
    }
    log::info(ns, "Forming a network on the adapter (PAN id 0x{:04x})", wanted.pan_id);
    auto formed = co_await form(wanted, true);
    if (!formed)
        co_return fail(formed.error(), "Forming the network");
    if (is_12()) {
        auto resumed = co_await resume();
        if (!resumed)
            co_return fail(resumed.error(), "Starting the network on the adapter");
        // Z-Stack 1.2 cannot restore: the same parameters are the same network to its devices.
        if (action == Action::restore || !was_configured)
            co_return StartResult::restored;
    }
    co_return StartResult::reset;
}

Awaitable<Result<void>> Startup::resume() {
    auto info = co_await read_device_info(driver_);
    if (!info)
        co_return info.error();
    if (info->state == device_state_coordinator)
        co_return Result<void>{};
    Driver::Expectation started(driver_, mt::zdo_state_change_ind, became_coordinator);
    auto accepted =
        co_await driver_.call_checked(mt::zdo_startup_from_app, startup_delay(), status::failure);
    if (!accepted)
        co_return accepted.error();
    auto state = co_await started.within(resume_deadline);
    if (!state)
        co_return state.error();
    co_return Result<void>{};
}

Awaitable<Result<void>> Startup::register_endpoints() {
    Bytes own_address;
    ByteWriter(own_address).u16(nwk_coordinator);
    const auto request = to_mt(nwk_coordinator, zdo::Cluster::active_ep_req, own_address).value();
    const auto from_self = [&request](ByteView data) { return request.answered_by(data); };
    Driver::Expectation answer(driver_, request.response, from_self);
    auto accepted = co_await driver_.call_checked(request.command, request.payload);
    if (!accepted)
        co_return accepted.error();
    auto active = co_await answer.within(zdo_deadline);
    if (!active)
        co_return active.error();
    const auto registered = zdo::read_active_ep_rsp(ByteView(*active).subspan(2));
    if (!registered)
        co_return registered.error();
    for (const auto& row : endpoints) {
        if (std::ranges::find(*registered, row.endpoint) != registered->end())
            continue;
        auto done = co_await driver_.call_checked(mt::af_register, register_payload(row));
        if (!done)
            co_return done.error();
    }
    co_return co_await join_green_power_group();
}

Awaitable<Result<void>> Startup::join_green_power_group() {
    Bytes payload;
    ByteWriter(payload).u8(endpoint_green_power).u16(group_green_power);
    auto found = co_await driver_.call_checked(mt::zdo_ext_find_group, payload, status::failure);
    if (!found)
        co_return found.error();
    if (found->front() == status::success)
        co_return Result<void>{};
    payload.push_back(0);  // no name
    auto added = co_await driver_.call_checked(mt::zdo_ext_add_group, std::move(payload));
    if (!added)
        co_return added.error();
    co_return Result<void>{};
}

Awaitable<Result<Started>> Startup::look_at_result(StartResult result) {
    auto info = co_await read_device_info(driver_);
    if (!info)
        co_return fail(info.error(), "Reading the adapter's address");
    auto network = co_await read_network_info(driver_);
    if (!network)
        co_return fail(network.error(), "Reading the network's parameters");
    auto nib = co_await nv_.read_as<Nib>(nv::nib);
    if (!nib)
        co_return fail(nib.error(), "Reading the network's parameters");
    if (*nib)
        network->update_id = (*nib)->update_id;
    Started started{result, info->ieee, *network};
    co_return started;
}

}  // namespace waggle::znp
