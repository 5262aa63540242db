#pragma once

#include <vector>

#include "network/core.hpp"

/// Touchlink: finding lights close to the radio, showing which one is meant, and taking one back from
/// a network that is gone, all without being in a network with it (inter-PAN) [ZCL8 13.2].
///
/// The radio leaves its network's channel for that, and until it is back nothing else can be sent. So
/// one operation runs at a time, in a task of the network's own: whoever asked for it may go away,
/// the radio is brought back all the same. Where the link was lost meanwhile it is brought back when
/// the link is up again.
namespace waggle::network {

struct TouchlinkDevice {
    Ieee ieee;
    std::uint8_t channel = 0;
};

/// Something heard between networks.
struct InterPanReply {
    Ieee sender;
    EndpointId endpoint = 0, destination = 0;
    std::uint8_t link_quality = 0;
    bool broadcast = false;
    Bytes frame;
};

class Touchlink final : public Events {
  public:
    explicit Touchlink(Core& core) : core_(&core) {}

    using Found = std::vector<TouchlinkDevice>;

    // Errc::busy: an operation is under way already; Errc::unsupported: the adapter cannot.
    /// All that answer, channel by channel, in about 11 seconds.
    [[nodiscard]] Awaitable<Result<Found>> scan();
    /// The device shows itself. Errc::timed_out: it does not answer there.
    [[nodiscard]] Awaitable<Result<void>> identify(Ieee ieee, std::uint8_t channel);
    /// It shows itself and, two seconds later, forgets its network.
    [[nodiscard]] Awaitable<Result<void>> reset(Ieee ieee, std::uint8_t channel);
    /// The first that answers on any channel. Errc::not_found: none does.
    [[nodiscard]] Awaitable<Result<void>> reset_first();
    /// A frame to everybody on every channel in turn, which nobody answers.
    [[nodiscard]] Awaitable<Result<void>> send_everywhere(ClusterId cluster, Bytes frame);

    /// One frame on the channel that the radio is on, to a device or to everybody; waits for command
    /// `response` if there is one. Nothing: none was waited for.
    [[nodiscard]] Awaitable<Result<std::optional<InterPanReply>>> send(
        std::optional<Ieee> to, ClusterId cluster, Bytes frame,
        std::optional<std::uint8_t> response, Clock::duration limit);

    /// A message of the touchlink cluster.
    void received(const ApsIndication& indication);
    /// Ends what is under way and brings the radio back, as far as that is done in `limit`.
    Awaitable<void> stop(Clock::duration limit);

    void link_lost(std::string_view reason) override;
    void link_restored() override;

    static constexpr ClusterId cluster = 0x1000;
    static constexpr Clock::duration answer_time = std::chrono::milliseconds(500);
    static constexpr Clock::duration show_time = std::chrono::seconds(2);

  private:
    struct Operation;
    /// Who waits for a response between networks.
    struct Listening {
        std::uint8_t command = 0;
        std::optional<std::uint32_t> transaction;
        std::optional<Ieee> sender;
        bool until_first = true;
        std::vector<InterPanReply> heard;
    };

    Awaitable<Result<Found>> run(Operation operation);
    Awaitable<Result<Found>> perform(const Operation& operation);
    Awaitable<Result<Found>> perform_on(std::uint8_t channel, const Operation& operation);
    Awaitable<Result<void>> show(Ieee ieee, std::uint32_t transaction, bool reset);
    Awaitable<Result<std::vector<InterPanReply>>> listen(Listening what, std::optional<Ieee> to,
                                                         ClusterId to_cluster, Bytes frame,
                                                         Clock::duration limit);
    static Result<void> encode(Bytes& out, std::string_view name, zcl::Parameters parameters);
    Awaitable<Result<void>> command(Ieee to, std::string_view name, zcl::Parameters parameters);
    Awaitable<Result<void>> pause(Clock::duration length);
    Awaitable<void> restore();
    std::optional<Errc> reason_to_end() const noexcept;

    Core* core_;
    bool stopping_ = false;
    bool is_lost_ = false;  ///< the link, during the operation that is under way
    bool is_away_ = false;  ///< the radio may be on another channel than its network
    std::optional<OneShot<bool>> under_way_, pause_;
    Listening* listening_ = nullptr;
};

}  // namespace waggle::network
