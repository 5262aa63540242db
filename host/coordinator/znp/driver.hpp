#pragma once

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "base/bytes.hpp"
#include "coordinator/transport.hpp"
#include "coordinator/znp/commands.hpp"

/// Request and response over one link to a Z-Stack network co-processor.
///
/// The co-processor handles one synchronous request (SREQ) at a time and answers it with the SRSP
/// of the same number; everything else it says is an asynchronous AREQ. Requests wait in a bounded
/// queue, and the next is written straight from the arrival of the last one's answer. An AREQ goes
/// first to whoever expects it, then to Events. When the link ends, everything that waits ends with
/// Errc::closed. Loop thread only.
namespace waggle::znp {

class Driver final : private Transport::Sink {
  public:
    /// Called on the loop, never from inside a call into the driver.
    class Events {
      public:
        virtual ~Events() = default;
        virtual void areq(const Frame& frame) = 0;
        /// A second request in a row was not answered and nothing else was heard either.
        virtual void silence() {}
        /// The link ended without close().
        virtual void link_ended(std::string_view reason) = 0;
    };

    Driver(boost::asio::any_io_executor executor, Events& events);
    ~Driver() override;
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    [[nodiscard]] Awaitable<Result<void>> open(std::unique_ptr<Transport> transport,
                                               std::string& problem);
    void close() noexcept;
    bool is_open() const noexcept { return open_; }

    /// Ends the link as if the other side had: everything pending ends, Events::link_ended follows
    /// in a later turn.
    void fail(std::string_view reason);

    /// Sends an SREQ and waits for its SRSP. `deadline` counts from when it is written.
    /// @return Errc::timed_out, Errc::closed, Errc::unsupported (the firmware does not know the
    ///         command), Errc::busy (max_queued requests wait already)
    [[nodiscard]] Awaitable<Result<Bytes>> call(const Command& command, Bytes payload = {});
    [[nodiscard]] Awaitable<Result<Bytes>> call(const Command& command, Bytes payload,
                                                Clock::duration deadline);

    /// For replies that begin with a status: any other than success (or `also_good`) is an error,
    /// logged at debug level with its name.
    [[nodiscard]] Awaitable<Result<Bytes>> call_checked(const Command& command, Bytes payload = {},
                                                        std::uint8_t also_good = 0);

    /// Sends an AREQ, which has no answer.
    [[nodiscard]] Result<void> post(const Command& command, Bytes payload);
    [[nodiscard]] Result<void> write_raw(Bytes bytes);

    /// Waits; ends at once with Errc::closed when the link does.
    [[nodiscard]] Awaitable<Result<void>> pause(Clock::duration duration);

    bool has_lines() const noexcept { return transport_ && transport_->has_lines(); }
    void set_lines(bool dtr, bool rts) noexcept;

    Clock::time_point last_heard() const noexcept { return last_heard_; }
    /// Deadlines of requests that passed since anything was heard.
    unsigned silent_requests() const noexcept { return silent_requests_; }
    const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

    static constexpr std::size_t max_queued = 128;
    static constexpr Clock::duration stall_limit = std::chrono::milliseconds(250);

    /// Something awaited from the link, by one coroutine in whose frame it lives. Made before the
    /// request is sent, because the answer may overtake the request's own reply.
    class Expectation {
      public:
        using Matcher = std::function<bool(ByteView)>;

        /// The first AREQ `command` whose payload `matches`.
        Expectation(Driver& driver, const Command& command, Matcher matches);
        ~Expectation();
        Expectation(const Expectation&) = delete;
        Expectation& operator=(const Expectation&) = delete;

        /// True when it has come (or the link ended); false when `limit` passed without it. May be
        /// called again.
        [[nodiscard]] Awaitable<bool> arrived_within(Clock::duration limit);
        bool has_arrived() const noexcept { return result_.has_value(); }
        /// The payload; Errc::timed_out when it has not come, Errc::closed.
        [[nodiscard]] Result<Bytes> take();
        [[nodiscard]] Awaitable<Result<Bytes>> within(Clock::duration limit);

      private:
        friend class Driver;
        void settle(Result<Bytes> result);

        Driver& driver_;
        Command command_;
        Matcher matches_;
        Timer timer_;
        std::optional<Result<Bytes>> result_;
        std::list<Expectation*>::iterator place_;
    };

  private:
    struct Exchange;
    struct Pause;

    std::size_t received(ByteView bytes) override;
    void closed(std::string_view reason) override;
    void dispatch(const Frame& frame);
    void answered(const Frame& frame);
    void rpc_error(const Frame& frame);
    void finish(Result<Bytes> result);
    void send_next();
    void arm_deadline(Clock::duration limit);
    void deadline_passed();
    void watch_stall(bool unfinished);
    void end_all() noexcept;

    boost::asio::any_io_executor executor_;
    Events& events_;
    std::unique_ptr<Transport> transport_;
    bool open_ = false;
    bool tracing_ = false;  ///< debug lines wanted; looked up once a read
    unsigned silent_requests_ = 0;
    Clock::time_point last_heard_{};

    std::deque<Exchange*> queue_;       ///< the exchanges live in their coroutines' frames
    std::optional<Command> under_way_;  ///< the request that was written and not yet answered
    Exchange* waiting_ = nullptr;       ///< whose it is; null when it gave up
    Timer deadline_;
    Timer stall_;
    bool stall_armed_ = false;
    bool stalled_ = false;
    std::list<Expectation*> expectations_;
    std::list<Timer*> pauses_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);  ///< outlived by timer handlers
};

}  // namespace waggle::znp
