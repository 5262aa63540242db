/// What the co-processor does wrong on purpose. Every fault ends by itself after a number of uses,
/// or is taken back by clear().
#pragma once

#include <limits>
#include <list>
#include <optional>
#include <string>

#include <boost/json/fwd.hpp>

#include "scheduler.hpp"
#include "unpi.hpp"

namespace waggle::sim {

class Faults {
  public:
    static constexpr std::uint32_t always = std::numeric_limits<std::uint32_t>::max();

    struct OnCommand {
        enum class Action { refuse, delay, drop } action = Action::drop;
        std::uint16_t code = 0;  // a request, or an indication to be dropped or delayed
        std::uint8_t status = 0x01;
        Milliseconds delay{0};
        std::uint32_t left = 1;
    };
    struct OnConfirm {
        std::uint8_t status = 0xE9;
        std::optional<std::uint64_t> ieee;  // only for this device
        std::uint32_t left = 1;
    };

    void add(const OnCommand& fault) { commands_.push_back(fault); }
    void add(const OnConfirm& fault) { confirms_.push_back(fault); }
    void set_garbage(Bytes bytes, std::uint32_t frames);
    void set_damage(std::uint32_t frames) { damage_ = frames; }
    void set_buffer_full(std::uint32_t requests) { buffer_full_ = requests; }
    void set_pan_conflict(bool on) { pan_conflict_ = on; }
    void be_silent(Scheduler::Clock::time_point until) { silent_until_ = until; }
    void clear();

    // Each of these uses up what it returns.
    [[nodiscard]] std::optional<OnCommand> take_command(std::uint16_t code);
    [[nodiscard]] std::optional<std::uint8_t> take_confirm(std::uint64_t ieee);
    [[nodiscard]] bool take_buffer_full();
    [[nodiscard]] bool is_silent() const { return Scheduler::Clock::now() < silent_until_; }
    [[nodiscard]] bool pan_conflict() const { return pan_conflict_; }

    /// Applies garbage and damage to the bytes of one frame about to be sent.
    void spoil(Bytes& frame);

    [[nodiscard]] boost::json::array list() const;

  private:
    std::list<OnCommand> commands_;
    std::list<OnConfirm> confirms_;
    Bytes garbage_;
    std::uint32_t garbage_frames_ = 0;
    std::uint32_t damage_ = 0;
    std::uint32_t buffer_full_ = 0;
    bool pan_conflict_ = false;
    Scheduler::Clock::time_point silent_until_{};
};

}  // namespace waggle::sim
