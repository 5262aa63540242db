#pragma once

#include <string>
#include <type_traits>

#include <boost/system/error_code.hpp>

/// What can go wrong at a border, one sentence a value (see message()). Statuses that a protocol
/// defines itself (ZCL, ZDO) have categories of their own beside their codecs.
namespace waggle {

enum class Errc {
    // Bytes and text
    truncated = 1,  ///< the bytes end inside what they describe
    malformed,      ///< the bytes contradict their own format
    too_large,      ///< more than the format or a bound allows
    unsupported,    ///< well formed, but nothing here knows it
    invalid_value,  ///< outside the allowed range or list
    // Waiting
    timed_out,   ///< the deadline passed without an answer
    cancelled,   ///< the wait was given up, for instance because the host stops
    closed,      ///< the link went away
    busy,        ///< no more work is taken now; try again later
    superseded,  ///< a newer request took this one's place in the queue
    expired,     ///< the request waited for a sleeping device longer than it may
    // Names and places
    not_found,
    already_exists,
    refused,      ///< the other side said no
    mismatch,     ///< two sources that must agree do not
    unavailable,  ///< the thing exists but cannot be used in this state
    // Delivery, as a radio reports it for a message it accepted
    no_route,
    no_ack,
    channel_access_failure,
    transaction_expired,
    buffer_full,
    no_resources,
    delivery_failed,  ///< any other failure of delivery; the driver logs the number
    // Files
    io_error,
};

const boost::system::error_category& errc_category() noexcept;

inline boost::system::error_code make_error_code(Errc value) noexcept {
    return {static_cast<int>(value), errc_category()};
}

}  // namespace waggle

template <>
struct boost::system::is_error_code_enum<waggle::Errc> : std::true_type {};
