#include <cstdlib>

#include "network/persistence.hpp"

// A line of database.db: whatever it holds, reading it again after writing gives the same text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waggle;
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    const auto row = network::read_row(line);
    if (!row)
        return 0;
    const auto write = [](const network::Row& any) {
        std::string text;
        if (any.device)
            network::append_row(text, *any.device);
        else if (any.group)
            network::append_row(text, *any.group);
        else
            text = any.text;
        return text;
    };
    const auto once = write(*row);
    const auto again = network::read_row(once);
    if (!again || write(*again) != once)
        std::abort();
    return 0;
}
