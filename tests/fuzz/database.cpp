#include <cstdint>
#include <cstdlib>
#include <string>

#include "store/database_file.hpp"

using namespace waggle::store;

/// database.db from anywhere; the lines that are used are written so that all are used again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto content = parse_database({reinterpret_cast<const char*>(data), size});
    const auto text = write_database(content.entries);
    const auto again = parse_database(text);
    if (!again.bad_lines.empty() || write_database(again.entries) != text)
        std::abort();
    return 0;
}
