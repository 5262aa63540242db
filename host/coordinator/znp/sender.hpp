#pragma once

#include <bitset>
#include <deque>

#include "coordinator/coordinator.hpp"
#include "coordinator/znp/driver.hpp"
#include "coordinator/znp/identify.hpp"
#include "coordinator/znp/window.hpp"
#include "coordinator/znp/zdo_mt.hpp"

/// Messages and ZDO requests on their way out, with what Z-Stack needs done when it cannot deliver.
///
/// A unicast goes AF_DATA_REQUEST -> reply (the radio took it) -> AF_DATA_CONFIRM (what became of
/// it). Groupcasts and broadcasts go by AF_DATA_REQUEST_EXT and need time to spread: each takes one
/// of as many places as the window is wide for 200 ms, apart from the unicasts, which do not wait
/// for them.
namespace waggle::znp {

class Sender {
  public:
    explicit Sender(Driver& driver);

    void open(unsigned width, Version version);
    void close();

    /// The address that a device turned out to have; set by the owner.
    std::function<void(NwkAddress, Ieee)> address_found;

    /// @return Errc::too_large, Errc::busy (the queue is full), Errc::timed_out (no confirm within
    ///         10 s), Errc::closed, Errc::unavailable (inter-PAN mode), and the delivery errors. A
    ///         message that failed may still have arrived.
    [[nodiscard]] Awaitable<Result<void>> send(ApsRequest request);

    [[nodiscard]] Awaitable<Result<Bytes>> zdo(NwkAddress destination, zdo::Cluster cluster,
                                               Bytes payload, bool wait);

    /// `settle`: also waits the 3 s that routes need.
    [[nodiscard]] Awaitable<Result<void>> discover_route(NwkAddress address, bool settle);
    /// After a device's announce: in its turn behind what is being sent to it, nothing waits.
    [[nodiscard]] Awaitable<Result<void>> refresh_route(NwkAddress address);
    [[nodiscard]] Awaitable<Result<void>> repair_route(NwkAddress address, Ieee ieee);

    [[nodiscard]] Awaitable<Result<void>> send_inter_pan(std::optional<Ieee> to, ClusterId cluster,
                                                         Bytes payload);
    void set_inter_pan(bool active) noexcept { inter_pan_ = active; }

    const Window& window() const noexcept { return window_; }

    static constexpr std::size_t max_payload = 2048;
    static constexpr std::chrono::seconds unicast_deadline{10};
    static constexpr std::chrono::seconds group_deadline{3};
    static constexpr std::chrono::seconds zdo_deadline{10};
    static constexpr std::chrono::milliseconds settle_time{200};
    static constexpr std::chrono::seconds back_off{2};
    static constexpr std::chrono::seconds route_settle_time{3};
    /// A confirm that takes longer is for a sleeping device: others may use the place meanwhile.
    static constexpr std::chrono::seconds lend_after{1};
    static constexpr int max_attempts = 5;

  private:
    struct Outgoing;
    struct Transaction;
    struct Recovery;
    struct Association;

    Awaitable<Result<void>> unicast(ApsRequest request);
    Awaitable<Result<void>> group(ApsRequest request);
    Awaitable<Result<void>> broadcast(ApsRequest request);

    Awaitable<Result<std::uint8_t>> transmit_and_wait(const Outgoing& out, Clock::duration limit,
                                                      Window::Permit& permit);
    Awaitable<Result<std::uint8_t>> ask_status(const Command& command, Bytes payload);
    /// @return the reply's status
    Awaitable<Result<std::uint8_t>> hand_over(const Outgoing& out, std::uint8_t transaction);
    Awaitable<Result<std::uint8_t>> hand_over_in_pieces(const Outgoing& out,
                                                        std::uint8_t transaction);
    Awaitable<Result<void>> take_settling_place();
    void settle();

    Awaitable<Result<void>> recover(Recovery& state, std::uint8_t status, ApsRequest& request);
    Awaitable<bool> remove_association(Recovery& state, Ieee ieee, NwkAddress address);
    Awaitable<void> look_up_address(Recovery& state, ApsRequest& request);
    Awaitable<Result<Association>> find_association(Ieee ieee, NwkAddress address);
    Awaitable<Result<NwkAddress>> ask_address(Ieee ieee);
    Awaitable<Result<Bytes>> exchange_zdo(MtZdoRequest request, NwkAddress destination,
                                          bool is_node_desc, bool wait, Window::Permit* permit);
    void note_outcome(std::uint8_t status) noexcept;

    Driver& driver_;
    Version version_;
    Window window_;  ///< unicasts and ZDO
    Window turn_;    ///< of groupcasts and broadcasts: one is handed over at a time
    Window large_;   ///< the radio assembles one long message at a time
    unsigned width_ = 1;
    std::deque<Clock::time_point> settling_;
    std::bitset<256> transactions_;  ///< in use
    std::uint8_t last_transaction_ = 0;
    bool inter_pan_ = false;
};

}  // namespace waggle::znp
