#include "ota/device_options.hpp"

#include <limits>
#include <optional>

#include "base/log.hpp"
#include "store/settings.hpp"

namespace waggle::ota {
namespace {

struct Limits {
    std::string_view key;
    double least, most;
};
constexpr double most_milliseconds = std::numeric_limits<std::int32_t>::max();
constexpr Limits timeout{"image_block_request_timeout", 10'000, most_milliseconds};
constexpr Limits delay{"image_block_response_delay", 50, most_milliseconds};
constexpr Limits data_size{"default_maximum_data_size", 10, 100};

std::optional<double> number(const boost::json::object& entry, const Limits& limits,
                             std::string_view name) {
    if (!entry.contains(limits.key))
        return std::nullopt;
    const auto value = store::number_option(entry, limits.key);
    if (value && *value >= limits.least && *value <= limits.most)
        return value;
    log::warning("ota", "Device '{}': option '{}' is no number from {} to {}, and is left out",
                 name, limits.key, limits.least, limits.most);
    return std::nullopt;
}

std::chrono::milliseconds milliseconds(double value) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(value));
}

}  // namespace

void apply_device_options(ServeOptions& options, const boost::json::object& entry,
                          std::string_view name) {
    if (const auto value = number(entry, timeout, name))
        options.block_timeout = milliseconds(*value);
    if (const auto value = number(entry, delay, name))
        options.block_delay = milliseconds(*value);
    if (const auto value = number(entry, data_size, name)) {
        options.maximum_data_size = static_cast<std::uint8_t>(*value);
        options.device_chooses_size = false;
    }
}

}  // namespace waggle::ota
