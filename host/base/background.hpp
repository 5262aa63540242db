#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"

/// Work that would hold the loop, such as packing a folder: done on a thread that exists only as long
/// as there is some, its result handed back to the loop. One piece of work at a time; an idle thread
/// would cost every installation its stack for what is asked for once a month.
namespace waggle {

class Background {
  public:
    Background() = default;
    ~Background();  ///< asks what is under way to stop, and waits for it
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// Runs `work` elsewhere: it must own everything it uses, look at the token now and then, and not
    /// throw.
    /// @return Errc::busy when there is work already, Errc::timed_out (it goes on, unheard)
    template <class T>
    [[nodiscard]] Awaitable<Result<T>> run(boost::asio::any_io_executor loop,
                                           std::function<T(std::stop_token)> work,
                                           Clock::duration limit) {
        if (is_busy())
            co_return Errc::busy;
        const OneShot<T> done(loop);
        // The thread only knows where to: what belongs to the loop is made and destroyed there.
        const auto target = std::make_shared<OneShot<T>>(done);
        start(std::move(loop),
              [work = std::move(work),
               weak = std::weak_ptr(target)](std::stop_token stop) -> std::function<void()> {
                  auto result = std::make_shared<T>(work(std::move(stop)));
                  return [weak, result] {
                      if (const auto place = weak.lock())
                          place->fulfil(std::move(*result));
                  };
              });
        co_return co_await done.within(limit);
    }

    bool is_busy() const noexcept;

  private:
    using Job = std::function<std::function<void()>(std::stop_token)>;
    void start(boost::asio::any_io_executor loop, Job job);

    struct State;
    std::shared_ptr<State> state_;
    std::jthread thread_;
};

}  // namespace waggle
