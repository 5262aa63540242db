#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "store/settings.hpp"

/// The forms of `advanced.last_seen`.
namespace waggle::engine {

/// "2019-03-01T15:32:45.941Z" for milliseconds since 1970.
std::string iso_8601_utc(std::int64_t ms);
/// "2019-03-01T16:32:45+01:00" in the process's time zone, without milliseconds.
std::string iso_8601_local(std::int64_t ms);

/// Null when disabled.
boost::json::value format_last_seen(std::int64_t ms, store::LastSeen form,
                                    boost::json::storage_ptr storage);

}  // namespace waggle::engine
