#include "network/install_code.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

/// The text of an install code, as a user sends it. What is understood has the right CRC, and what is
/// not is refused without repeating the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waggle;
    using namespace waggle::network;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::string problem;
    const auto code = parse_install_code(text, problem);
    if (!code) {
        if (problem.empty())
            std::abort();
        return 0;
    }
    const ByteView bytes(code->code);
    const auto crc = crc16_x25(bytes.first(bytes.size() - 2));
    if (bytes[bytes.size() - 2] != (crc & 0xFF) || bytes[bytes.size() - 1] != crc >> 8)
        std::abort();
    (void)aes_mmo(code->code);
    return 0;
}
