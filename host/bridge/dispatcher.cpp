#include "bridge/dispatcher.hpp"

#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "base/log.hpp"
#include "bridge/json_writer.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

constexpr std::size_t most_at_once = 64;
constexpr auto ns = "bridge";

bool equal_without_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [lower](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

/// The one response to a request. Copies of the shared pointer are held by the function that works
/// on it and by the timer; whoever comes first sends, and the last one to let go sends if nobody
/// did.
class Dispatcher::Answer : public std::enable_shared_from_this<Answer> {
  public:
    Answer(const boost::asio::any_io_executor& executor, std::shared_ptr<Respond> respond,
           std::string name, std::string_view payload)
        : request(std::move(name), payload), respond_(std::move(respond)), deadline_(executor) {}

    ~Answer() {
        if (!sent_)
            fail("The host stops before the request has ended");
    }

    /// `route` lives as long as the dispatcher.
    void belongs_to(const Route& route) { route_ = &route; }

    void give_up_after(std::chrono::seconds limit) {
        deadline_.expires_after(limit);
        deadline_.async_wait([weak = weak_from_this(), limit](const boost::system::error_code& e) {
            if (const auto answer = weak.lock(); answer && !e)
                answer->fail(
                    fmt::format("The request has not ended within {} seconds", limit.count()));
        });
    }

    void send(const Reply& reply) {
        if (reply.has_error())
            fail(reply.error().message);
        else if (claim())
            respond(name(route_ ? route_->answered_as : ""), text(*reply, nullptr));
    }

    void fail(const std::string& message) {
        if (!claim())
            return;
        log::error(ns, "Request '{}' failed: {}", request.name(), message);
        respond(name(route_ ? route_->refused_as : ""), text(json::object(), &message));
    }

    const Request request;

  private:
    std::string name(std::string_view of_route) const {
        return of_route.empty() ? request.name() : std::string(of_route);
    }

    void respond(const std::string& name, const std::string& payload) const {
        if (*respond_)
            (*respond_)(name, payload);
    }

    bool claim() {
        deadline_.cancel();
        return !std::exchange(sent_, true);
    }

    std::string text(const json::value& data, const std::string* error) const {
        std::string out;
        JsonWriter writer(out);
        writer.begin_object();
        if (error || !data.is_null())  // an action may result in nothing
            writer.key("data").value(data);
        if (error)
            writer.key("error").text(*error);
        writer.key("status").text(error ? "error" : "ok");
        if (const auto* transaction = request.transaction())
            writer.key("transaction").value(*transaction);
        writer.end_object();
        return out;
    }

    std::shared_ptr<Respond> respond_;
    const Route* route_ = nullptr;  ///< unknown requests have none
    Timer deadline_;
    bool sent_ = false;
};

Dispatcher::Dispatcher(const boost::asio::any_io_executor& executor, std::span<const Route> routes,
                       Run run, Respond respond)
    : routes_(routes),
      run_(std::move(run)),
      respond_(std::make_shared<Respond>(std::move(respond))),
      tasks_(executor) {
}

Dispatcher::~Dispatcher() {
    *respond_ = nullptr;  // functions that nobody waited for end later, in the loop's last breath
}

const Route* Dispatcher::find(std::string_view name) const noexcept {
    const auto found = std::find_if(routes_.begin(), routes_.end(), [name](const Route& route) {
        return equal_without_case(route.name, name);
    });
    return found == routes_.end() ? nullptr : &*found;
}

void Dispatcher::handle(std::string_view name, std::string_view payload) {
    const auto answer =
        std::make_shared<Answer>(tasks_.executor(), respond_, std::string(name), payload);
    const auto* route = find(name);
    if (!route)
        return answer->fail(fmt::format("Unknown request '{}'", name));
    answer->belongs_to(*route);
    if (tasks_.size() >= most_at_once)
        return answer->fail(
            fmt::format("{} requests are under way already; try again later", most_at_once));

    answer->give_up_after(route->deadline);
    tasks_.spawn(route->name, [this, answer, route]() -> boost::asio::awaitable<void> {
        try {
            const auto reply = co_await run_(*route, answer->request);
            answer->send(reply);
        } catch (const boost::system::system_error& error) {
            if (error.code() != boost::asio::error::operation_aborted)  // the host stops
                answer->fail(error.what());
        } catch (const std::exception& error) {
            answer->fail(error.what());
        }
    });
}

void Dispatcher::refuse(std::string_view name, const std::string& message) {
    std::make_shared<Answer>(tasks_.executor(), respond_, std::string(name), "")->fail(message);
}

Awaitable<void> Dispatcher::stop() {
    co_await tasks_.stop();
}

}  // namespace waggle::bridge
