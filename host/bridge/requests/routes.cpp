#include "bridge/requests/requests.hpp"

namespace waggle::bridge {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view ota_check_name = "device/ota_update/check",
                           ota_update_name = "device/ota_update/update",
                           ota_schedule_name = "device/ota_update/schedule";
constexpr auto ota_limit = std::chrono::hours(14 * 24);

constexpr Route table[] = {
    {"permit_join", &permit_join, 60s},
    {"health_check", &health_check, 5s},
    {"coordinator_check", &coordinator_check, 120s},
    {"options", &options, 10s},
    {"backup", &backup, 120s},
    {"install_code/add", &install_code_add, 30s},
    {"touchlink/scan", &touchlink_scan, 60s},
    {"touchlink/identify", &touchlink_identify, 30s},
    {"touchlink/factory_reset", &touchlink_factory_reset, 120s},
    {"action", &action, 120s},
    {"converter/save", &refuse_javascript, 5s},
    {"converter/remove", &refuse_javascript, 5s},
    {"extension/save", &refuse_javascript, 5s},
    {"extension/remove", &refuse_javascript, 5s},
    {"device/generate_external_definition", &generate_external_definition, 30s},
    {"restart", &restart, 5s},
    {"device/rename", &device_rename, 60s},
    {"device/options", &device_options, 10s},
    {"device/remove", &device_remove, 60s},
    {"device/interview", &device_interview, 600s},
    {"device/configure", &device_configure, 600s},
    {"device/bind", &device_bind, 600s},
    {"device/unbind", &device_unbind, 600s},
    {"device/binds/clear", &device_binds_clear, 60s},
    {"device/reporting/configure", &device_reporting_configure, 120s},
    {"device/configure_reporting", &device_reporting_configure, 120s},
    {"device/reporting/read", &device_reporting_read, 60s},
    // A device that sleeps takes days for an update.
    {"device/ota_update/check", &ota_check, 1800s},
    {"device/ota_update/check/downgrade", &ota_check_downgrade, 1800s, ota_check_name,
     ota_check_name},
    {"device/ota_update/update", &ota_update, ota_limit},
    {"device/ota_update/update/downgrade", &ota_update_downgrade, ota_limit, ota_update_name,
     ota_update_name},
    {"device/ota_update/update/abort", &ota_update_abort, 30s, {}, ota_update_name},
    {"device/ota_update/schedule", &ota_schedule, 60s},
    {"device/ota_update/schedule/downgrade", &ota_schedule_downgrade, 60s, ota_schedule_name,
     ota_schedule_name},
    {"device/ota_update/unschedule", &ota_unschedule, 30s},
    {"networkmap", &networkmap, 3600s},
    {"group/add", &group_add, 10s},
    {"group/remove", &group_remove, 60s},
    {"group/rename", &group_rename, 60s},
    {"group/options", &group_options, 10s},
    {"group/members/add", &group_members_add, 60s},
    {"group/members/remove", &group_members_remove, 60s},
    {"group/members/remove_all", &group_members_remove_all, 60s},
};

}  // namespace

std::span<const Route> routes() noexcept {
    return table;
}

}  // namespace waggle::bridge
