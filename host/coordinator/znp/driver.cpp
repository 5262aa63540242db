#include "coordinator/znp/driver.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "coordinator/znp/frame_log.hpp"
#include "coordinator/znp/status.hpp"

namespace waggle::znp {
namespace {

constexpr std::string_view ns = "znp";
constexpr std::string_view frame_ns = "znp:frame";
/// Longer than everything in a full queue takes at most; each request has its own deadline.
constexpr std::chrono::hours queue_limit{2};

/// Waits on a timer that somebody cancels when there is news. True unless the coroutine itself was
/// cancelled or the time passed.
Awaitable<boost::system::error_code> wait(Timer& timer, Clock::duration limit) {
    timer.expires_after(limit);
    const auto error = co_await timer.wait();
    co_return error;
}

}  // namespace

/// One call() under way. Takes itself out of the driver when its coroutine ends, however that is.
struct Driver::Exchange {
    Exchange(Driver& owner, const Command& to_send, Bytes bytes, Clock::duration limit)
        : driver(owner),
          command(to_send),
          frame(std::move(bytes)),
          deadline(limit),
          done(owner.executor_) {
        driver.queue_.push_back(this);
    }
    ~Exchange() {
        std::erase(driver.queue_, this);
        if (driver.waiting_ == this)
            driver.waiting_ = nullptr;
    }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    void settle(Result<Bytes> outcome) {
        if (!result)
            result.emplace(std::move(outcome));
        done.cancel();
    }

    Driver& driver;
    Command command;
    Bytes frame;
    Clock::duration deadline;
    Timer done;
    std::optional<Result<Bytes>> result;
};

struct Driver::Pause {
    Pause(Driver& owner) : driver(owner), timer(owner.executor_) {
        place = driver.pauses_.insert(driver.pauses_.end(), &timer);
    }
    ~Pause() { driver.pauses_.erase(place); }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

    Driver& driver;
    Timer timer;
    std::list<Timer*>::iterator place;
};

Driver::Driver(boost::asio::any_io_executor executor, Events& events)
    : executor_(std::move(executor)), events_(events), deadline_(executor_), stall_(executor_) {
}

Driver::~Driver() {
    close();
}

Awaitable<Result<void>> Driver::open(std::unique_ptr<Transport> transport, std::string& problem) {
    close();
    transport_ = std::move(transport);
    auto opened = co_await transport_->open(*this, problem);
    open_ = opened.has_value();
    last_heard_ = Clock::now();
    co_return opened;
}

void Driver::close() noexcept {
    end_all();
}

void Driver::end_all() noexcept {
    open_ = false;
    if (transport_)
        transport_->close();
    deadline_.cancel();
    stall_.cancel();
    stall_armed_ = stalled_ = false;
    under_way_.reset();
    silent_requests_ = 0;
    if (auto* const exchange = std::exchange(waiting_, nullptr))
        exchange->settle(Errc::closed);
    for (auto* const exchange : std::exchange(queue_, {}))
        exchange->settle(Errc::closed);
    for (auto* const expectation : expectations_)
        expectation->settle(Errc::closed);
    for (auto* const pause : pauses_)
        pause->cancel();
}

void Driver::fail(std::string_view reason) {
    if (!open_)
        return;
    end_all();
    boost::asio::post(executor_, [this, alive = std::weak_ptr(alive_), text = std::string(reason)] {
        if (!alive.expired())
            events_.link_ended(text);
    });
}

void Driver::closed(std::string_view reason) {
    if (!open_)
        return;
    end_all();
    events_.link_ended(reason);
}

Awaitable<Result<Bytes>> Driver::call(const Command& command, Bytes payload) {
    return call(command, std::move(payload), command.deadline);
}

Awaitable<Result<Bytes>> Driver::call(const Command& command, Bytes payload,
                                      Clock::duration deadline) {
    if (!open_)
        co_return Errc::closed;
    if (queue_.size() >= max_queued)
        co_return Errc::busy;
    if (payload.size() > max_frame_data)
        co_return Errc::too_large;
    Exchange exchange(*this, command,
                      encode_frame(command.type, command.subsystem, command.id, payload), deadline);
    send_next();
    while (!exchange.result) {
        const auto ended = co_await wait(exchange.done, queue_limit);
        if (!exchange.result)
            co_return ended ? Errc::cancelled : Errc::timed_out;
    }
    co_return std::move(*exchange.result);
}

Awaitable<Result<Bytes>> Driver::call_checked(const Command& command, Bytes payload,
                                              std::uint8_t also_good) {
    const Command kept = command;
    auto reply = co_await call(kept, std::move(payload));
    if (!reply)
        co_return reply;
    if (reply->empty())
        co_return Errc::truncated;
    const auto code = reply->front();
    if (code == status::success || code == also_good)
        co_return reply;
    log::debug(ns, "{} answered {} (0x{:02x})", kept.name, status_name(code), code);
    co_return status_error(code);
}

Result<void> Driver::post(const Command& command, Bytes payload) {
    return write_raw(encode_frame(command.type, command.subsystem, command.id, payload));
}

Result<void> Driver::write_raw(Bytes bytes) {
    if (!open_)
        return Errc::closed;
    if (log::enabled(log::Level::debug, frame_ns))
        log::debug(frame_ns, "--> {}", frame_text(bytes));
    return transport_->write(std::move(bytes));
}

Awaitable<Result<void>> Driver::pause(Clock::duration duration) {
    if (!open_)
        co_return Errc::closed;
    Pause pause(*this);
    const auto error = co_await wait(pause.timer, duration);
    if (!open_)
        co_return Errc::closed;
    if (error)
        co_return Errc::cancelled;
    co_return Result<void>{};
}

void Driver::set_lines(bool dtr, bool rts) noexcept {
    if (open_)
        transport_->set_lines(dtr, rts);
}

void Driver::send_next() {
    while (open_ && !under_way_ && !queue_.empty()) {
        auto* const next = queue_.front();
        queue_.pop_front();
        if (auto written = write_raw(std::move(next->frame)); !written) {
            next->settle(written.error());
            continue;
        }
        under_way_ = next->command;
        waiting_ = next;
        arm_deadline(next->deadline);
    }
}

void Driver::arm_deadline(Clock::duration limit) {
    deadline_.expires_after(limit);
    deadline_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code error) {
        // A wait that was cancelled too late to say so finds the deadline moved.
        if (!error && !alive.expired() && under_way_ && deadline_.expiry() <= Clock::now())
            deadline_passed();
    });
}

