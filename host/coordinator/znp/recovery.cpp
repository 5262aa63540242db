#include "coordinator/znp/recovery.hpp"

#include "base/log.hpp"
#include "coordinator/znp/status.hpp"
#include "zigbee/zdo.hpp"

namespace waggle::znp {
namespace {

constexpr std::string_view ns = "znp";

Bytes association_payload(Ieee ieee) {
    Bytes out;
    ByteWriter(out).u64(ieee.value());
    return out;
}

Bytes association_payload(Ieee ieee, NwkAddress address, std::uint8_t relation) {
    auto out = association_payload(ieee);
    ByteWriter(out).u16(address).u8(relation);
    return out;
}

}  // namespace

/// Does what helps against `code` before the next attempt. An error means that there is none.
Awaitable<Result<void>> Sender::recover(Recovery& state, std::uint8_t code, ApsRequest& request) {
    // The device was taken out of the children's table and still cannot be reached: the coordinator
    // is its parent after all, and would never reach it again without the entry.
    if (state.removed && version_.can_add_association()) {
        auto payload =
            association_payload(request.ieee, state.removed->address, state.removed->relation);
        state.removed.reset();
        auto restored = co_await driver_.call_checked(mt::util_assoc_add, std::move(payload));
        if (!restored && restored.error() == Errc::closed)
            co_return Errc::closed;
    }
    if (state.attempt + 1 >= max_attempts || !is_recoverable(code) || !request.allow_recovery)
        co_return status_error(code);
    const bool first = state.attempt++ == 0;
    if (is_congestion(code) || first)
        co_return co_await driver_.pause(back_off);

    if (!state.tried_association && code == status::mac_transaction_expired &&
        version_.can_remove_association() && !request.ieee.is_null()) {
        state.tried_association = true;
        const bool removed =
            co_await remove_association(state, request.ieee, request.destination_address);
        if (removed)
            co_return Result<void>{};
    }
    if (!state.discovered_route) {
        state.discovered_route = true;
        auto found = co_await discover_route(request.destination_address, true);
        co_return found || found.error() != Errc::closed ? Result<void>{} : found;
    }
    if (!state.looked_up_address && !request.ieee.is_null()) {
        state.looked_up_address = true;
        co_await look_up_address(state, request);
        co_return driver_.is_open() ? Result<void>{} : Result<void>(Errc::closed);
    }
    co_return co_await driver_.pause(back_off);
}

/// Z-Stack does not notice when a child has moved to another parent and goes on to keep messages
/// for it; without the entry it looks for a route.
Awaitable<bool> Sender::remove_association(Recovery& state, Ieee ieee, NwkAddress address) {
    auto found = co_await find_association(ieee, address);
    if (!found || !found->exists())
        co_return false;
    state.removed = Association{address, found->relation};
    log::debug(ns, "Removing {} from the coordinator's children", ieee.to_string());
    auto removed = co_await driver_.call_checked(mt::util_assoc_remove, association_payload(ieee));
    co_return removed.has_value();
}

Awaitable<void> Sender::look_up_address(Recovery& state, ApsRequest& request) {
    auto address = co_await ask_address(request.ieee);
    if (!address || *address == request.destination_address)
        co_return;
    log::debug(ns, "{} has moved from 0x{:04x} to 0x{:04x}", request.ieee.to_string(),
               request.destination_address, *address);
    state.discovered_route = true;
    request.destination_address = *address;
    auto ignored = co_await discover_route(*address, true);
    static_cast<void>(ignored);
}

Awaitable<Result<Sender::Association>> Sender::find_association(Ieee ieee, NwkAddress address) {
    Bytes payload;
    ByteWriter(payload).u64(ieee.value()).u16(address);
    auto reply = co_await driver_.call(mt::util_assoc_get_with_address, std::move(payload));
    if (!reply)
        co_return reply.error();
    ByteReader in(*reply);
    Association association;
    association.address = in.u16();
    in.u16();  // index
    association.relation = in.u8();
    if (in.failed())
        co_return Errc::truncated;
    co_return association;
}

/// Outside the window: it is asked on behalf of a message that has its place already.
Awaitable<Result<NwkAddress>> Sender::ask_address(Ieee ieee) {
    auto request =
        to_mt(broadcast_rx_on, zdo::Cluster::nwk_addr_req, zdo::nwk_addr_req(ieee, false, 0));
    if (!request)
        co_return request.error();
    auto response =
        co_await exchange_zdo(std::move(*request), broadcast_rx_on, false, true, nullptr);
    if (!response)
        co_return response.error();
    const auto found = zdo::read_address_rsp(*response);
    if (!found)
        co_return found.error();
    if (address_found)
        address_found(found->address, found->ieee);
    co_return found->address;
}

Awaitable<Result<void>> Sender::discover_route(NwkAddress address, bool settle) {
    log::debug(ns, "Discovering a route to 0x{:04x}", address);
    Bytes payload;
    ByteWriter(payload).u16(address).u8(0).u8(default_radius);
    auto started = co_await driver_.call_checked(mt::zdo_ext_route_disc, std::move(payload));
    if (!started)
        co_return started.error();
    if (settle)
        co_return co_await driver_.pause(route_settle_time);
    co_return Result<void>{};
}

Awaitable<Result<void>> Sender::refresh_route(NwkAddress address) {
    Window::Permit permit(window_, address);
    auto entered = co_await permit.enter();
    if (!entered)
        co_return entered;
    co_return co_await discover_route(address, false);
}

/// For a device that confirms but does not answer.
Awaitable<Result<void>> Sender::repair_route(NwkAddress address, Ieee ieee) {
    if (inter_pan_)
        co_return Errc::unavailable;
    auto found = co_await find_association(ieee, address);
    if (!found && found.error() == Errc::closed)
        co_return Errc::closed;
    // The flag that tells a sleeping child to fetch its messages is sometimes not set; writing the
    // child's entry anew sets it.
    const bool rewrite = found && found->exists() && found->relation == Association::sleepy_child &&
                         version_.can_remove_association() && version_.can_add_association();
    if (rewrite) {
        log::debug(ns, "Rewriting {} in the coordinator's children", ieee.to_string());
        auto removed =
            co_await driver_.call_checked(mt::util_assoc_remove, association_payload(ieee));
        if (removed) {
            auto payload = association_payload(ieee, address, found->relation);
            auto added = co_await driver_.call_checked(mt::util_assoc_add, std::move(payload));
            if (!added)
                co_return added.error();
        }
    }
    co_return co_await discover_route(address, true);
}

}  // namespace waggle::znp
