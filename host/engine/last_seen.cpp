#include "engine/last_seen.hpp"

#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

namespace json = boost::json;

namespace waggle::engine {
namespace {

struct Split {
    std::time_t seconds;
    int milliseconds;
};

Split split(std::int64_t ms) noexcept {
    auto seconds = ms / 1000;
    auto rest = ms % 1000;
    if (rest < 0) {
        rest += 1000;
        --seconds;
    }
    return {static_cast<std::time_t>(seconds), static_cast<int>(rest)};
}

}  // namespace

std::string iso_8601_utc(std::int64_t ms) {
    const auto [seconds, milliseconds] = split(ms);
    std::tm t{};
    gmtime_r(&seconds, &t);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", t.tm_year + 1900, t.tm_mon + 1,
                       t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, milliseconds);
}

std::string iso_8601_local(std::int64_t ms) {
    const auto [seconds, milliseconds] = split(ms);
    static_cast<void>(milliseconds);
    std::tm t{};
    localtime_r(&seconds, &t);
    const long minutes = std::labs(t.tm_gmtoff) / 60;
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", t.tm_year + 1900,
                       t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec,
                       t.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

json::value format_last_seen(std::int64_t ms, store::LastSeen form, json::storage_ptr storage) {
    switch (form) {
        case store::LastSeen::iso_8601: return json::value(iso_8601_utc(ms), std::move(storage));
        case store::LastSeen::iso_8601_local:
            return json::value(iso_8601_local(ms), std::move(storage));
        case store::LastSeen::epoch: return json::value(ms, std::move(storage));
        case store::LastSeen::disable: break;
    }
    return json::value(std::move(storage));
}

}  // namespace waggle::engine
