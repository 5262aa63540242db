#include "loop.hpp"

#include <boost/test/unit_test.hpp>

#include "base/log.hpp"
#include "base/task_group.hpp"

namespace waggle::mqtt {

bool Loop::until(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        io.restart();
        io.run_for(5ms);
    }
    return true;
}

void Loop::run(std::chrono::milliseconds time) {
    until([] { return false; }, time);
}

Logged::Logged() {
    log::Options options;
    options.console = false;
    log::configure(options);
    log::set_tap(
        [this](log::Level, std::string_view, std::string_view text) { lines.emplace_back(text); },
        false);
}

Logged::~Logged() {
    log::set_tap(nullptr, false);
}

bool Logged::has(std::string_view text) const {
    for (const auto& line : lines)
        if (line.find(text) != std::string::npos)
            return true;
    return false;
}

std::string Logged::all() const {
    std::string out;
    for (const auto& line : lines)
        out += line + "\n";
    return out;
}

Host::Host(Loop& loop_in, Options options) : loop(loop_in) {
    options.first_retry = 50ms;
    options.last_retry = 200ms;
    Events events;
    events.message = [this](const InboundMessage& m) {
        received.push_back(std::string(m.topic) + "=" + std::string(m.payload));
    };
    events.connected = [this] { ++connects; };
    events.disconnected = [this](const std::string& text) { reason = text; };
    events.equalised = [this] { ++equalised; };
    events.regenerate = [this](std::string_view topic) -> std::optional<Regenerated> {
        const auto found = values.find(std::string(topic));
        ++regenerated;
        return found == values.end() ? std::nullopt : std::optional(found->second);
    };
    std::string problem;
    auto made =
        Client::create(loop.io.get_executor(), std::move(options), std::move(events), problem);
    BOOST_REQUIRE_MESSAGE(made.has_value(), problem);
    client = std::move(*made);
}

void Host::start() {
    client->start();
    BOOST_REQUIRE(loop.until([this] { return equalised > 0; }));
}

void Host::set(const std::string& topic, const std::string& payload, PublishOptions options) {
    values[topic] = {payload, options};
    client->publish(topic, payload, options);
}

void Host::stop() {
    TaskGroup tasks(loop.io.get_executor());
    bool done = false;
    tasks.spawn("stop", [&]() -> boost::asio::awaitable<void> {
        co_await client->stop(400ms);
        done = true;
    });
    BOOST_REQUIRE(loop.until([&] { return done; }, 2s));
}

}  // namespace waggle::mqtt
