#include <cstdint>
#include <cstdlib>

#include "coordinator/znp/frame.hpp"

/// Any bytes, in one piece and cut in two, give the same frames; nothing is read past the end, and
/// every frame found is a good one.
namespace {

using namespace waggle;
using namespace waggle::znp;

void require(bool what) {
    if (!what)
        std::abort();
}

void check(const Frame& frame) {
    const auto again = encode_frame(frame.type, frame.subsystem, frame.command, frame.data);
    ByteView rest = again;
    const auto same = next_frame(rest);
    require(same && rest.empty() && same->command == frame.command &&
            same->data.size() == frame.data.size());
}

std::size_t scan(ByteView bytes, std::size_t& left) {
    std::size_t count = 0;
    while (const auto frame = next_frame(bytes)) {
        check(*frame);
        ++count;
    }
    left = bytes.size();
    return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView all(data, size);
    std::size_t left = 0;
    const auto whole = scan(all, left);

    // As the link does it: what the first piece leaves stands in front of the second.
    const auto cut = size / 2;
    std::size_t kept = 0;
    const auto first = scan(all.first(cut), kept);
    const auto second = scan(all.subspan(cut - kept), left);
    require(first + second == whole);

    ByteView stalled = all.subspan(size - left);
    while (const auto frame = next_frame_behind_stall(stalled))
        check(*frame);
    return 0;
}
