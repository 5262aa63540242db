#pragma once

#include <boost/system/result.hpp>

#include "base/errc.hpp"

namespace waggle {

/// A value, or the error_code that says why there is none.
template <class T = void>
using Result = boost::system::result<T>;

}  // namespace waggle
