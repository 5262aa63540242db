#pragma once

#include <string>
#include <string_view>

#include "plugin/definition.hpp"

/// The page of a device in Markdown, out of its definition. What stands between the two marks is
/// written by hand and survives when the page is made again.
///
///     <!-- notes -->
///     ## Pairing
///     …
///     <!-- /notes -->
namespace waggle::plugin {

/// @param before  the page as it was; "" for a new one
std::string device_page(const Definition& definition, std::string_view before);

}  // namespace waggle::plugin
