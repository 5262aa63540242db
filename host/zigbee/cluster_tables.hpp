#pragma once

#include "zigbee/clusters.hpp"

/// What the generator makes of clusters.json; for clusters.cpp only. All of it is
/// constant-initialised.
namespace waggle::zcl::tables {

extern const std::span<const ClusterDefinition> all;
extern const std::span<const std::uint16_t> in_order_of_id;  ///< indexes into `all`
extern const std::span<const std::uint16_t> in_order_of_name;

}  // namespace waggle::zcl::tables
