#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What the broker should hold: each retained topic with a hash of its payload. The payload itself
/// is not kept, because the host can make it again, and bridge/devices alone may be a megabyte.
///
/// After a reconnect, begin() puts every topic in question; seen() tells what the broker sent of
/// its own accord; finish() lists what has to be published or cleared.
namespace waggle::mqtt {

class RetainedLedger {
  public:
    /// An empty payload clears; `delivered` is false while there is no connection, and the clearing
    /// is then remembered until there is one.
    void set(std::string_view topic, std::string_view payload, bool delivered);

    void begin();
    /// A retained message of the broker.
    void seen(std::string_view topic, std::string_view payload);

    struct Work {
        std::vector<std::string> publish;  ///< the broker has none, or another
        std::vector<std::string> clear;    ///< the broker may still have one
    };
    /// What is left in question; afterwards nothing is.
    Work finish();

    /// The present value has not reached the broker: put it in question for the next time.
    void undelivered(std::string_view topic);

    bool has_open() const noexcept { return open_ > 0; }
    std::size_t size() const noexcept { return topics_.size(); }

  private:
    struct Entry {
        std::uint64_t hash = 0;  ///< 0 = cleared, and the broker does not know yet
        bool open = false;       ///< in question
    };
    void close(Entry& entry) noexcept;
    void open(Entry& entry) noexcept;

    std::map<std::string, Entry, std::less<>> topics_;
    std::size_t open_ = 0;
};

}  // namespace waggle::mqtt
