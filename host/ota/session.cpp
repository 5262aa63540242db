#include "ota/session.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "base/log.hpp"

namespace waggle::ota {
namespace {

constexpr std::string_view ns = "ota";
constexpr auto announce_time = std::chrono::minutes(2);
constexpr auto abort_time = std::chrono::seconds(5);
constexpr auto retry_delay = std::chrono::milliseconds(250);
constexpr unsigned most_tries = 3;
/// Block timeouts, and requests, with the same offset: a device that was away for long is not stuck.
constexpr int stuck_after = 2;
constexpr unsigned stuck_requests = 20;

std::string status_name(zcl::Status status) {
    const auto known = zcl::name(status);
    return known.empty() ? fmt::format("{:#04x}", static_cast<unsigned>(status))
                         : std::string(known);
}

double in_seconds(Clock::duration duration) {
    return std::chrono::duration<double>(duration).count();
}

/// As zigbee2mqtt: nothing is the default.
Session::Subject with_usable_options(Session::Subject subject) {
    auto& options = subject.options;
    if (options.block_timeout <= options.block_timeout.zero())
        options.block_timeout = ServeOptions().block_timeout;
    if (options.maximum_data_size == 0)
        options.maximum_data_size = ServeOptions().maximum_data_size;
    return subject;
}

/// Waiting for a while may mend it; a device that is gone, or a link that is down, it does not.
bool is_worth_repeating(const boost::system::error_code& error) noexcept {
    return error != Errc::cancelled && error != Errc::unavailable && error != Errc::not_found;
}

}  // namespace

Session::Session(const boost::asio::any_io_executor& executor, Network& network, Subject subject,
                 ImageReader reader, ProgressHandler progress)
    : network_(&network),
      subject_(with_usable_options(std::move(subject))),
      reader_(std::move(reader)),
      progress_(std::move(progress)),
      pacing_(subject_.options.block_delay, subject_.options.maximum_data_size),
      timer_(executor) {
    if (!progress_)
        progress_ = [](Progress) {};
}

void Session::wake() {
    woken_ = true;
    timer_.cancel();
}

void Session::requested(const BlockRequest& request) {
    request_ = request;
    wake();
}

void Session::ended(const EndRequest& request) {
    end_ = request;
    wake();
}

void Session::queried(const Query& query) {
    query_ = query;
    wake();
}

void Session::announced() {
    if (!finishing_)
        return;
    announced_ = true;
    wake();
}

void Session::left() {
    left_ = true;
    wake();
}

void Session::abort() {
    if (finishing_ || aborted_)
        return;
    deadline_ = Clock::now() + abort_time;
    aborted_ = true;
    wake();
}

void Session::cancel() {
    cancelled_ = true;
    wake();
}

Awaitable<Outcome<End>> Session::run(bool offer) {
    deadline_ = Clock::now() + subject_.options.block_timeout;
    if (offer) {
        auto frame = image_offered(subject_.image.header);
        const auto sent =
            co_await insist(subject_.query.endpoint, subject_.query.sequence, std::move(frame));
        if (!sent)
            co_return store::fail(fmt::format("The image could not be offered to {} ({})",
                                              subject_.ieee.to_string(), sent.error().message()));
        begin_progress(0);
    }
    for (;;) {
        auto ending = co_await next();
        if (ending)
            co_return std::move(*ending);
    }
}

/// Looks at what happened, the most urgent first, and does one thing.
Awaitable<Session::Ending> Session::next() {
    if (auto ending = stopped())
        co_return ending;
    if (aborted_ && (request_ || work_))
        co_return co_await abort_now();
    if (end_) {
        const auto request = *std::exchange(end_, std::nullopt);
        co_return co_await end_now(request);
    }
    if (query_) {
        const auto query = *std::exchange(query_, std::nullopt);
        co_return co_await answer_query(query);
    }
    if (request_) {
        const auto request = *std::exchange(request_, std::nullopt);
        if (is_stuck(request))
            co_return failed(unfinished("It asks for the same octets over and over"));
        co_await begin_work(request);
        co_return std::nullopt;
    }
    // The radio may take long to find out that a device is away.
    const auto now = Clock::now();
    if (now >= deadline_)
        co_return time_is_over();
    const auto until = work_ ? std::min(pacing_.next(), deadline_) : deadline_;
    if (now < until) {
        const auto woken = co_await wait_until(until);
        if (woken == Woken::cancelled)
            cancelled_ = true;
        co_return std::nullopt;
    }
    co_return co_await send_block();
}

Session::Ending Session::stopped() {
    if (cancelled_) {
        may_go_on_ = true;
        return failed(unfinished("The host stops"));
    }
    if (left_)
        return failed(unfinished("The device left the network"));
    if (announced_)
        return finished(true);
    return std::nullopt;
}

Session::Ending Session::time_is_over() {
    if (finishing_)
        return finished(false);
    if (aborted_)
        return failed(fmt::format("OTA for device {} was aborted", subject_.ieee.to_string()));
    may_go_on_ = true;
    const auto waited =
        std::chrono::duration_cast<std::chrono::seconds>(subject_.options.block_timeout);
    return failed(unfinished(fmt::format("It asked for nothing in {} s", waited.count())));
}

Session::Ending Session::finished(bool announced) {
    log::debug(ns, "The update of {} is finished{}", subject_.ieee.to_string(),
               announced ? "" : ", though it did not announce itself in two minutes");
    return Outcome<End>(End{subject_.image.header.file_version, announced});
}

Session::Ending Session::failed(std::string why) {
    return Outcome<End>(store::fail(std::move(why)));
}

std::string Session::unfinished(const std::string& why) const {
    return fmt::format(
        "Device {} did not start/finish firmware download after being notified. ({})",
        subject_.ieee.to_string(), why);
}

Awaitable<Session::Woken> Session::wait_until(Clock::time_point at) {
    woken_ = false;
    timer_.expires_at(at);
    const auto error = co_await timer_.wait();
    if (!error)
        co_return Woken::time;
    co_return woken_ ? Woken::event : Woken::cancelled;
}

Awaitable<Result<void>> Session::send(EndpointId endpoint, std::uint8_t sequence,
                                      zcl::Frame frame) {
    ZclRequest request(subject_.ieee, endpoint, std::move(frame));
    request.sequence = sequence;
    const auto sent = co_await network_->request(std::move(request));
    if (!sent)
        co_return sent.error();
    co_return Result<void>{};
}

Awaitable<Result<void>> Session::insist(EndpointId endpoint, std::uint8_t sequence,
                                        zcl::Frame frame) {
    for (unsigned tries = 1;; ++tries) {
        zcl::Frame copy = frame;
        const auto sent = co_await send(endpoint, sequence, std::move(copy));
        if (sent || tries == most_tries || cancelled_ || !is_worth_repeating(sent.error()))
            co_return sent;
        const auto slept = co_await sleep_for(retry_delay);
        if (!slept)
            co_return slept;
    }
}

Awaitable<Session::Ending> Session::abort_now() {
    const auto request = request_ ? *request_ : work_->request;
    auto frame = block_aborted();
    const auto sent = co_await insist(request.endpoint, request.sequence, std::move(frame));
    if (!sent)
        log::debug(ns, "{} was not told that its update is aborted: {}", subject_.ieee.to_string(),
                   sent.error().message());
    co_return failed(fmt::format("OTA for device {} was aborted", subject_.ieee.to_string()));
}

/// Whatever was not asked for: a device that says it has the image is believed.
Awaitable<Session::Ending> Session::end_now(EndRequest request) {
    work_.reset();
    const auto name = subject_.ieee.to_string();
    if (request.status != zcl::Status::success) {
        auto frame = end_acknowledged();
        const auto sent = co_await insist(request.endpoint, request.sequence, std::move(frame));
        if (!sent)
            log::debug(ns, "The upgrade end request of {} was not acknowledged: {}", name,
                       sent.error().message());
        co_return failed(fmt::format("OTA update of {} failed with reason: {}", name,
                                     status_name(request.status)));
    }
    auto frame = upgrade_end_response(subject_.image.header);
    const auto sent = co_await insist(request.endpoint, request.sequence, std::move(frame));
    if (!sent) {
        may_go_on_ = true;
        co_return failed(
            fmt::format("OTA upgrade end response failed: {}", sent.error().message()));
    }
    if (!progress_begun_)
        begin_progress(reader_.size());
    if (!finishing_) {
        finishing_ = true;
        progress_({100, 0});
        log::info(ns, "Update of {} successful ({} seconds). Waiting for its announce", name,
                  std::llround(in_seconds(Clock::now() - begun_)));
    }
    deadline_ = Clock::now() + announce_time;
    co_return std::nullopt;
}

/// A device that was started anew asks from the beginning. One that runs the image by now is done.
Awaitable<Session::Ending> Session::answer_query(Query query) {
    const bool runs_it = query.file_version == subject_.image.header.file_version &&
                         subject_.query.file_version != query.file_version;
    auto frame = runs_it || aborted_ ? no_image() : image_offered(subject_.image.header);
    const auto sent = co_await insist(query.endpoint, query.sequence, std::move(frame));
    if (!sent)
        log::debug(ns, "The query of {} was not answered: {}", subject_.ieee.to_string(),
                   sent.error().message());
    if (runs_it)
        co_return finished(true);
    if (!aborted_) {
        finishing_ = false;
        deadline_ = Clock::now() + subject_.options.block_timeout;
    }
    co_return std::nullopt;
}

/// Devices call the image by its version, or from the first block on by another; one that is in the
/// middle of another image must not get this one's blocks.
bool Session::is_known_version(const BlockRequest& request) {
    if (request.file_version == subject_.image.header.file_version)
        return true;
    if (request.offset == 0)
        odd_version_ = request.file_version;
    return odd_version_ == request.file_version;
}

bool Session::is_stuck(const BlockRequest& request) {
    const auto now = Clock::now();
    if (same_offset_ != request.offset) {
        same_offset_ = request.offset;
        same_since_ = now;
        same_requests_ = 0;
        return false;
    }
    return ++same_requests_ >= stuck_requests &&
           now - same_since_ >= stuck_after * subject_.options.block_timeout;
}

Awaitable<void> Session::begin_work(BlockRequest request) {
    deadline_ = Clock::now();
    deadline_ += finishing_ ? Clock::duration(announce_time) : subject_.options.block_timeout;
    work_.reset();
    const auto total = reader_.size();
    if (!is_known_version(request)) {
        auto frame = block_aborted();
        std::ignore = co_await send(request.endpoint, request.sequence, std::move(frame));
        co_return;
    }
    if (request.offset > total || request.maximum_data_size == 0) {
        auto frame = request_malformed(request);
        std::ignore = co_await send(request.endpoint, request.sequence, std::move(frame));
        co_return;
    }
    if (!progress_begun_)
        begin_progress(request.offset);
    const std::uint32_t wanted = request.page_size ? *request.page_size : 1;
    work_ =
        Work{request, request.offset, request.offset + std::min(wanted, total - request.offset), 0};
}

/// Of the page that is left, or of the image: the last block is shorter.
std::uint8_t Session::size_for(const Work& work) const {
    const auto& options = subject_.options;
    const auto largest = options.device_chooses_size
                             ? work.request.maximum_data_size
                             : std::min(pacing_.size(), work.request.maximum_data_size);
    const auto left = (work.request.page_size ? work.end : reader_.size()) - work.position;
    return static_cast<std::uint8_t>(std::min<std::uint32_t>(largest, left));
}

Awaitable<Session::Ending> Session::send_block() {
    const auto work = *work_;
    std::array<std::uint8_t, 255> buffer;
    const auto data = std::span(buffer).first(size_for(work));
    if (!reader_.read(work.position, data))
        co_return failed(fmt::format("{}: it cannot be read any more", subject_.image.path));
    auto frame = block_response(work.request, work.position, data);
    pacing_.began(Clock::now());
    const auto size = data.size();
    const auto sent = co_await send(work.request.endpoint, work.request.sequence, std::move(frame));
    block_sent(size, sent);
    co_return std::nullopt;
}

void Session::block_sent(std::size_t size, const Result<void>& sent) {
    auto& work = *work_;
    if (!sent) {
        log::debug(ns, "Image block response failed for {}: {}", subject_.ieee.to_string(),
                   sent.error().message());
        const bool again = is_worth_repeating(sent.error());
        if (again)
            pacing_.lost();
        if (!again || ++work.tries >= most_tries)
            work_.reset();  // the device asks again
        return;
    }
    pacing_.delivered();
    work.tries = 0;
    tell_progress(work.position);
    work.position += static_cast<std::uint32_t>(size);
    if (!work.request.page_size || work.position >= work.end)
        work_.reset();
}

}  // namespace waggle::ota
