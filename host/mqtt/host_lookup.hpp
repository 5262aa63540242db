#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/clock.hpp"

/// Host name to addresses, without the loop ever waiting for it: getaddrinfo() runs on a thread of
/// its own and can hang for half a minute. That thread is not joined, so that neither a reconnect
/// nor the program's end waits for a dead name server; it owns all it touches and knows the loop
/// only as an event file descriptor. Asio's own resolver would be joined at the end.
namespace waggle::mqtt {

class HostLookup {
  public:
    /// Numeric addresses in the system's order of preference, or empty with the reason.
    using Done = std::function<void(std::vector<std::string> addresses, std::string problem)>;

    /// `done` is called once, in a later turn of the loop, unless the object dies first.
    HostLookup(boost::asio::any_io_executor executor, const std::string& host,
               Clock::duration limit, Done done);
    ~HostLookup();
    HostLookup(const HostLookup&) = delete;
    HostLookup& operator=(const HostLookup&) = delete;

  private:
    struct Waiting;
    std::shared_ptr<Waiting> waiting_;
};

}  // namespace waggle::mqtt
