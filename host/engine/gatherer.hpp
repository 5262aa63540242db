#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "zigbee/types.hpp"

/// The options `debounce` and `throttle`: what a device says is held back for a while. The cache is
/// brought up to date by the caller before; only the publication waits here.
///
///     debounce  updates are laid over one another and published once nothing came for `window`.
///     When a
///               key of `debounce_ignore` changes its value within the window, what is pending is
///               published first and the newer update waits alone, so that no event is lost.
///     throttle  the first update goes out at once, later ones within `window` replace one another,
///               the last is published when the window ends.
namespace waggle::engine {

class Gatherer {
  public:
    enum class Kind { debounced, throttled };
    /// Must not call back into the gatherer for the same device except through `published`.
    using Publish = std::function<void(Ieee, const boost::json::object& update, Kind)>;

    Gatherer(boost::asio::any_io_executor executor, Publish publish);
    ~Gatherer();
    Gatherer(const Gatherer&) = delete;
    Gatherer& operator=(const Gatherer&) = delete;

    /// Returns everything that is pending for the device now; valid until the next call.
    const boost::json::object& debounce(Ieee device, const boost::json::object& update,
                                        Clock::duration window,
                                        std::span<const std::string> ignored_keys);
    void throttle(Ieee device, const boost::json::object& update, Clock::duration window);

    /// Something newer of these keys was published otherwise: what is pending must not undo it.
    void published(Ieee device, const boost::json::object& update);

    /// Publishes all that waits.
    void flush();
    void forget(Ieee device);

  private:
    struct Entry;
    Entry& entry(Ieee device);
    void arm(Ieee device, Entry& entry, Clock::duration after, Kind kind);
    void expired(Ieee device, Kind kind);

    boost::asio::any_io_executor executor_;
    Publish publish_;
    std::map<Ieee, std::unique_ptr<Entry>> entries_;
    std::shared_ptr<Gatherer*> alive_;  ///< timers' handlers may run after the gatherer's end
};

}  // namespace waggle::engine
