#pragma once

#include <optional>
#include <string>

#include "bridge/context.hpp"
#include "bridge/request.hpp"

/// Every bridge request: one function here, one row in routes.cpp. Payloads and answers are those
/// of zigbee2mqtt unless a comment says otherwise; the dispatcher adds status and transaction.
namespace waggle::bridge {

// network.cpp
Awaitable<Reply> permit_join(Context& context, const Request& request);
Awaitable<Reply> health_check(Context& context, const Request& request);
Awaitable<Reply> coordinator_check(Context& context, const Request& request);

// host.cpp
Awaitable<Reply> options(Context& context, const Request& request);
Awaitable<Reply> restart(Context& context, const Request& request);

// devices.cpp
Awaitable<Reply> device_remove(Context& context, const Request& request);
Awaitable<Reply> device_interview(Context& context, const Request& request);
Awaitable<Reply> device_configure(Context& context, const Request& request);

// entities.cpp
Awaitable<Reply> device_rename(Context& context, const Request& request);
Awaitable<Reply> device_options(Context& context, const Request& request);
Awaitable<Reply> group_rename(Context& context, const Request& request);
Awaitable<Reply> group_options(Context& context, const Request& request);

// groups.cpp
Awaitable<Reply> group_add(Context& context, const Request& request);
Awaitable<Reply> group_remove(Context& context, const Request& request);
Awaitable<Reply> group_members_add(Context& context, const Request& request);
Awaitable<Reply> group_members_remove(Context& context, const Request& request);
Awaitable<Reply> group_members_remove_all(Context& context, const Request& request);

// binding.cpp
Awaitable<Reply> device_bind(Context& context, const Request& request);
Awaitable<Reply> device_unbind(Context& context, const Request& request);
Awaitable<Reply> device_binds_clear(Context& context, const Request& request);

// reporting.cpp
Awaitable<Reply> device_reporting_configure(Context& context, const Request& request);
Awaitable<Reply> device_reporting_read(Context& context, const Request& request);

// ota.cpp
Awaitable<Reply> ota_check(Context& context, const Request& request);
Awaitable<Reply> ota_check_downgrade(Context& context, const Request& request);
Awaitable<Reply> ota_update(Context& context, const Request& request);
Awaitable<Reply> ota_update_downgrade(Context& context, const Request& request);
Awaitable<Reply> ota_update_abort(Context& context, const Request& request);
Awaitable<Reply> ota_schedule(Context& context, const Request& request);
Awaitable<Reply> ota_schedule_downgrade(Context& context, const Request& request);
Awaitable<Reply> ota_unschedule(Context& context, const Request& request);

// network_map.cpp
Awaitable<Reply> networkmap(Context& context, const Request& request);

// backup.cpp, install_code.cpp, action.cpp
Awaitable<Reply> backup(Context& context, const Request& request);
Awaitable<Reply> install_code_add(Context& context, const Request& request);
Awaitable<Reply> action(Context& context, const Request& request);

// touchlink.cpp
Awaitable<Reply> touchlink_scan(Context& context, const Request& request);
Awaitable<Reply> touchlink_identify(Context& context, const Request& request);
Awaitable<Reply> touchlink_factory_reset(Context& context, const Request& request);

// external.cpp
Awaitable<Reply> generate_external_definition(Context& context, const Request& request);
Awaitable<Reply> refuse_javascript(Context& context, const Request& request);

// What several of them need

/// What bridge/request/action takes: the host's own, then those of plugins.
std::vector<std::string> action_names(const Context& context);

/// "Device 'x' does not exist", also when the id is a group's, and the other way round.
[[nodiscard]] Field<engine::EntityId> device_named(Context& context, const std::string& id);
[[nodiscard]] Field<engine::EntityId> group_named(Context& context, const std::string& id);

/// {"id": …} of a device or group, as the caller wrote it.
boost::json::object id_data(const Request& request);

/// Clears what the broker keeps under a name that the entity gave up: its state and, in the output
/// modes that publish them, its attributes.
void clear_retained(Context& context, engine::EntityId entity, const std::string& name);

}  // namespace waggle::bridge
