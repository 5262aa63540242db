#pragma once

#include <cstdint>

#include "base/clock.hpp"

/// How fast blocks follow each other, and how large they are. Never faster than configured; each block
/// that the radio could not deliver doubles the distance, up to five seconds, and every eighth that
/// arrived takes a quarter of what was added away again. Three losses in a row halve the blocks,
/// because long frames are the first to suffer; they grow again with the same patience.
///
/// Fewer errors are worth more than speed: a frame that is lost is sent up to four times by the
/// radio, and takes the air from everybody else's.
namespace waggle::ota {

class Pacing {
  public:
    static constexpr Clock::duration most_added = std::chrono::seconds(5);
    static constexpr Clock::duration first_added = std::chrono::milliseconds(100);
    static constexpr std::uint8_t least_size = 16;
    static constexpr unsigned losses_to_halve = 3, blocks_to_recover = 8;

    Pacing(Clock::duration at_least, std::uint8_t largest)
        : at_least_(at_least), largest_(largest), size_(largest) {}

    /// When the next block may go out; in the past at first.
    Clock::time_point next() const noexcept { return last_ + at_least_ + added_; }
    std::uint8_t size() const noexcept { return size_; }
    Clock::duration added() const noexcept { return added_; }

    /// A block goes out now.
    void began(Clock::time_point now) noexcept { last_ = now; }
    void delivered() noexcept;
    void lost() noexcept;

  private:
    Clock::duration at_least_, added_{};
    Clock::time_point last_{Clock::time_point::min() + most_added + most_added};
    std::uint8_t largest_, size_;
    unsigned losses_ = 0, good_ = 0;
};

}  // namespace waggle::ota
