#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ota/types.hpp"

/// Which of the images that indexes offer a device shall get.
///
/// Whether an entry fits is decided as zigbee2mqtt does, by all that the entry names. zigbee2mqtt then
/// takes the first that fits. Here the best is taken, as the order of an index means nothing:
///   1. entries of the override index, if one of them fits: who keeps one wants it, also to stay where
///      he is;
///   2. entries that name the device more closely: its model, its maker, its hardware. The public index
///      has images for "V3-BTZBE" and newer ones for everybody else with the same image type;
///   3. those that are newer (older for a downgrade), or forced;
///   4. those with a highest version of the device: they are steps on the way that must not be left out;
///   5. the highest version; for a downgrade the highest below the device's.
namespace waggle::ota {

class Selection {
  public:
    Selection(DeviceFacts facts, Direction direction);

    void consider(IndexEntry entry, bool of_override);

    bool fits(const IndexEntry& entry) const { return misfit(entry, facts_).empty(); }
    /// One that fits and is not to be taken all the same.
    void refuse(const IndexEntry& entry, std::string_view why);
    Direction direction() const noexcept { return direction_; }

    /// Something else that has to be told: an index that could not be had, an image that is none.
    void note(std::string sentence);

    /// The one taken comes first in `considered`, which has 50 sentences and a few at most.
    Found take() &&;

    /// Why an entry does not fit the device; empty when it does.
    static std::string misfit(const IndexEntry& entry, const DeviceFacts& facts);

  private:
    struct Rank {
        bool of_override = false;
        int named = 0;
        bool available = false;
        bool is_step = false;
        std::int64_t version = 0;
        auto operator<=>(const Rank&) const = default;
    };
    Rank rank_of(const IndexEntry& entry, bool of_override) const;
    bool is_available(const IndexEntry& entry) const;
    void tell(const IndexEntry& entry, std::string_view what);
    std::string best_line() const;

    DeviceFacts facts_;
    Direction direction_;
    Found found_;
    Rank best_;
    std::size_t unlisted_ = 0, of_type_ = 0, all_ = 0;
};

}  // namespace waggle::ota
