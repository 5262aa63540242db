#pragma once

#include <string>

#include "waggle/plugin.h"

/// Whether what a plugin says of its devices can be read at all.
namespace waggle::plugin {

/// Walks everything a definition points to; "" when all of it can be read and makes sense,
/// otherwise the first thing that is wrong, with its place: "exposes[2].values: 4294967295 items
/// (4096 at most)". A pointer that is neither null nor valid cannot be told from a good one.
std::string check_definition(const wg_definition& definition);

/// The same for a table of exposes alone.
std::string check_exposes(const wg_table& exposes);

/// The smallest sizes of the structs that a plugin of this interface may bring.
inline constexpr std::size_t least_definition_size =
    offsetof(wg_definition, meta) + sizeof(wg_value);

}  // namespace waggle::plugin
