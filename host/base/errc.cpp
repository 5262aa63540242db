#include "base/errc.hpp"

namespace waggle {
namespace {

const char* sentence(Errc value) noexcept {
    switch (value) {
        case Errc::truncated: return "the data ends too early";
        case Errc::malformed: return "the data is malformed";
        case Errc::too_large: return "too large";
        case Errc::unsupported: return "not supported";
        case Errc::invalid_value: return "the value is not allowed";
        case Errc::timed_out: return "timed out";
        case Errc::cancelled: return "cancelled";
        case Errc::closed: return "the connection is closed";
        case Errc::busy: return "busy";
        case Errc::superseded: return "superseded by a newer request";
        case Errc::expired: return "expired while waiting for the device to wake up";
        case Errc::not_found: return "not found";
        case Errc::already_exists: return "exists already";
        case Errc::refused: return "refused";
        case Errc::mismatch: return "does not match";
        case Errc::unavailable: return "not available now";
        case Errc::no_route: return "no network route to the device (NWK_NO_ROUTE)";
        case Errc::no_ack: return "the device did not acknowledge (MAC_NO_ACK)";
        case Errc::channel_access_failure:
            return "the radio channel is too busy (MAC_CHANNEL_ACCESS_FAILURE)";
        case Errc::transaction_expired:
            return "the device did not fetch the message in time (MAC_TRANSACTION_EXPIRED)";
        case Errc::buffer_full: return "the coordinator's buffers are full (BUFFER_FULL)";
        case Errc::no_resources: return "the coordinator is out of memory (MAC_NO_RESOURCES)";
        case Errc::delivery_failed: return "delivery failed";
        case Errc::io_error: return "input/output error";
    }
    return "unknown error";
}

class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "waggle"; }
    std::string message(int value) const override { return sentence(static_cast<Errc>(value)); }
};

}  // namespace

const boost::system::error_category& errc_category() noexcept {
    static const Category category;
    return category;
}

}  // namespace waggle