void Driver::deadline_passed() {
    ++silent_requests_;
    log::debug(ns, "{} was not answered", under_way_->name);
    finish(Errc::timed_out);
    if (silent_requests_ >= 2)
        events_.silence();
}

void Driver::finish(Result<Bytes> result) {
    under_way_.reset();
    deadline_.cancel();
    if (auto* const exchange = std::exchange(waiting_, nullptr))
        exchange->settle(std::move(result));
    send_next();
}

std::size_t Driver::received(ByteView bytes) {
    last_heard_ = Clock::now();
    silent_requests_ = 0;
    tracing_ = log::enabled(log::Level::debug, frame_ns);
    ByteView rest = bytes;
    const bool after_stall = std::exchange(stalled_, false);
    auto frame = after_stall ? next_frame_behind_stall(rest) : next_frame(rest);
    while (frame) {
        dispatch(*frame);
        if (!open_)  // the event ended the link
            return bytes.size();
        frame = next_frame(rest);
    }
    const auto used = bytes.size() - rest.size();
    watch_stall(!rest.empty() && !(after_stall && used == 0));  // nothing behind it: wait for more
    return used;
}

/// A frame whose length was damaged upwards holds back the good ones behind it until enough bytes
/// have come; when nothing comes for a while, look behind it.
void Driver::watch_stall(bool unfinished) {
    if (!unfinished) {
        if (std::exchange(stall_armed_, false))
            stall_.cancel();
        return;
    }
    stall_armed_ = true;
    stall_.expires_after(stall_limit);
    stall_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code error) {
        if (error || alive.expired() || !stall_armed_ || stall_.expiry() > Clock::now())
            return;
        stall_armed_ = false;
        stalled_ = true;
        transport_->present_again();
    });
}

void Driver::dispatch(const Frame& frame) {
    if (tracing_)
        log::debug(frame_ns, "<-- {}", frame_text(frame));
    if (frame.type == Type::srsp)
        return frame.subsystem == Subsystem::rpc_error ? rpc_error(frame) : answered(frame);
    for (auto* const expectation : expectations_) {
        if (!expectation->result_ && is(frame, expectation->command_) &&
            expectation->matches_(frame.data))
            return expectation->settle(Bytes(frame.data.begin(), frame.data.end()));
    }
    events_.areq(frame);
}

void Driver::answered(const Frame& frame) {
    if (under_way_ && is(frame, *under_way_))
        return finish(Bytes(frame.data.begin(), frame.data.end()));
    log::debug(ns, "An answer to nothing that was asked: subsystem {} command 0x{:02x}",
               static_cast<int>(frame.subsystem), frame.command);
}

/// The co-processor did not understand a request: error code, then the request's two command bytes
/// [MT 2.1.4].
void Driver::rpc_error(const Frame& frame) {
    ByteReader in(frame.data);
    const auto code = in.u8();
    const auto control = in.u8();
    const auto command = in.u8();
    if (in.failed() || !under_way_ || Subsystem(control & 0x1F) != under_way_->subsystem ||
        command != under_way_->id)
        return;
    log::debug(ns, "{} is unknown to the co-processor (error {})", under_way_->name, code);
    finish(Errc::unsupported);
}

Driver::Expectation::Expectation(Driver& driver, const Command& command, Matcher matches)
    : driver_(driver), command_(command), matches_(std::move(matches)), timer_(driver.executor_) {
    place_ = driver_.expectations_.insert(driver_.expectations_.end(), this);
    if (!driver_.open_)
        result_.emplace(Errc::closed);
}

Driver::Expectation::~Expectation() {
    driver_.expectations_.erase(place_);
}

void Driver::Expectation::settle(Result<Bytes> result) {
    if (result_)
        return;
    result_.emplace(std::move(result));
    timer_.cancel();
}

Awaitable<bool> Driver::Expectation::arrived_within(Clock::duration limit) {
    if (!result_)
        co_await wait(timer_, limit);
    co_return result_.has_value();
}

Result<Bytes> Driver::Expectation::take() {
    if (!result_)
        return Errc::timed_out;
    return std::move(*result_);
}

Awaitable<Result<Bytes>> Driver::Expectation::within(Clock::duration limit) {
    co_await arrived_within(limit);
    co_return take();
}

}  // namespace waggle::znp
