#include "ota/pacing.hpp"

#include <algorithm>

namespace waggle::ota {

void Pacing::delivered() noexcept {
    losses_ = 0;
    if (++good_ < blocks_to_recover)
        return;
    good_ = 0;
    added_ -= added_ / 4;
    if (added_ < first_added / 4)
        added_ = {};
    if (size_ < largest_)
        size_ = static_cast<std::uint8_t>(std::min<unsigned>(largest_, size_ * 2u));
}

void Pacing::lost() noexcept {
    good_ = 0;
    added_ = std::min(most_added, std::max(first_added, added_ * 2));
    if (++losses_ < losses_to_halve)
        return;
    losses_ = 0;
    size_ = std::max(std::min(largest_, least_size), static_cast<std::uint8_t>(size_ / 2));
}

}  // namespace waggle::ota
