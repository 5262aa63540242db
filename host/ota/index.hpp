#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "ota/types.hpp"

/// Indexes of firmware images in the form of the public zigbee-OTA repository: a JSON array with an
/// object an image. The text is taken apart entry by entry: the public index has a megabyte, somebody's
/// own may have thirty, and as a tree it would be five times that.
namespace waggle::ota {

/// An entry, and whether it says for itself what it is for: those of files on the disk need not, their
/// image does.
struct ReadEntry {
    IndexEntry entry;
    bool has_numbers = false;  ///< imageType, manufacturerCode and fileVersion
};

struct IndexTotals {
    std::size_t entries = 0;
    std::size_t unusable = 0;  ///< of those: no object, or without a URL
};

/// Calls `each` for every usable entry in its order. Fails when the text is no JSON array; entries
/// before the fault have been handed over then. The failure is a sentence without the index's name.
[[nodiscard]] Outcome<IndexTotals> read_index(std::string_view text,
                                              const std::function<void(ReadEntry)>& each);

/// One entry, as read_index hands it over; nothing when it is not usable.
std::optional<ReadEntry> read_entry(const boost::json::value& value);

/// The same form again, what is not set left out.
boost::json::object to_json(const IndexEntry& entry);

}  // namespace waggle::ota
