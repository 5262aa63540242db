#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <vector>

#include "base/async.hpp"

/// How much is given to the co-processor at once.
///
/// A bounded number of requests is under way, one a destination, the others wait in order. While a
/// request only waits (for a sleeping device's confirm, for its next attempt) it lends its place to
/// others, so that one slow device cannot hold back the rest. When the co-processor runs out of
/// buffers the window closes to half, and opens again by one with every full round delivered. Loop
/// thread only.
namespace waggle::znp {

class Window {
  public:
    explicit Window(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    /// @param width  at least 1
    void open(unsigned width);
    /// Everybody who waits gets Errc::closed.
    void close();

    void out_of_buffers() noexcept;
    void delivered() noexcept;

    unsigned width() const noexcept { return width_; }  ///< now; at most what open() was given
    std::size_t waiting() const noexcept { return waiting_.size(); }
    std::size_t under_way() const noexcept { return places_taken_ + lent_; }

    static constexpr std::size_t max_waiting = 512;
    static constexpr std::chrono::minutes max_wait{2};

    /// One request's place; lives in the frame of the coroutine that sends it.
    class Permit {
      public:
        /// Without a destination there is no limit but the window's.
        Permit(Window& window, std::optional<std::uint16_t> destination);
        ~Permit();
        Permit(const Permit&) = delete;
        Permit& operator=(const Permit&) = delete;

        /// Waits for the destination and a place, or after lend() for a place again.
        /// @return Errc::busy when max_waiting are waiting, Errc::timed_out, Errc::closed
        [[nodiscard]] Awaitable<Result<void>> enter();
        /// Gives the place away and keeps the destination.
        void lend();
        /// The same, unless as many as the window is wide are lent already.
        void lend_if_room();

      private:
        friend class Window;
        enum class State { outside, waiting, inside, lent };

        Window& window_;
        std::optional<std::uint16_t> destination_;
        bool owns_destination_ = false;
        State state_ = State::outside;
        Timer timer_;
    };

  private:
    bool may_enter(const Permit& permit) const noexcept;
    void admit(Permit& permit);
    void admit_waiting();
    void leave(Permit& permit) noexcept;

    boost::asio::any_io_executor executor_;
    bool open_ = false;
    unsigned full_width_ = 1;
    unsigned width_ = 1;
    unsigned delivered_in_round_ = 0;
    unsigned places_taken_ = 0;
    unsigned lent_ = 0;
    std::list<Permit*> waiting_;
    std::vector<std::uint16_t> destinations_;  ///< with a request under way
};

}  // namespace waggle::znp
