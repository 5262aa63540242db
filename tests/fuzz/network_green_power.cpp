#include "network/green_power_frames.hpp"

// A frame of the Green Power cluster as a proxy sends it on.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waggle;
    const ByteView frame(data, size);
    const auto parsed = network::gp::parse(frame);
    if (!parsed.supported)
        return 0;
    (void)network::gp::parse_commissioning(parsed.notification.payload);
    const network::gp::Key key{};
    if (const auto plain = network::gp::decrypt(frame, parsed.notification, key))
        (void)network::gp::parse(*plain);
    return 0;
}
