#pragma once

#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"
#include "network/network.hpp"

/// Which answer belongs to which request: sequence numbers, and those who wait for a response.
/// Matched on device, endpoint, sequence number, cluster and command [zigbee-flows 12.8].
namespace waggle::network {

/// What is waited for: the command's own response if it has one; a default response counts always,
/// and its status decides.
struct Expected {
    Ieee device;
    EndpointId endpoint = 0;
    std::uint8_t sequence = 0;
    ClusterId cluster = 0;
    zcl::FrameType type = zcl::FrameType::global;
    std::optional<std::uint8_t> response;
    bool any_status = false;  ///< a refusal is an answer, too
};

/// The response to a frame, when the specification or the cluster's table has one.
std::optional<std::uint8_t> response_to(const zcl::Frame& frame) noexcept;

/// A copy that stands on its own: ZclReply's frame views its bytes.
ZclReply make_reply(const zcl::Frame& frame);

class Transactions {
    struct State;

  public:
    explicit Transactions(boost::asio::any_io_executor executor);

    /// One counter for all devices [zigbee-flows 5.5]; a number that a request to this device still
    /// waits on is passed over.
    std::uint8_t next_sequence(Ieee device);

    /// Registered as long as it lives.
    class Waiter {
      public:
        Waiter(std::shared_ptr<State> state, std::uint64_t id, OneShot<ZclReply> reply)
            : state_(std::move(state)), id_(id), reply_(std::move(reply)) {}
        Waiter(Waiter&&) = default;
        Waiter& operator=(Waiter&&) = delete;
        ~Waiter();
        [[nodiscard]] Awaitable<Result<ZclReply>> within(Clock::duration limit) const {
            return reply_.within(limit);
        }

      private:
        std::shared_ptr<State> state_;
        std::uint64_t id_;
        OneShot<ZclReply> reply_;
    };
    Waiter expect(const Expected& expected);

    /// A frame came in; whoever waits for it gets a copy.
    void received(Ieee device, EndpointId endpoint, const zcl::Frame& frame);
    /// A frame whose payload could not be read: whoever waits for it learns that.
    void unreadable(Ieee device, EndpointId endpoint, ClusterId cluster, ByteView raw,
                    boost::system::error_code why);

    void fail(Ieee device, Errc why);
    void fail_all(Errc why);

  private:
    boost::asio::any_io_executor executor_;
    std::shared_ptr<State> state_;
    std::uint8_t last_ = 0xFF;
};

}  // namespace waggle::network
