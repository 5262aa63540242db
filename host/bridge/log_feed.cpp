#include "bridge/log_feed.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "bridge/json_writer.hpp"

namespace waggle::bridge {
namespace {

constexpr double lines_per_second = 50;
constexpr double burst = 100;

std::string payload(std::string_view level, std::string_view message) {
    std::string out;
    JsonWriter(out)
        .begin_object()
        .key("level")
        .text(level)
        .key("message")
        .text(message)
        .end_object();
    return out;
}

}  // namespace

LogFeed::LogFeed(const boost::asio::any_io_executor& executor, Outbox& outbox)
    : outbox_(outbox), turn_(executor), budget_(burst), refilled_(Clock::now()) {
}

LogFeed::~LogFeed() {
    if (started_)
        log::set_tap(nullptr, false);
}

void LogFeed::start(bool with_debug) {
    started_ = true;
    log::set_tap([this](log::Level level, std::string_view ns,
                        std::string_view message) { line(level, ns, message); },
                 with_debug);
}

void LogFeed::stop() {
    flush();
    log::set_tap(nullptr, false);
    started_ = false;
}

void LogFeed::refill() {
    const auto now = Clock::now();
    const std::chrono::duration<double> passed = now - refilled_;
    refilled_ = now;
    budget_ = std::min(burst, budget_ + passed.count() * lines_per_second);
}

void LogFeed::line(log::Level level, std::string_view ns, std::string_view message) {
    if (publishing_)  // said by the client about this very publication
        return;
    auto text = payload(log::to_string(level), fmt::format("{}: {}", ns, message));
    if (text == last_)
        return;
    refill();
    if (budget_ < 1) {
        ++left_out_;
        return;
    }
    budget_ -= 1;
    last_ = text;
    waiting_.push_back(std::move(text));
    if (std::exchange(scheduled_, true))
        return;
    turn_.expires_after(Clock::duration::zero());
    turn_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            flush();
    });
}

void LogFeed::flush() {
    scheduled_ = false;
    publishing_ = true;
    const auto lines = std::exchange(waiting_, {});
    for (const auto& text : lines)
        outbox_.publish("bridge/logging", text, {});
    if (left_out_ > 0 && budget_ >= 1) {
        const auto text = fmt::format("bridge: {} log lines were left out here", left_out_);
        left_out_ = 0;
        outbox_.publish("bridge/logging", payload("warning", text), {});
    }
    publishing_ = false;
}

}  // namespace waggle::bridge
