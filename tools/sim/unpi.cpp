#include "unpi.hpp"

#include <algorithm>

namespace waggle::sim {

namespace {

constexpr std::size_t overhead = 5;  // start, length, two command bytes, check

std::uint8_t check_of(View bytes) {
    std::uint8_t check = 0;
    for (const std::uint8_t byte : bytes)
        check = static_cast<std::uint8_t>(check ^ byte);
    return check;
}

}  // namespace

void append_unpi(Bytes& out, std::uint16_t code, View data) {
    const std::size_t start = out.size();
    out.push_back(unpi_start);
    out.push_back(static_cast<std::uint8_t>(data.size()));
    out.push_back(static_cast<std::uint8_t>(code >> 8));
    out.push_back(static_cast<std::uint8_t>(code));
    out.insert(out.end(), data.begin(), data.end());
    out.push_back(check_of(View(out).subspan(start + 1)));
}

void UnpiParser::feed(View bytes) {
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    // A handler may close the link and so reset() us: work on a private copy of the bytes.
    Bytes input = std::move(buffer_);
    buffer_.clear();
    std::size_t at = 0;
    while (at < input.size()) {
        if (input[at] != unpi_start) {
            ++at;
            continue;
        }
        const View rest = View(input).subspan(at);
        if (rest.size() < 2)
            break;
        if (rest[1] > unpi_max_data) {
            ++damaged_;
            ++at;
            continue;
        }
        const std::size_t size = rest[1] + overhead;
        if (rest.size() < size)
            break;
        if (check_of(rest.subspan(1, size - 2)) != rest[size - 1]) {
            ++damaged_;
            ++at;
            continue;
        }
        MtFrame frame;
        frame.code = static_cast<std::uint16_t>(rest[2] << 8 | rest[3]);
        frame.data.assign(rest.begin() + 4, rest.begin() + static_cast<std::ptrdiff_t>(size - 1));
        at += size;
        on_frame_(frame);
    }
    buffer_.insert(buffer_.begin(), input.begin() + static_cast<std::ptrdiff_t>(at), input.end());
}

}  // namespace waggle::sim
