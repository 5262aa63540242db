/// `ota` in a device file: what the device says of its firmware, and how it goes about fetching
/// another. README.md has the list.
#pragma once

#include <cstdint>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "bytes.hpp"

namespace waggle::sim {

struct OtaDescription {
    static constexpr std::uint32_t none = 0xFFFFFFFF;

    std::uint32_t endpoint = 1;
    std::uint32_t manufacturer = 0;
    std::uint32_t image_type = 0;
    std::uint32_t file_version = 0;
    std::uint32_t hardware_version = none;

    std::uint32_t answers_notify = 1;
    std::uint32_t query_delay_ms = 20;
    std::uint32_t query_every_ms = 0;  // asks without being told to; 0: never
    std::uint32_t block_size = 50;     // the most it takes in a block
    std::uint32_t page_size = 0;       // asks for so much at a time; 0: for one block
    std::uint32_t response_spacing_ms = 0;
    std::uint32_t minimum_block_period = none;  // in its requests; none: not there
    std::uint32_t with_ieee = 0;                // its requests have its address
    std::uint32_t pace_ms = 0;                  // from a block to the next request
    std::uint32_t retry_ms = 3000;              // without an answer it asks again
    std::uint32_t retries = 100;                // and gives up after so many in a row
    std::uint32_t lose_every = 0;               // every so manieth block is lost
    std::uint32_t restart_at = none;            // loses power once, with so many octets
    std::uint32_t restart_ms = 500;
    std::uint32_t restart_forgets = 0;   // what it had is lost: it begins with a query
    std::uint32_t refuse = 0;            // status of its upgrade end request
    std::uint32_t version_after = none;  // what it runs then, whatever the image says
    std::uint32_t apply_ms = 200;        // without power while it changes over
};

/// A setting by its name in device files; null when there is none.
[[nodiscard]] std::uint32_t* ota_setting(OtaDescription& description, std::string_view name);

/// @throws DescriptionError
[[nodiscard]] OtaDescription parse_ota(const boost::json::value& value);
void ota_settings_to_json(const OtaDescription& description, boost::json::object& out);

}  // namespace waggle::sim
