#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

/// coordinator_backup.json: the open coordinator backup format, version 1, as zigbee2mqtt and zigpy
/// write it. Keys this program does not know are kept and written back.
namespace waggle::store {

struct CoordinatorBackup {
    struct Device {
        std::optional<std::uint16_t> nwk_address;
        std::uint64_t ieee = 0;
        bool is_child = false;
        struct LinkKey {
            std::array<std::uint8_t, 16> key{};
            std::uint32_t rx_counter = 0, tx_counter = 0;
        };
        std::optional<LinkKey> link_key;
    };

    std::string source;              ///< metadata.source
    std::string date;                ///< metadata.internal.date, ISO 8601
    std::optional<int> znp_version;  ///< 0 = 1.2, 1 = 3.x.0, 2 = 3.0.x
    std::optional<int> ezsp_version;
    std::optional<std::array<std::uint8_t, 16>> zstack_tclk_seed;
    std::optional<std::array<std::uint8_t, 16>> ezsp_hashed_tclk;
    std::uint64_t coordinator_ieee = 0;  ///< in the order of the text
    std::uint16_t pan_id = 0;
    std::uint64_t extended_pan_id = 0;  ///< in the order of the text
    std::uint8_t nwk_update_id = 0;
    std::uint8_t security_level = 5;
    std::uint8_t channel = 0;
    std::vector<std::uint8_t> channel_mask;
    std::array<std::uint8_t, 16> network_key{};
    std::uint8_t key_sequence_number = 0;
    std::uint32_t frame_counter = 0;
    std::vector<Device> devices;
    std::string unknown_json;  ///< opaque: unknown keys, kept for writing
};

/// Errc::malformed, Errc::unsupported (another format or version) with a sentence in `problem`.
[[nodiscard]] Result<CoordinatorBackup> parse_coordinator_backup(std::string_view text,
                                                                 std::string& problem);
/// Two-space indentation, zigbee2mqtt's key order.
std::string write_coordinator_backup(const CoordinatorBackup& backup);

}  // namespace waggle::store
