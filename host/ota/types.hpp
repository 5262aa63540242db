#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ota/image.hpp"
#include "store/failure.hpp"
#include "zigbee/types.hpp"

/// What the parts of firmware updating tell each other: what a device says of itself, what is asked
/// for, and an image that lies on the disk. Plain values; who holds one owns it.
namespace waggle::ota {

using store::Failure;
/// A value, or a sentence for users.
template <class T = void>
using Outcome = store::Outcome<T>;

/// What a device says in Query Next Image Request [ZCL8 11.13.4], with what the host knows of it and
/// what its definition adds (wg_ota).
struct DeviceFacts {
    Ieee ieee{};
    ManufacturerCode manufacturer = 0;
    std::uint16_t image_type = 0;
    std::uint32_t file_version = 0;
    std::optional<std::uint16_t> hardware_version;
    /// Of the definition: what meets a bound as well where the device's own version does not.
    std::optional<std::uint16_t> hardware_version_min, hardware_version_max;
    std::string model_id, manufacturer_name;
    std::string header_string;  ///< the image must carry it; empty: any
    /// Names of a definition, beside the device's own: an entry may name either.
    std::string definition_model_id, definition_manufacturer_name;
};

enum class Direction : std::uint8_t { upgrade, downgrade };

/// Where a request wants the image from; nothing set: the configured indexes.
struct Wish {
    Direction direction = Direction::upgrade;
    std::string
        url;  ///< an index (….json) or an image: http(s) URL, or path (relative: data folder)
    std::string file;  ///< an image that the request brought along, stored in the data folder
};

/// One image that an index offers [ota.md 1]. Numbers that a local file's entry leaves out are read
/// from the image.
struct IndexEntry {
    std::string url;  ///< http(s), or path
    ManufacturerCode manufacturer = 0;
    std::uint16_t image_type = 0;
    std::uint32_t file_version = 0;
    std::uint64_t file_size = 0;  ///< 0: not said
    std::string sha512;           ///< of the whole file, lower-case hex; empty: not said
    std::string file_name, header_string, model_id, release_notes, original_url;
    std::vector<std::string> manufacturer_names;
    std::optional<std::uint32_t> min_file_version, max_file_version;  ///< of the device, inclusive
    std::optional<std::uint16_t> hardware_version_min, hardware_version_max;
    bool force = false;
};

/// An image on the disk whose hash was right when it was stored. Read block by block: it is never
/// in memory as a whole.
struct StoredImage {
    std::string path;
    std::uint64_t offset = 0;  ///< of the image in its file: makers wrap them
    ImageHeader header;        ///< total_size octets from `offset` are what a device gets
    std::string sha512;        ///< of the whole file, lower-case hex
};

/// What came of looking for an image.
struct Found {
    std::optional<IndexEntry> best;
    bool available = false;  ///< `best` is newer (older for a downgrade), or forced
    std::vector<std::string>
        considered;  ///< a sentence an entry of this device's type: taken or why not
};

}  // namespace waggle::ota
