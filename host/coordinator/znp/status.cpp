#include "coordinator/znp/status.hpp"

#include <algorithm>
#include <iterator>

namespace waggle::znp {
namespace {

struct Row {
    std::uint8_t status;
    Errc error;
    std::string_view name;
};

constexpr Row rows[] = {
    {0x00, Errc::delivery_failed, "SUCCESS"},
    {0x01, Errc::delivery_failed, "FAILURE"},
    {0x02, Errc::invalid_value, "INVALID_PARAM"},
    {0x09, Errc::not_found, "NV_ITEM_INITIALIZED"},
    {0x0A, Errc::io_error, "NV_OPER_FAILED"},
    {0x0C, Errc::mismatch, "NV_BAD_ITEM_LEN"},
    {0x10, Errc::no_resources, "MEM_ERROR"},
    {0x11, Errc::buffer_full, "BUFFER_FULL"},
    {0x12, Errc::unsupported, "UNSUPPORTED_MODE"},
    {0x13, Errc::no_resources, "MAC_MEM_ERROR"},
    {0x18, Errc::unsupported, "MAC_UNSUPPORTED"},
    {0x19, Errc::unavailable, "MAC_BAD_STATE"},
    {0x1A, Errc::no_resources, "MAC_NO_RESOURCES"},
    {0x1B, Errc::no_ack, "MAC_ACK_PENDING"},
    {0x1C, Errc::delivery_failed, "MAC_NO_TIME"},
    {0x1D, Errc::delivery_failed, "MAC_TX_ABORTED"},
    {0x20, Errc::busy, "SAPI_IN_PROGRESS"},
    {0x21, Errc::timed_out, "SAPI_TIMEOUT"},
    {0x22, Errc::unavailable, "SAPI_INIT"},
    {0x7E, Errc::refused, "NOT_AUTHORIZED"},
    {0x80, Errc::malformed, "MALFORMED_CMD"},
    {0x81, Errc::unsupported, "UNSUP_CLUSTER_CMD"},
    {0xA1, Errc::refused, "SEC_NO_KEY"},
    {0xA2, Errc::refused, "SEC_OLD_FRM_COUNT"},
    {0xA3, Errc::refused, "SEC_MAX_FRM_COUNT"},
    {0xA4, Errc::refused, "SEC_CCM_FAIL"},
    {0xB1, Errc::delivery_failed, "APS_FAIL"},
    {0xB2, Errc::no_resources, "APS_TABLE_FULL"},
    {0xB3, Errc::invalid_value, "APS_ILLEGAL_REQUEST"},
    {0xB4, Errc::not_found, "APS_INVALID_BINDING"},
    {0xB5, Errc::unsupported, "APS_UNSUPPORTED_ATTRIB"},
    {0xB6, Errc::unsupported, "APS_NOT_SUPPORTED"},
    {0xB7, Errc::no_ack, "APS_NO_ACK"},
    {0xB8, Errc::already_exists, "APS_DUPLICATE_ENTRY"},
    {0xB9, Errc::not_found, "APS_NO_BOUND_DEVICE"},
    {0xBA, Errc::refused, "APS_NOT_ALLOWED"},
    {0xBB, Errc::refused, "APS_NOT_AUTHENTICATED"},
    {0xC1, Errc::invalid_value, "NWK_INVALID_PARAM"},
    {0xC2, Errc::unavailable, "NWK_INVALID_REQUEST"},
    {0xC3, Errc::refused, "NWK_NOT_PERMITTED"},
    {0xC4, Errc::unavailable, "NWK_STARTUP_FAILURE"},
    {0xC5, Errc::already_exists, "NWK_ALREADY_PRESENT"},
    {0xC6, Errc::delivery_failed, "NWK_SYNC_FAILURE"},
    {0xC7, Errc::no_resources, "NWK_TABLE_FULL"},
    {0xC8, Errc::not_found, "NWK_UNKNOWN_DEVICE"},
    {0xC9, Errc::unsupported, "NWK_UNSUPPORTED_ATTRIBUTE"},
    {0xCA, Errc::unavailable, "NWK_NO_NETWORKS"},
    {0xCB, Errc::delivery_failed, "NWK_LEAVE_UNCONFIRMED"},
    {0xCC, Errc::no_ack, "NWK_NO_ACK"},
    {0xCD, Errc::no_route, "NWK_NO_ROUTE"},
    {0xE0, Errc::unavailable, "MAC_BEACON_LOSS"},
    {0xE1, Errc::channel_access_failure, "MAC_CHANNEL_ACCESS_FAILURE"},
    {0xE2, Errc::refused, "MAC_DENIED"},
    {0xE3, Errc::delivery_failed, "MAC_DISABLE_TRX_FAILURE"},
    {0xE4, Errc::refused, "MAC_FAILED_SECURITY_CHECK"},
    {0xE5, Errc::too_large, "MAC_FRAME_TOO_LONG"},
    {0xE6, Errc::invalid_value, "MAC_INVALID_GTS"},
    {0xE7, Errc::invalid_value, "MAC_INVALID_HANDLE"},
    {0xE8, Errc::invalid_value, "MAC_INVALID_PARAMETER"},
    {0xE9, Errc::no_ack, "MAC_NO_ACK"},
    {0xEA, Errc::unavailable, "MAC_NO_BEACON"},
    {0xEB, Errc::delivery_failed, "MAC_NO_DATA"},
    {0xEC, Errc::unavailable, "MAC_NO_SHORT_ADDR"},
    {0xED, Errc::unavailable, "MAC_OUT_OF_CAP"},
    {0xEE, Errc::mismatch, "MAC_PANID_CONFLICT"},
    {0xEF, Errc::delivery_failed, "MAC_REALIGNMENT"},
    {0xF0, Errc::transaction_expired, "MAC_TRANSACTION_EXPIRED"},
    {0xF1, Errc::no_resources, "MAC_TRANSACTION_OVERFLOW"},
    {0xF2, Errc::busy, "MAC_TX_ACTIVE"},
    {0xF3, Errc::refused, "MAC_UNAVAILABLE_KEY"},
    {0xF4, Errc::unsupported, "MAC_UNSUPPORTED_ATTRIBUTE"},
    {0xF5, Errc::unsupported, "MAC_UNSUPPORTED"},
    {0xF6, Errc::invalid_value, "MAC_ON_TIME_TOO_LONG"},
    {0xF7, Errc::delivery_failed, "MAC_PAST_TIME"},
    {0xF8, Errc::unavailable, "MAC_TRACKING_OFF"},
    {0xFC, Errc::busy, "MAC_SCAN_IN_PROGRESS"},
    {0xFF, Errc::invalid_value, "MAC_SRC_MATCH_INVALID_INDEX"},
};
static_assert(std::ranges::is_sorted(rows, {}, &Row::status));

const Row* find(std::uint8_t status) noexcept {
    const auto* row = std::ranges::lower_bound(rows, status, {}, &Row::status);
    return row != std::end(rows) && row->status == status ? row : nullptr;
}

}  // namespace

std::string_view status_name(std::uint8_t status) noexcept {
    const auto* row = find(status);
    return row ? row->name : "UNKNOWN";
}

Errc status_error(std::uint8_t status) noexcept {
    const auto* row = find(status);
    return row ? row->error : Errc::delivery_failed;
}

}  // namespace waggle::znp
