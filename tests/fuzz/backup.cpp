#include <cstdint>
#include <cstdlib>
#include <string>

#include "store/coordinator_backup.hpp"

using namespace waggle::store;

/// coordinator_backup.json from anywhere; what is understood is written and understood again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string problem;
    const auto backup =
        parse_coordinator_backup({reinterpret_cast<const char*>(data), size}, problem);
    if (!backup) {
        if (problem.empty())
            std::abort();
        return 0;
    }
    const auto text = write_coordinator_backup(*backup);
    const auto again = parse_coordinator_backup(text, problem);
    if (!again || write_coordinator_backup(*again) != text)
        std::abort();
    return 0;
}
