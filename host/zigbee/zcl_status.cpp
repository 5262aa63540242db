#include "zigbee/zcl_status.hpp"

#include "zigbee/status_names.hpp"

namespace waggle::zcl {
namespace {

constexpr StatusName names[] = {
    {0x00, "SUCCESS"},
    {0x01, "FAILURE"},
    {0x7E, "NOT_AUTHORIZED"},
    {0x7F, "RESERVED"},
    {0x80, "MALFORMED_COMMAND"},
    {0x81, "UNSUP_COMMAND"},
    {0x82, "UNSUP_GENERAL_COMMAND"},
    {0x83, "UNSUP_MANUF_CLUSTER_COMMAND"},
    {0x84, "UNSUP_MANUF_GENERAL_COMMAND"},
    {0x85, "INVALID_FIELD"},
    {0x86, "UNSUPPORTED_ATTRIBUTE"},
    {0x87, "INVALID_VALUE"},
    {0x88, "READ_ONLY"},
    {0x89, "INSUFFICIENT_SPACE"},
    {0x8A, "DUPLICATE_EXISTS"},
    {0x8B, "NOT_FOUND"},
    {0x8C, "UNREPORTABLE_ATTRIBUTE"},
    {0x8D, "INVALID_DATA_TYPE"},
    {0x8E, "INVALID_SELECTOR"},
    {0x8F, "WRITE_ONLY"},
    {0x90, "INCONSISTENT_STARTUP_STATE"},
    {0x91, "DEFINED_OUT_OF_BAND"},
    {0x92, "RESERVED14"},
    {0x93, "ACTION_DENIED"},
    {0x94, "TIMEOUT"},
    {0x95, "ABORT"},
    {0x96, "INVALID_IMAGE"},
    {0x97, "WAIT_FOR_DATA"},
    {0x98, "NO_IMAGE_AVAILABLE"},
    {0x99, "REQUIRE_MORE_IMAGE"},
    {0x9A, "NOTIFICATION_PENDING"},
    {0xC0, "HARDWARE_FAILURE"},
    {0xC1, "SOFTWARE_FAILURE"},
    {0xC2, "RESERVED15"},
    {0xC3, "UNSUPPORTED_CLUSTER"},
    {0xC4, "LIMIT_REACHED"},
};

class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "zcl"; }
    std::string message(int value) const override { return status_text(names, value); }
};

}  // namespace

std::string_view name(Status status) noexcept {
    return find_status_name(names, static_cast<std::uint8_t>(status));
}

const boost::system::error_category& status_category() noexcept {
    static const Category category;
    return category;
}

}  // namespace waggle::zcl
