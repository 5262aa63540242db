#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "base/task_group.hpp"
#include "engine/engine.hpp"
#include "ota/catalogue.hpp"
#include "ota/server.hpp"
#include "ota/update_queue.hpp"
#include "ota/update_states.hpp"
#include "store/configuration.hpp"

/// Brings images to devices: looks for one when a user or the device asks, has the server give it to
/// the device, and says in the device's state how far it is [ota.md 4, 5].
///
///     idle -> waiting for its turn -> the device is asked what it runs -> an image is sought and
///     fetched -> served, block by block -> the device came back -> interviewed anew
///
/// One thing at a time happens to a device, and one device at a time gets an image (update_queue.hpp).
/// What fails leaves the device as it was, told that there is no image for it; the state goes back to
/// `available`, or `scheduled`. Loop thread only.
namespace waggle::ota {

/// What a request may want otherwise than the configuration has it.
struct Pace {
    std::optional<std::chrono::milliseconds> block_timeout, block_delay;
    std::optional<std::uint8_t> maximum_data_size;
};

class Updater final : public network::Events {
  public:
    struct Parts {
        Network& network;
        Engine& engine;
        store::ConfigurationStore& configuration;
        ImageSource& images;
        ImageServer& server;
    };

    /// Texts of genBasic; what the device did not tell is absent.
    struct Firmware {
        std::optional<std::string> software_build_id, date_code;
    };
    struct Updated {
        std::uint32_t from = 0, to = 0;
        Firmware before, after;
    };

    /// Add it to the network's listeners. Give queried() and resumed() to the server as its hooks.
    Updater(const boost::asio::any_io_executor& executor, Parts parts);
    ~Updater() override;

    // What users ask for. Failures are whole sentences that name the device.

    /// Something of the functions below is under way for the device: one thing more is refused, with
    /// the failure that still_busy() gives.
    bool is_busy(Ieee ieee) const noexcept { return operations_.contains(ieee); }
    Failure still_busy(Ieee ieee) const;
    /// Its definition says that its firmware can be updated.
    bool supports(Ieee ieee) const;

    [[nodiscard]] Awaitable<Outcome<Found>> check(Ieee ieee, Wish wish);
    /// Ends when the device runs the new image, or it is clear that it will not.
    [[nodiscard]] Awaitable<Outcome<Updated>> update(Ieee ieee, Wish wish, Pace pace);
    /// Whatever is under way ends soon, at once while the device is only being asked; update() or check()
    /// says that it failed. False: nothing was.
    bool abort(Ieee ieee);
    /// The update is made when the device asks for one by itself.
    [[nodiscard]] Outcome<void> schedule(Ieee ieee, Wish wish);
    /// -> what had been scheduled
    std::optional<Wish> unschedule(Ieee ieee);

    // What the server hears

    /// A query that nobody asked for.
    void queried(Device& device, const Query& query);
    /// The device goes on with what the host began before it was restarted.
    bool resumed(Device& device, const Resume& what);

    /// Ends everything that is under way. Transfers go on when the device asks for more.
    [[nodiscard]] Awaitable<void> stop();

    // network::Events
    void device_left(Ieee ieee, NwkAddress address) override;

  private:
    struct Operation {
        std::stop_source abort;
        bool is_update = false;
    };
    /// Under way as long as somebody holds it.
    using OperationPtr = std::shared_ptr<Operation>;
    /// A device's query, and the version that it has now; none: there was no image for it.
    struct Ran {
        Query query;
        std::optional<std::uint32_t> to;
    };

    OperationPtr begin(Ieee ieee, bool is_update);
    std::string name_of(Ieee ieee) const;
    static Failure aborted(Ieee ieee);
    bool checks_by_itself(Ieee ieee) const;
    std::optional<DeviceFacts> facts_of(Ieee ieee, const Query& query) const;
    ServeOptions serve_options(Ieee ieee, const Pace& pace) const;
    ProgressHandler progress_of(Ieee ieee);

    Awaitable<void> check_automatically(OperationPtr operation, Ieee ieee, Query query);
    Awaitable<void> update_as_scheduled(OperationPtr operation, Ieee ieee, Wish wish, Query query);
    Awaitable<void> go_on(OperationPtr operation, Ieee ieee, Resume what);
    Awaitable<void> interview_soon(Ieee ieee);

    Awaitable<Outcome<Found>> find(OperationPtr operation, Ieee ieee, Wish wish, Query query);
    Awaitable<Outcome<UpdateQueue::TurnPtr>> take_turn(OperationPtr operation, Ieee ieee);
    /// From the query, which is asked for when there is none, to the device's return.
    Awaitable<Outcome<Ran>> run(OperationPtr operation, Ieee ieee, Wish wish, Pace pace,
                                std::optional<Query> query);
    Awaitable<Outcome<std::optional<StoredImage>>> image_for(OperationPtr operation, Ieee ieee,
                                                             Wish wish, Query query);
    Awaitable<void> answer_no_image(Ieee ieee, Query query);
    Awaitable<Firmware> read_firmware(Ieee ieee, SendPolicy policy);
    void finished(Ieee ieee, std::uint32_t from, std::uint32_t to);
    void failed(Ieee ieee, std::string_view state);
    void correct_surprise(Device& device, const Query& query);

    Parts parts_;
    UpdateStates states_;
    UpdateQueue queue_;
    std::map<Ieee, std::weak_ptr<Operation>> operations_;
    std::map<Ieee, Clock::time_point> last_checked_;
    std::map<Ieee, std::uint32_t> given_;  ///< versions that devices should run now
    bool stopping_ = false;
    TaskGroup tasks_;
};

}  // namespace waggle::ota
