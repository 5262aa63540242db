#include <cstdint>
#include <cstdlib>
#include <string>

#include <boost/json/value.hpp>

#include "store/json_read.hpp"
#include "store/json_text.hpp"

using namespace waggle::store;

/// state.json and every JSON text: all three ways of writing are valid JSON and stable.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    boost::system::error_code error;
    const auto value = read_json({reinterpret_cast<const char*>(data), size}, error);
    if (error)
        return 0;
    std::string pretty;
    append_pretty_json(pretty, value, 4);
    const auto sorted = sorted_json(value);
    const auto again = read_json(pretty, error);
    if (error || sorted_json(again) != sorted)
        std::abort();
    const auto compact = compact_json(read_json(sorted, error));
    if (error || compact.size() != sorted.size())
        std::abort();
    return 0;
}
