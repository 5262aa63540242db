#pragma once

#include <deque>
#include <memory>
#include <unordered_map>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"
#include "zigbee/types.hpp"

/// One outstanding request per device [zigbee-flows 5.5]: who wants to ask a device takes a turn,
/// and the next in line gets it when the turn object goes.
namespace waggle::network {

class Turns {
    struct Go {};
    struct Line {
        std::deque<OneShot<Go>> waiting;
    };
    using Lines = std::unordered_map<Ieee, Line>;  // a device that has a line is being asked

  public:
    static constexpr std::size_t line_limit = 64;
    static constexpr std::chrono::minutes wait_limit{2};

    explicit Turns(boost::asio::any_io_executor executor)
        : executor_(std::move(executor)), lines_(std::make_shared<Lines>()) {}

    class Turn {
      public:
        Turn(std::shared_ptr<Lines> lines, Ieee device)
            : lines_(std::move(lines)), device_(device) {}
        Turn(Turn&&) noexcept = default;
        Turn& operator=(Turn&&) = delete;
        ~Turn() {
            if (lines_)
                pass_on(*lines_, device_);
        }

      private:
        std::shared_ptr<Lines> lines_;
        Ieee device_;
    };

    /// Errc::busy: too many wait already. Errc::timed_out: it took too long.
    [[nodiscard]] Awaitable<Result<Turn>> take(Ieee device) {
        const auto [line, first] = lines_->try_emplace(device);
        if (first)
            co_return Turn(lines_, device);
        if (line->second.waiting.size() >= line_limit)
            co_return Errc::busy;
        OneShot<Go> mine(executor_);
        line->second.waiting.push_back(mine);
        const auto go = co_await mine.within(wait_limit);
        if (!go)
            co_return go.error();
        co_return Turn(lines_, device);
    }

    /// Everybody in a line gives up.
    void fail_all(Errc why) {
        for (auto& [device, line] : *lines_)
            for (const auto& waiting : std::exchange(line.waiting, {}))
                waiting.fulfil(why);
    }

  private:
    /// Those who gave up while they waited are passed over.
    static void pass_on(Lines& lines, Ieee device) {
        const auto line = lines.find(device);
        if (line == lines.end())
            return;
        while (!line->second.waiting.empty()) {
            const auto next = line->second.waiting.front();
            line->second.waiting.pop_front();
            if (next.fulfil(Go{}))
                return;
        }
        lines.erase(line);
    }

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Lines> lines_;
};

}  // namespace waggle::network
