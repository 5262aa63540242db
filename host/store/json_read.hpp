#pragma once

#include <string_view>

#include <boost/json/fwd.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/system/error_code.hpp>

/// JSON text to a value, as boost::json::parse does it, but with numbers read exactly. Boost.JSON 1.81
/// is off by one in the last place for every sixth number of 17 digits, and floats of devices have
/// so many (0.20000000298023224): what is read and written again must not drift.
namespace waggle::store {

/// @param error  what is wrong with the text; the value is then null
[[nodiscard]] boost::json::value read_json(std::string_view text, boost::system::error_code& error,
                                           boost::json::storage_ptr memory = {});

}  // namespace waggle::store
