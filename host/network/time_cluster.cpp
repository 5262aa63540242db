#include "network/time_cluster.hpp"

#include <time.h>
#include <vector>

namespace waggle::network {

namespace {

constexpr std::time_t year_2000 = 946684800;  ///< in seconds since 1970
constexpr std::time_t day = 24 * 60 * 60;
constexpr std::uint8_t status_of_the_clock = 0b1101;  ///< master, also for the zone, superseding

struct Change {
    std::time_t at;       ///< the first second of the new offset
    std::int32_t offset;  ///< the new one
    std::int32_t by;
};

std::uint32_t zigbee_time(std::time_t time) noexcept {
    return static_cast<std::uint32_t>(time - year_2000);
}

int year_of(std::time_t time) {
    std::tm parts{};
    gmtime_r(&time, &parts);
    return parts.tm_year + 1900;
}

/// Midnight UTC of the first of a month (0 = January).
std::time_t first_of(int year, int month) {
    std::tm parts{};
    parts.tm_year = year - 1900;
    parts.tm_mon = month;
    parts.tm_mday = 1;
    return timegm(&parts);
}

/// Day by day, and the second by halving.
std::vector<Change> changes_in(int year, const ZoneOffset& offset) {
    std::vector<Change> changes;
    const auto end = first_of(year + 1, 0);
    auto before = first_of(year, 1);  // no zone changes in January
    for (auto after = before + day; after <= end; before = after, after += day) {
        const auto old_offset = offset(before), new_offset = offset(after);
        if (old_offset == new_offset)
            continue;
        auto low = before, high = after;
        while (high - low > 1) {
            const auto middle = low + (high - low) / 2;
            (offset(middle) == old_offset ? low : high) = middle;
        }
        changes.push_back({high, new_offset, new_offset - old_offset});
    }
    return changes;
}

void set_summer(ZoneData& zone, const Change& start, const Change& end) {
    zone.standard_offset = end.offset;
    zone.dst_start = zigbee_time(start.at);
    zone.dst_end = zigbee_time(end.at) - 1;
    zone.dst_shift = start.by;
}

}  // namespace

ZoneOffset machine_zone() {
    return [](std::time_t time) {
        std::tm parts{};
        localtime_r(&time, &parts);
        return static_cast<std::int32_t>(parts.tm_gmtoff);
    };
}

ZoneData zone_data(std::time_t now, const ZoneOffset& offset) {
    ZoneData zone;
    zone.standard_offset = offset(now);
    const int year = year_of(now);
    const auto changes = changes_in(year, offset);
    if (changes.size() != 2)
        return zone;
    if (changes[0].by > 0) {  // summer lies within the year: the northern half
        set_summer(zone, changes[0], changes[1]);
        return zone;
    }
    const bool began_last_year = now < changes[0].at;
    const auto other = changes_in(began_last_year ? year - 1 : year + 1, offset);
    if (other.size() != 2)
        return zone;
    if (began_last_year)
        set_summer(zone, other[1], changes[0]);
    else
        set_summer(zone, changes[1], other[0]);
    return zone;
}

std::optional<zcl::Value> TimeCluster::attribute(std::uint16_t id, std::time_t now) {
    using enum zcl::DataType;
    const auto time = zigbee_time(now);
    if (time >= valid_until_) {
        zone_ = zone_data(now, offset_);
        valid_until_ = time + static_cast<std::uint32_t>(day);
    }
    const auto standard = time + static_cast<std::uint32_t>(zone_.standard_offset);
    const bool summer = time >= zone_.dst_start && time <= zone_.dst_end;
    const auto local = summer ? standard + static_cast<std::uint32_t>(zone_.dst_shift) : standard;
    switch (id) {
        case 0x0000: return zcl::make_unsigned(utc, time);
        case 0x0001: return zcl::make_unsigned(bitmap8, status_of_the_clock);
        case 0x0002: return zcl::make_signed(int32, zone_.standard_offset);
        case 0x0003: return zcl::make_unsigned(uint32, zone_.dst_start);
        case 0x0004: return zcl::make_unsigned(uint32, zone_.dst_end);
        case 0x0005: return zcl::make_signed(int32, zone_.dst_shift);
        case 0x0006: return zcl::make_unsigned(uint32, standard);
        case 0x0007: return zcl::make_unsigned(uint32, local);
        case 0x0008: return zcl::make_unsigned(utc, time);
        case 0x0009: return zcl::make_unsigned(utc, valid_until_);
        default: return std::nullopt;
    }
}

}  // namespace waggle::network
