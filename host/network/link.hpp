#pragma once

#include "network/backup.hpp"
#include "network/joining.hpp"
#include "network/request_queue.hpp"

/// The link to the radio: bringing the network up, noticing that the radio is gone, and bringing it
/// up again, with growing pauses from 1 to 30 seconds, until the end.
namespace waggle::network {

class Link {
  public:
    Link(Core& core, RequestQueue& queue, Backup& backup, Joining& joining)
        : core_(&core),
          queue_(&queue),
          backup_(&backup),
          joining_(&joining),
          wake_(core.executor) {}

    /// Returns when the network is up, or cannot be brought up for a reason that waiting does not
    /// mend; others are logged and tried again.
    [[nodiscard]] Awaitable<Result<StartResult>> start(Coordinator::Listener& listener,
                                                       std::string& problem);
    /// The radio says that it is gone.
    void lost(std::string_view reason);
    /// Waits for that, and reconnects; ends when it is cancelled.
    Awaitable<void> supervise();
    /// Ends a pause between two tries.
    void wake() { wake_.cancel(); }
    /// Everybody who waits for the radio learns that there will be no answer.
    void fail_requests(Errc why);

  private:
    Awaitable<Result<void>> make_radio(Coordinator::Listener& listener, std::string& problem);
    Awaitable<Result<StartResult>> bring_up(std::string& problem);
    Awaitable<Result<void>> after_start(StartResult result);
    Awaitable<Result<void>> follow_channel();
    Awaitable<Result<void>> coordinator_row();
    Awaitable<Result<void>> describe_coordinator(Ieee ieee);
    void start_over();
    Awaitable<bool> pause(Clock::duration& length);

    Core* core_;
    RequestQueue* queue_;
    Backup* backup_;
    Joining* joining_;
    Timer wake_;
    bool running_ = false;  ///< it was up before, and listeners know it
};

}  // namespace waggle::network
