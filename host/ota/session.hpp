#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/timer.hpp"
#include "network/network.hpp"
#include "ota/image_reader.hpp"
#include "ota/pacing.hpp"
#include "ota/server.hpp"

/// One image on its way to one device. What the device says is put down by the functions that return
/// at once; run() is the one coroutine that answers, one frame at a time. The newest request counts:
/// a device that asks again while its block waits for its turn gets it once, under the new number.
///
/// It ends when the device says that it has the image or does not want it, when nothing was asked for block_timeout,
/// when the same octets are asked for over and over, when the device leaves, and when it is told to.
namespace waggle::ota {

class Session {
  public:
    struct Subject {
        Ieee ieee;
        Query query;
        StoredImage image;
        ServeOptions options;
    };

    Session(const boost::asio::any_io_executor& executor, Network& network, Subject subject,
            ImageReader reader, ProgressHandler progress);

    const Subject& subject() const noexcept { return subject_; }

    // What happens
    void requested(const BlockRequest& request);
    void ended(const EndRequest& request);
    void queried(const Query& query);
    void announced();
    void left();
    void abort();  ///< too late when the device has the image
    void cancel();

    /// Until the end. With `offer` the query is answered first.
    [[nodiscard]] Awaitable<Outcome<End>> run(bool offer);

    /// After the end: the device may well go on asking, and shall get the rest then.
    bool may_go_on() const noexcept { return may_go_on_; }

  private:
    enum class Woken : std::uint8_t { time, event, cancelled };
    /// Blocks that are still to be sent for a request.
    struct Work {
        BlockRequest request;
        std::uint32_t position = 0, end = 0;
        unsigned tries = 0;
    };
    using Ending = std::optional<Outcome<End>>;

    Awaitable<Ending> next();
    Awaitable<Ending> abort_now();
    Awaitable<Ending> end_now(EndRequest request);
    Awaitable<Ending> answer_query(Query query);
    Awaitable<void> begin_work(BlockRequest request);
    Awaitable<Ending> send_block();
    Ending time_is_over();
    Ending stopped();
    Ending finished(bool announced);
    Ending failed(std::string why);

    Awaitable<Woken> wait_until(Clock::time_point at);
    Awaitable<Result<void>> send(EndpointId endpoint, std::uint8_t sequence, zcl::Frame frame);
    /// The same, up to three times.
    Awaitable<Result<void>> insist(EndpointId endpoint, std::uint8_t sequence, zcl::Frame frame);
    void wake();
    void block_sent(std::size_t size, const Result<void>& sent);
    bool is_known_version(const BlockRequest& request);
    bool is_stuck(const BlockRequest& request);
    std::uint8_t size_for(const Work& work) const;
    void begin_progress(std::uint32_t position);
    void tell_progress(std::uint32_t position);
    std::string unfinished(const std::string& why) const;

    Network* network_;
    Subject subject_;
    ImageReader reader_;
    ProgressHandler progress_;
    Pacing pacing_;
    Timer timer_;

    // What happened, and was not looked at yet
    bool woken_ = false, aborted_ = false, cancelled_ = false, left_ = false, announced_ = false;
    std::optional<BlockRequest> request_;
    std::optional<EndRequest> end_;
    std::optional<Query> query_;

    std::optional<Work> work_;
    std::optional<std::uint32_t> odd_version_;  ///< by which this device calls the image
    std::optional<std::uint32_t> same_offset_;
    Clock::time_point same_since_{}, deadline_{};
    unsigned same_requests_ = 0;
    bool finishing_ = false;  ///< it has the image; its announce is waited for
    bool may_go_on_ = false;
    Clock::time_point begun_{}, told_{};
    std::uint32_t first_position_ = 0;
    bool progress_begun_ = false;
};

}  // namespace waggle::ota
