#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "base/timer.hpp"

/// Tells systemd when the host is ready, stops, and still lives (Type=notify, WatchdogSec=). Does
/// nothing when the host was not started by systemd. libsystemd would do the same and bring six more
/// libraries into the process, 1 MB of resident memory for one datagram.
namespace waggle::app {

class ServiceManager {
  public:
    explicit ServiceManager(const boost::asio::any_io_executor& executor);

    void ready();  ///< also starts to answer the watchdog, twice as often as it asks
    void stopping();

  private:
    void feed_watchdog();

    Timer watchdog_;
    Clock::duration interval_{};
};

}  // namespace waggle::app
