#include <cstdint>
#include <cstdlib>
#include <string>

#include <boost/json/parse.hpp>

#include "store/json_text.hpp"

using namespace waggle::store;
namespace json = boost::json;

/// state.json and every JSON text: all three ways of writing are valid JSON and stable.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    boost::system::error_code error;
    const auto value = json::parse({reinterpret_cast<const char*>(data), size}, error);
    if (error)
        return 0;
    std::string pretty;
    append_pretty_json(pretty, value, 4);
    const auto sorted = sorted_json(value);
    const auto again = json::parse(pretty, error);
    if (error || sorted_json(again) != sorted ||
        compact_json(json::parse(sorted)).size() != sorted.size())
        std::abort();
    return 0;
}
