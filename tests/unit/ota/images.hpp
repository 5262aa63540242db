#pragma once

#include <string>

#include "base/bytes.hpp"
#include "ota/types.hpp"
#include "support/hex.hpp"

/// Firmware for tests, octet by octet as the document on the file format has it.
namespace waggle::ota::test {

struct Like {
    std::uint16_t manufacturer = 0x115F, type = 0x0101;
    std::uint32_t version = 22;
    std::size_t firmware = 8;
};

inline Bytes image_like(const Like& like = {}) {
    Bytes file = waggle::test::hex("1EF1EE0B 0001 3800 0000");
    ByteWriter out(file);
    out.u16(like.manufacturer).u16(like.type).u32(like.version).u16(2);
    out.bytes(as_bytes("DR1175r1v1UNENCRYPTED00000JN5169"));
    out.u32(static_cast<std::uint32_t>(56 + 6 + like.firmware));
    out.u16(0).u32(static_cast<std::uint32_t>(like.firmware));
    for (std::size_t i = 0; i < like.firmware; ++i)
        out.u8(static_cast<std::uint8_t>(i));
    return file;
}

inline std::string text_like(const Like& like = {}) {
    return std::string(as_text(image_like(like)));
}

/// The one-gang switch, as it asks for an image.
inline DeviceFacts qbkg04lm() {
    DeviceFacts facts;
    facts.ieee = Ieee(0x00158D0001020304);
    facts.manufacturer = 0x115F;
    facts.image_type = 0x0101;
    facts.file_version = 20;
    facts.model_id = "lumi.ctrl_neutral1";
    facts.manufacturer_name = "LUMI";
    return facts;
}

}  // namespace waggle::ota::test
