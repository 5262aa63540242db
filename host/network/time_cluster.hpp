#pragma once

#include <cstdint>
#include <ctime>
#include <functional>
#include <optional>

#include "zigbee/zcl_value.hpp"

/// What the coordinator's own time cluster says [ZCL8 3.12]: it is the network's clock and knows
/// the machine's time zone. Devices compute local time from the zone's data themselves, some for
/// months, so that the changes to and from summer time have to be right, not only today's offset.
namespace waggle::network {

/// Seconds east of UTC at a time (seconds since 1970).
using ZoneOffset = std::function<std::int32_t(std::time_t)>;
ZoneOffset machine_zone();

struct ZoneData {
    std::int32_t standard_offset = 0;      ///< seconds, without summer time
    std::uint32_t dst_start = 0xFFFFFFFF;  ///< seconds since 2000; 0xFFFFFFFF: no summer time
    std::uint32_t dst_end = 0xFFFFFFFF;    ///< the last second of it
    std::int32_t dst_shift = 0;
};

/// A zone counts as having summer time when its offset changes exactly twice in the year of `now`.
ZoneData zone_data(std::time_t now, const ZoneOffset& offset);

class TimeCluster {
  public:
    explicit TimeCluster(ZoneOffset offset = machine_zone()) : offset_(std::move(offset)) {}

    /// Nothing for attributes that the cluster does not have. Zone data is kept for 24 hours.
    std::optional<zcl::Value> attribute(std::uint16_t id, std::time_t now);

  private:
    ZoneOffset offset_;
    ZoneData zone_;
    std::uint32_t valid_until_ = 0;
};

}  // namespace waggle::network
