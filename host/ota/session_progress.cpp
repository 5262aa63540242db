// How far a transfer is, as zigbee2mqtt tells it.
#include <cmath>

#include <fmt/format.h>

#include "base/log.hpp"
#include "ota/session.hpp"

namespace waggle::ota {
namespace {

constexpr std::string_view ns = "ota";
constexpr auto progress_interval = std::chrono::seconds(30);

double in_seconds(Clock::duration duration) {
    return std::chrono::duration<double>(duration).count();
}

double two_decimals(double number) {
    return std::round(number * 100) / 100;
}

}  // namespace

/// With an estimate by the configured pace, that of twenty blocks a second where there is none.
void Session::begin_progress(std::uint32_t position) {
    progress_begun_ = true;
    begun_ = told_ = Clock::now();
    first_position_ = position;
    const double total = reader_.size();
    const auto blocks = std::ceil((total - position) / subject_.options.maximum_data_size);
    const auto delay = static_cast<double>(subject_.options.block_delay.count());
    const double a_second = delay > 0 ? two_decimals(1000 / delay) : 20;
    const double seconds = a_second > 0 ? blocks / a_second : 0;
    log::info(ns, "OTA update of '{}' estimated at {} seconds ({} chunks, {} per second)",
              subject_.ieee.to_string(), two_decimals(seconds), blocks, a_second);
    progress_({two_decimals(position / total * 100), seconds});
}

void Session::tell_progress(std::uint32_t position) {
    const auto now = Clock::now();
    if (now - told_ <= progress_interval)
        return;
    told_ = now;
    const double done = static_cast<double>(position) - first_position_;
    const double a_second = done / in_seconds(now - begun_);
    if (a_second <= 0)
        return;
    const double total = reader_.size();
    const double remaining = std::round((total - position) / a_second);
    const double percent = two_decimals(position / total * 100);
    log::debug(ns, "OTA update of '{}' at {}%, {} seconds remaining", subject_.ieee.to_string(),
               percent, remaining);
    progress_({percent, remaining});
}

}  // namespace waggle::ota
