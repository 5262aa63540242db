#include <cstdint>
#include <cstdlib>

#include "ota/image.hpp"

/// A file with firmware. What is taken lies within the file, without a gap from the header to the end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waggle;
    const ByteView file(data, size);
    std::string problem;
    const auto image = ota::parse_image(file, problem);
    if (!image) {
        if (problem.empty())
            std::abort();
        return 0;
    }
    if (image->before + image->bytes.size() + image->after != size ||
        image->bytes.data() != data + image->before)
        std::abort();
    std::size_t sum = image->header.header_length;
    for (const auto& element : image->elements)
        sum += 6 + element.data.size() + (element.tag == ota::Tag::telink_aes ? 2 : 0);
    if (sum != image->bytes.size())
        std::abort();
    return 0;
}
