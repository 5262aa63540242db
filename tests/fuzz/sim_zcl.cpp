// The simulator's own reading of ZCL: headers, sizes of values, JSON of values.
#include <algorithm>
#include <cstdlib>

#include <boost/json/value.hpp>
#include <zcl.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waggle::sim;
    const View bytes(data, size);
    if (const auto frame = zcl::parse(bytes)) {
        const Bytes again = zcl::build(*frame);
        if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()))
            std::abort();
    }
    if (bytes.empty())
        return 0;
    const View rest = bytes.subspan(1);
    if (const auto length = zcl::value_size(bytes[0], rest)) {
        if (*length > rest.size())
            std::abort();
        static_cast<void>(zcl::to_json(bytes[0], rest.first(*length)));
        static_cast<void>(zcl::to_number(bytes[0], rest.first(*length)));
    }
    return 0;
}
