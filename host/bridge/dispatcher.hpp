#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "base/task_group.hpp"
#include "bridge/request.hpp"

/// Requests in, exactly one response out. Every accepted message below bridge/request/ gets one
/// message below bridge/response/, whatever happens: an unknown name, malformed JSON, a function
/// that fails, throws, hangs past its deadline, or is cut off because the host stops. That holds by
/// construction: the answer is an object that sends once, at the latest when it is destroyed.
///
/// Names are compared without case; the response topic keeps the caller's letters. At most 64
/// requests run at once; more are answered with an error at once. A function that outlives its
/// deadline keeps its place until it ends (everything below it has deadlines of its own).
namespace waggle::bridge {

class Dispatcher {
  public:
    /// Sends a response: `name` is what stood below bridge/request/, `payload` the JSON text.
    using Respond = std::function<void(const std::string& name, const std::string& payload)>;

    /// Calls a route's function; the one who does it holds the context.
    using Run = std::function<Awaitable<Reply>(const Route& route, const Request& request)>;

    Dispatcher(const boost::asio::any_io_executor& executor, std::span<const Route> routes, Run run,
               Respond respond);
    ~Dispatcher();  ///< without stop() before: what is under way is not answered

    /// `name` is the topic below bridge/request/.
    void handle(std::string_view name, std::string_view payload);

    /// Answers a request that is not to be looked at.
    void refuse(std::string_view name, const std::string& message);

    /// Answers what has not been answered, and waits for the functions to end.
    [[nodiscard]] Awaitable<void> stop();

    std::size_t under_way() const noexcept { return tasks_.size(); }

  private:
    class Answer;
    const Route* find(std::string_view name) const noexcept;

    std::span<const Route> routes_;
    Run run_;
    std::shared_ptr<Respond> respond_;
    TaskGroup tasks_;
};

}  // namespace waggle::bridge
