#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/async.hpp"

/// A loop on virtual time: turn() runs what is ready, after() first moves the clock.
namespace waggle::test {

class Loop {
  public:
    Loop() { Clock::use_virtual_time(); }

    auto executor() { return context_.get_executor(); }
    boost::asio::io_context& context() { return context_; }

    /// Runs what is ready; a timer whose time has come fires within a real millisecond or two.
    void turn() {
        context_.restart();
        context_.run_for(std::chrono::milliseconds(5));
    }
    void after(Clock::duration time) {
        Clock::advance(time);
        turn();
    }

    /// Runs `task`, moving the clock whenever it waits, and returns its result.
    template <class T>
    T run(std::function<Awaitable<T>()> task,
          Clock::duration step = std::chrono::milliseconds(10)) {
        std::optional<T> result;
        std::exception_ptr error;
        auto done = [&](std::exception_ptr thrown, T value) {
            error = thrown;
            result = std::move(value);
        };
        boost::asio::co_spawn(context_, std::move(task), done);
        for (int i = 0; i < 2000 && !result && !error; ++i) {
            context_.restart();
            context_.run_one_for(std::chrono::milliseconds(1));
            context_.poll();
            Clock::advance(step);
        }
        if (error)
            std::rethrow_exception(error);
        if (!result)
            throw std::runtime_error("the task did not end");
        return std::move(*result);
    }

  private:
    boost::asio::io_context context_{1};
};

}  // namespace waggle::test
