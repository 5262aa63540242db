/// Many reports at once, or at a steady rate: pre-encoded MT frames that only get their sequence
/// numbers, time stamp and check byte, written to the link in large batches. The co-processor's
/// faults do not apply to them.
#pragma once

#include <memory>
#include <vector>

#include "link.hpp"
#include "network.hpp"
#include "trace.hpp"

namespace waggle::sim {

struct BurstStatistics {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
    double seconds = 0;
    bool complete = false;  // false: the host went away
};

class Burst : public std::enable_shared_from_this<Burst> {
  public:
    using Done = std::function<void(const BurstStatistics&)>;

    /// @param rate  frames a second; 0 for as fast as the host takes them
    Burst(Link& link, Scheduler& scheduler, Trace& trace, std::uint64_t count, double rate,
          Done done);

    /// Devices without a `burst` section in their description are left out.
    void add(const Device& device);
    [[nodiscard]] bool is_empty() const { return sources_.empty(); }
    void start();
    /// To be called when the link has room again.
    void resume();

  private:
    struct Source {
        std::uint16_t nwk = 0;
        std::uint8_t endpoint = 0;
        std::uint16_t cluster = 0;
        std::uint8_t sequence = 0;
        std::vector<Bytes> frames;
        std::vector<std::vector<std::size_t>> sequence_at;
        std::size_t next = 0;
    };

    void send_one();
    void send_while_room(std::uint64_t limit);
    void tick();
    void watch();
    void finish(bool complete);

    static constexpr std::size_t high_water = 256u << 10;

    Link& link_;
    Scheduler& scheduler_;
    Trace& trace_;
    std::uint64_t count_;
    double rate_;
    Done done_;
    std::vector<Source> sources_;
    std::size_t source_ = 0;
    BurstStatistics statistics_;
    Scheduler::Clock::time_point started_{};
    std::uint8_t aps_sequence_ = 0;
    bool finished_ = false;
};

}  // namespace waggle::sim
