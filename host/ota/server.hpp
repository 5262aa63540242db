#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include <boost/asio/any_io_executor.hpp>

#include "base/task_group.hpp"
#include "network/network.hpp"
#include "ota/messages.hpp"
#include "ota/types.hpp"

/// The coordinator as server of the Zigbee OTA upgrade cluster, 0x0019 [ZCL8 11]: a device is told that
/// there may be an image, says what it runs, and then fetches the image piece by piece at its own
/// pace. Which image a device gets, and when, is decided above.
///
///     ask      image notify ->           <- query next image request
///     serve    query next image response ->   <- image block or page request   (many times)
///              image block response ->        <- upgrade end request
///              upgrade end response ->        <- device announce, or two minutes
///
/// Blocks are read from the image's file as they are asked for, whatever offset a device asks for: a
/// device that restarted, or that lost its parent for a while, goes on where it likes. What is being
/// served to whom is kept in a file of its own (transfers.hpp), so that a device that goes on asking after the host was
/// restarted is served again; it is not in database.db, because that belongs to zigbee2mqtt as well.
///
/// Loop thread only. Whoever waits in ask() or serve() does so in a task of his own; the server must outlive it.
namespace waggle::ota {

class Session;
class Transfers;

struct ServeOptions {
    /// Without a request for so long, the update has failed.
    std::chrono::milliseconds block_timeout{150'000};
    /// At least that long from one block to the next; more while the radio fails to deliver them.
    std::chrono::milliseconds block_delay{250};
    /// Octets of the image in a block, if the device takes as many.
    std::uint8_t maximum_data_size = 50;
    /// A block has as many octets as the device asks for, whatever maximum_data_size says.
    bool device_chooses_size = false;
};

struct Progress {
    double percent = 0;    ///< two decimals
    double remaining = 0;  ///< seconds
};
/// Once at the start (0 %, with an estimate), every 30 s, and (100, 0) at the end.
using ProgressHandler = std::function<void(Progress)>;

/// A device has the image, said that it is in order, and was told to run it.
struct End {
    std::uint32_t file_version = 0;
    bool announced = false;  ///< the device came back within two minutes
};

/// A transfer that the host began before it was restarted, or that had stalled.
struct Resume {
    Query query;  ///< the device's, from when it began
    StoredImage image;
    ServeOptions options;
};

/// What the updater wants of the server; its tests have one that follows a script. Each function says
/// at Server what it does.
class ImageServer {
  public:
    virtual ~ImageServer() = default;
    [[nodiscard]] virtual Awaitable<Outcome<Query>> ask(Ieee ieee) = 0;
    [[nodiscard]] virtual Awaitable<Result<void>> answer_no_image(Ieee ieee, Query query) = 0;
    [[nodiscard]] virtual Awaitable<Outcome<End>> serve(Ieee ieee, Query query, StoredImage image,
                                                        ServeOptions options,
                                                        ProgressHandler progress) = 0;
    [[nodiscard]] virtual Awaitable<Outcome<End>> resume(Ieee ieee, Resume what,
                                                         ProgressHandler progress) = 0;
    virtual bool abort(Ieee ieee) = 0;
};

class Server final : public network::Events, public ImageServer {
  public:
    static constexpr std::size_t limit = 16;  ///< transfers at a time; one more is refused

    /// Called for a query that nobody asked for, while nothing is under way for the device. It is not
    /// answered otherwise.
    using QueryHook = std::function<void(Device&, const Query&)>;
    /// Called when a device asks for more of an image whose transfer was begun. True: resume() will be
    /// called within ten seconds, and answers that request; false: the device is told to give up.
    using ResumeHook = std::function<bool(Device&, const Resume&)>;

    /// `record` is the file that remembers transfers, …/ota/transfers.json.
    Server(boost::asio::any_io_executor executor, Network& network, std::string record);
    ~Server() override;

    void set_query_hook(QueryHook hook) { query_hook_ = std::move(hook); }
    void set_resume_hook(ResumeHook hook) { resume_hook_ = std::move(hook); }
    /// Called when a transfer begins, and when one has ended: what led to it is over for a while.
    void set_transfer_hook(std::function<void()> hook) { transfer_hook_ = std::move(hook); }

    /// Tells the device that there may be an image and waits for its query, a minute at most.
    [[nodiscard]] Awaitable<Outcome<Query>> ask(Ieee ieee) override;

    /// "There is no image for you."
    [[nodiscard]] Awaitable<Result<void>> answer_no_image(Ieee ieee, Query query) override;

    /// Answers the query with the image and serves it until the device has it, refuses it, stays away,
    /// or abort() is called.
    [[nodiscard]] Awaitable<Outcome<End>> serve(Ieee ieee, Query query, StoredImage image,
                                                ServeOptions options,
                                                ProgressHandler progress) override;
    /// The same without an answer to the query: the device is in the middle of it already.
    [[nodiscard]] Awaitable<Outcome<End>> resume(Ieee ieee, Resume what,
                                                 ProgressHandler progress) override;

    /// ask() fails at once. serve(): the next request of the device is answered with ABORT, and it ends
    /// with a failure, in five seconds at the latest. False: neither is under way.
    bool abort(Ieee ieee) override;

    /// ask() or serve() is under way.
    bool is_busy(Ieee ieee) const noexcept;

    /// Ends everything that is under way; transfers are remembered.
    void stop();

    // network::Events
    void message(const ZclMessage& message) override;
    void device_announced(Device& device) override;
    void device_left(Ieee ieee, NwkAddress address) override;
    void device_removed(Ieee ieee, NwkAddress address) override;

  private:
    struct Asking;
    /// A request that came before resume() was called.
    struct Waiting {
        std::variant<BlockRequest, EndRequest> request;
        Clock::time_point until{};
    };
    static constexpr std::size_t most_refusals = 16;  ///< at a time; the device asks again

    void query_received(Device& device, const Query& query);
    void block_requested(Device& device, const BlockRequest& request);
    void end_requested(Device& device, const EndRequest& request);
    /// From a device to which nothing is being served. False: it has no business to ask.
    bool keep_for_resume(Device& device, const Waiting& waiting, const ImageHeader& image);
    void device_gone(Ieee ieee);
    void refuse(Ieee ieee, BlockRequest request);
    [[nodiscard]] Awaitable<Outcome<End>> transfer(Ieee ieee, Resume what, ProgressHandler progress,
                                                   bool offer);
    [[nodiscard]] Awaitable<Result<void>> answer(Ieee ieee, EndpointId endpoint,
                                                 std::uint8_t sequence, zcl::Frame frame);

    boost::asio::any_io_executor executor_;
    Network* network_;
    std::unique_ptr<Transfers> transfers_;
    std::map<Ieee, std::shared_ptr<Asking>> asking_;
    std::map<Ieee, std::shared_ptr<Session>> sessions_;
    std::map<Ieee, Waiting> waiting_;
    QueryHook query_hook_;
    ResumeHook resume_hook_;
    std::function<void()> transfer_hook_;
    TaskGroup tasks_;
};

}  // namespace waggle::ota
