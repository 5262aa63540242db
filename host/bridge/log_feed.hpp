#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "base/log.hpp"
#include "base/timer.hpp"
#include "engine/outbox.hpp"

/// bridge/logging: every log line above debug (debug too with advanced.log_debug_to_mqtt_frontend)
/// as {"level","message"}, without the line that equals the one before it.
///
/// Lines are gathered and published in the next turn of the loop, so that what the publication logs
/// cannot come back into the middle of it. At most 50 lines a second pass, in bursts of up to 100:
/// a storm on the radio must not become a storm on the broker. What was left out is counted, and
/// the count published as a line of its own.
namespace waggle::bridge {

class LogFeed {
  public:
    LogFeed(const boost::asio::any_io_executor& executor, Outbox& outbox);
    ~LogFeed();
    LogFeed(const LogFeed&) = delete;
    LogFeed& operator=(const LogFeed&) = delete;

    void start(bool with_debug);
    void stop();   ///< publishes what is waiting, then hears nothing more
    void flush();  ///< publishes what is waiting

  private:
    void line(log::Level level, std::string_view ns, std::string_view message);
    void refill();

    Outbox& outbox_;
    Timer turn_;
    std::deque<std::string> waiting_;
    std::string last_;
    double budget_ = 0;
    Clock::time_point refilled_{};
    std::size_t left_out_ = 0;
    bool scheduled_ = false;
    bool publishing_ = false;
    bool started_ = false;
};

}  // namespace waggle::bridge
