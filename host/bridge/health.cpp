#include "bridge/health.hpp"

#include <algorithm>
#include <cmath>

#include "bridge/json_writer.hpp"

namespace waggle::bridge {
namespace {

constexpr std::string_view topic_name = "bridge/health";
constexpr double kilo = 1024;

double rounded(double value, int digits) {
    const double scale = std::pow(10, digits);
    return std::floor(value * scale + 0.5) / scale;
}

double megabytes(std::int64_t kilobytes) {
    return rounded(static_cast<double>(kilobytes) / kilo, 2);
}

double percent(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? rounded(static_cast<double>(part) / static_cast<double>(whole) * 100, 4) : 0;
}

void write_memory(JsonWriter& writer, std::int64_t used, std::int64_t total) {
    writer.key("memory_used_mb").number(megabytes(used));
    writer.key("memory_percent").number(percent(used, total));
}

}  // namespace

Health::Health(const boost::asio::any_io_executor& executor,
               store::ConfigurationStore& configuration, Outbox& outbox, Sources sources)
    : configuration_(configuration),
      outbox_(outbox),
      sources_(std::move(sources)),
      timer_(executor) {
}

void Health::start() {
    wait_for(Clock::now());
}

void Health::wait_for(Clock::time_point last) {
    constexpr std::chrono::duration<double> longest = std::chrono::hours(24 * 366);
    const std::chrono::duration<double, std::ratio<60>> wanted(
        configuration_.settings().health.interval);
    const auto next = last + std::chrono::duration_cast<Clock::duration>(
                                 std::min<std::chrono::duration<double>>(wanted, longest));
    timer_.expires_at(next);
    timer_.async_wait([this, next](const boost::system::error_code& error) {
        if (error)
            return;
        check();
        wait_for(next);
    });
}

void Health::check() {
    const auto text = write();
    if (configuration_.settings().health.reset_on_check) {
        devices_.clear();
        sources_.reset_mqtt();
    }
    published_ = true;
    PublishOptions options;
    options.retain = true;
    options.qos = 1;
    outbox_.publish(topic_name, text, options);
}

std::optional<mqtt::Regenerated> Health::regenerate(std::string_view topic) const {
    if (topic != topic_name || !published_)
        return std::nullopt;
    mqtt::Regenerated again;
    again.payload = write();
    again.options.retain = true;
    again.options.qos = 1;
    again.options.kind = mqtt::Kind::state;
    return again;
}

std::string Health::write() const {
    const auto host = sources_.host();
    const auto mqtt = sources_.mqtt();
    const auto now = wall_clock_ms();
    std::string out;
    JsonWriter writer(out);
    writer.begin_object().key("response_time").number(now);
    writer.key("os").begin_object().key("load_average").begin_array();
    for (const auto average : host.averages)
        writer.number(average);
    writer.end_array();
    write_memory(writer, host.memory_total_kb - host.memory_available_kb, host.memory_total_kb);
    writer.end_object().key("process").begin_object().key("uptime_sec");
    writer.number(std::int64_t{
        std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - begun_).count()});
    write_memory(writer, host.process_kb, host.memory_total_kb);
    writer.end_object().key("mqtt").begin_object();
    writer.key("connected").boolean(mqtt.connected);
    writer.key("queued").number(static_cast<std::int64_t>(mqtt.queued));
    writer.key("published").number(static_cast<std::int64_t>(mqtt.published));
    writer.key("received").number(static_cast<std::int64_t>(mqtt.received));
    writer.end_object().key("devices").begin_object();
    for (const auto& [ieee, counts] : devices_) {
        const auto seconds = static_cast<double>(now - counts.first_message) / 1000;
        const bool has_rate = counts.messages > 0 && seconds > 0;
        writer.key(ieee.to_string()).begin_object();
        writer.key("messages").number(std::int64_t{counts.messages});
        writer.key("messages_per_sec").number(has_rate ? rounded(counts.messages / seconds, 4) : 0);
        writer.key("leave_count").number(std::int64_t{counts.leaves});
        writer.key("network_address_changes").number(std::int64_t{counts.address_changes});
        writer.end_object();
    }
    writer.end_object().end_object();
    return out;
}

Health::Counts& Health::counts_of(Ieee device) {
    const auto found = std::find_if(devices_.begin(), devices_.end(),
                                    [&](const auto& entry) { return entry.first == device; });
    return found != devices_.end() ? found->second : devices_.emplace_back(device, Counts()).second;
}

void Health::device_seen(Device& device) {
    auto& counts = counts_of(device.ieee);
    if (counts.messages++ == 0)
        counts.first_message = wall_clock_ms();
}

void Health::device_address_changed(Device& device) {
    ++counts_of(device.ieee).address_changes;
}

void Health::device_left(Ieee ieee, NwkAddress) {
    ++counts_of(ieee).leaves;
}

}  // namespace waggle::bridge
