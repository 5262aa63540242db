/// Code behind the commands of one cluster. Behaviours have no state of their own: what they
/// remember are attributes of the device, or stands in its memory(). A new one is a file in this folder and a row in
/// registry.cpp.
#pragma once

#include "device.hpp"
#include "zcl.hpp"

namespace waggle::sim {

/// What a command led to. Without a response of the cluster's own, a default response is due.
struct Outcome {
    zcl::Status status = zcl::Status::success;
    std::optional<std::uint8_t> response;
    Bytes payload;

    static Outcome failed(zcl::Status status) { return Outcome{status, std::nullopt, {}}; }
    static Outcome reply(std::uint8_t command, Bytes payload) {
        return Outcome{zcl::Status::success, command, std::move(payload)};
    }
};

/// A cluster's command as it reached one endpoint.
struct Command {
    std::uint8_t endpoint = 0;
    std::uint8_t id = 0;
    std::uint16_t manufacturer = 0;
    View payload;
};

class Behaviour {
  public:
    virtual ~Behaviour() = default;
    [[nodiscard]] virtual std::uint16_t cluster() const = 0;
    /// Ids for the Discover Commands requests.
    [[nodiscard]] virtual std::vector<std::uint8_t> received() const = 0;
    [[nodiscard]] virtual std::vector<std::uint8_t> generated() const { return {}; }
    virtual Outcome run(Device& device, const Command& command) const = 0;
    /// Once when the device comes to be, and again when it was reset: what it watches, and what
    /// goes on without anybody asking.
    virtual void start(Device& /*device*/, std::uint8_t /*endpoint*/) const {}
};

/// Null when there is none of that name.
[[nodiscard]] const Behaviour* find_behaviour(std::string_view name);
[[nodiscard]] std::vector<std::string> behaviour_names();

void start_behaviours(Device& device);

/// The one of the endpoint's behaviours that serves the cluster.
[[nodiscard]] const Behaviour* behaviour_of(const EndpointDescription& endpoint,
                                            std::uint16_t cluster);

}  // namespace waggle::sim
