#include "bridge/host_load.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace waggle::bridge {

void read_memory(std::istream& meminfo, HostLoad& load) {
    for (std::string line; std::getline(meminfo, line);) {
        std::istringstream fields(line);
        std::string name;
        std::int64_t kilobytes = 0;
        if (!(fields >> name >> kilobytes))
            continue;
        if (name == "MemTotal:")
            load.memory_total_kb = kilobytes;
        else if (name == "MemAvailable:")
            load.memory_available_kb = kilobytes;
    }
}

void read_resident(std::istream& statm, std::int64_t page_size, HostLoad& load) {
    std::int64_t all = 0, resident = 0;
    if (statm >> all >> resident)
        load.process_kb = resident * page_size / 1024;
}

HostLoad read_host_load() {
    HostLoad load;
    if (getloadavg(load.averages.data(), static_cast<int>(load.averages.size())) < 0)
        load.averages = {};
    std::ifstream meminfo("/proc/meminfo"), statm("/proc/self/statm");
    read_memory(meminfo, load);
    read_resident(statm, sysconf(_SC_PAGESIZE), load);
    return load;
}

}  // namespace waggle::bridge
