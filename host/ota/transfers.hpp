#pragma once

#include <map>
#include <optional>
#include <string>

#include "ota/server.hpp"

/// Which image is on its way to which device, on the disk: a small JSON file in the folder that holds the images,
///
///     {"0x00158d0001a2b3c4": {"file": "…/ota/cache/…", "offset": 0, "file_size": 169746, "changed": "1763884800000000000",
///       "image_type": 257, "manufacturer": 4447, "file_version": 22, "from": {…}, "options": {…}}}
///
/// written when a transfer begins and when it ends. An image counts as the one it was while its file has the same size
/// and time of change, and its header says the same; its hash was checked when the transfer began.
///
/// Bound: 32 entries; one more takes the place of the oldest.
namespace waggle::ota {

class Transfers {
  public:
    static constexpr std::size_t limit = 32;

    /// Reads the file. One that cannot be read is set aside, and the log says so: devices begin again then.
    explicit Transfers(std::string path);

    void begin(Ieee ieee, const Resume& transfer);
    void end(Ieee ieee);

    /// When the request is for that image, and the image is still there.
    [[nodiscard]] std::optional<Resume> find(Ieee ieee, ManufacturerCode manufacturer,
                                             std::uint16_t image_type,
                                             std::uint32_t file_version) const;

  private:
    struct Entry {
        Resume transfer;
        std::uint64_t file_size = 0;
        std::int64_t changed = 0;  ///< nanoseconds since 1970
        std::uint64_t number = 0;  ///< in the order in which they began
    };

    void read(std::string_view text);
    void write() const;

    std::string path_;
    std::map<Ieee, Entry> entries_;
    std::uint64_t last_number_ = 0;
};

}  // namespace waggle::ota
