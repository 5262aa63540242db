/// A device of a file in tools/sim/devices with nothing around it but a FakeAir.
#pragma once

#include <behaviour/values.hpp>
#include <gestures.hpp>

#include "fake_air.hpp"

namespace waggle::sim {

using Texts = std::vector<std::string>;

#define EXPECT(got, ...) BOOST_TEST((got) == (Texts{__VA_ARGS__}), boost::test_tools::per_element())

struct VirtualDevice {
    explicit VirtualDevice(const std::string& file)
        : device(load_description(std::string(SIM_DEVICES) + "/" + file + ".json"), air) {}

    /// What it sends at once, the answer first.
    Texts ask(std::uint16_t cluster, std::string_view zcl, std::uint8_t endpoint = 1) {
        device.receive(to_endpoint(endpoint, cluster, zcl));
        return air.take();
    }

    Texts press(const std::string& gesture, int milliseconds = 10) {
        play(device, device.description().gestures.at(gesture));
        air.run_for(std::chrono::milliseconds(milliseconds));
        return air.take();
    }

    void pass(double seconds, int step_ms = 20) {
        air.run_for(std::chrono::milliseconds(static_cast<int>(seconds * 1000)),
                    std::chrono::milliseconds(step_ms));
    }

    double value(std::uint16_t cluster, std::uint16_t id, std::uint8_t endpoint = 1) {
        return Values(device, endpoint, cluster).number(id, -1);
    }
    void set(std::uint16_t cluster, std::uint16_t id, double to, std::uint8_t endpoint = 1) {
        Values(device, endpoint, cluster).set(id, to);
    }

    void bind(std::uint16_t cluster, std::uint8_t endpoint = 1) {
        zdp::Binding binding;
        binding.endpoint = endpoint;
        binding.cluster = cluster;
        binding.mode = zdp::Binding::to_ieee;
        binding.target = air.coordinator_ieee();
        binding.target_endpoint = 1;
        device.bindings().push_back(binding);
    }

    FakeAir air;
    Device device;
};

}  // namespace waggle::sim
