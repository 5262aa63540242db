#pragma once

#include <array>
#include <cstdint>
#include <istream>

/// How much of the machine and of this process is used, for bridge/health.
namespace waggle::bridge {

struct HostLoad {
    std::array<double, 3> averages{};  ///< over 1, 5 and 15 minutes
    std::int64_t memory_total_kb = 0, memory_available_kb = 0, process_kb = 0;
};

/// Zero where the system does not tell.
[[nodiscard]] HostLoad read_host_load();

/// /proc/meminfo: "MemTotal:        8039480 kB", "MemAvailable: …".
void read_memory(std::istream& meminfo, HostLoad& load);
/// /proc/self/statm: pages in all, then pages in memory.
void read_resident(std::istream& statm, std::int64_t page_size, HostLoad& load);

}  // namespace waggle::bridge
