/// Surroundings of a device that only remember what it sends. Time passes when the test says so.
#pragma once

#include <device.hpp>

#include "octets.hpp"
#include "support/virtual_loop.hpp"

namespace waggle::sim {

class FakeAir final : public Air {
  public:
    void transmit(Device&, ApsFrame frame) override { sent.push_back(std::move(frame)); }
    void transmit_to_ieee(Device&, std::uint64_t, ApsFrame frame) override {
        sent.push_back(std::move(frame));
    }
    void announce(Device&) override { ++announced; }
    void left(Device&, bool) override { ++departures; }
    void permit_joining(Device&, std::uint8_t) override {}
    std::vector<zdp::Neighbour> neighbours_of(const Device&) override { return {}; }
    std::vector<zdp::Route> routes_of(const Device&) override { return {}; }
    std::vector<std::uint16_t> children_of(const Device&) override { return {}; }
    std::uint64_t coordinator_ieee() const override { return 0x00124B0014D2A6F1; }
    Scheduler& scheduler() override { return scheduler_; }
    Scheduler& time() override { return scheduler_; }
    void state_changed() override {}

    /// What was sent since the last call: "endpoint cluster bytes" each.
    std::vector<std::string> take() {
        std::vector<std::string> texts;
        for (const ApsFrame& frame : sent)
            texts.push_back(std::to_string(frame.source_endpoint) + " " + hex16(frame.cluster) +
                            " " + to_hex(frame.data));
        sent.clear();
        return texts;
    }

    void run_for(std::chrono::milliseconds span,
                 std::chrono::milliseconds step = std::chrono::milliseconds(5)) {
        loop_.pass(span, step);
    }

    std::vector<ApsFrame> sent;
    int announced = 0;
    int departures = 0;

  private:
    test::VirtualLoop loop_;
    Scheduler scheduler_{loop_.context};
};

inline ApsFrame to_endpoint(std::uint8_t endpoint, std::uint16_t cluster, std::string_view zcl) {
    ApsFrame frame;
    frame.source_endpoint = 1;
    frame.destination_endpoint = endpoint;
    frame.cluster = cluster;
    frame.data = octets(zcl);
    return frame;
}

}  // namespace waggle::sim
