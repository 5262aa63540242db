// APP_CNF: commissioning since Z-Stack 3.0 [MT 3.14]. SAPI: the simple interface, of which hosts
// use the configuration items [MT 3.9].
#include "ncp.hpp"

namespace waggle::sim {

namespace {

using mt::Status;

void put(Writer& out, Status status) {
    out.u8(static_cast<unsigned>(status));
}

void ok(Ncp&, Reader&, Writer& out) {
    put(out, Status::success);
}

/// CRC-16/X-25, bit by bit.
std::uint16_t crc_of(View bytes) {
    unsigned crc = 0xFFFF;
    for (const std::uint8_t byte : bytes)
        for (int bit = 0; bit < 8; ++bit) {
            const unsigned carry = (crc ^ (static_cast<unsigned>(byte) >> bit)) & 1;
            crc = (crc >> 1) ^ (carry ? 0x8408u : 0u);
        }
    return static_cast<std::uint16_t>(~crc);
}

/// 1: install code with its CRC, which has to be right; 2: key derived from one.
void install_code(Ncp& ncp, Reader& in, Writer& out) {
    constexpr std::size_t code_size = 16, key_size = 16;
    const std::uint8_t format = in.u8();
    const std::uint64_t ieee = in.u64();
    if (!ncp.firmware().has_bdb() || (format != 1 && format != 2))
        return put(out, Status::invalid_parameter);
    const View secret = in.take(format == 1 ? code_size + 2 : key_size);
    if (in.failed() ||
        (format == 1 && Reader(secret.subspan(code_size)).u16() != crc_of(secret.first(code_size))))
        return put(out, Status::invalid_parameter);
    InstallCode& known = ncp.install_codes()[ieee];
    (format == 1 ? known.code : known.key).assign(secret.begin(), secret.end());
    put(out, Status::success);
}

void start_commissioning(Ncp& ncp, Reader& in, Writer& out) {
    constexpr std::uint8_t formation = 0x04, steering = 0x02;
    const std::uint8_t mode = in.u8();
    if (!ncp.firmware().has_bdb())
        return put(out, Status::failure);
    put(out, Status::success);
    if (mode & formation) {
        ncp.form_network();
        return;
    }
    if (ncp.has_network() && !ncp.is_running())
        ncp.start_network();
    if (mode & steering)
        ncp.later(Timing::Milliseconds(0), [&ncp] { ncp.open_joining(180); });
}

void set_channel(Ncp& ncp, Reader& in, Writer& out) {
    const bool primary = in.u8() != 0;
    const std::uint32_t mask = in.u32();
    if (primary)
        ncp.set_primary_channels(mask);
    put(out, Status::success);
}

void set_counter(Ncp& ncp, Reader& in, Writer& out) {
    ncp.set_counter(in.u32());
    put(out, Status::success);
}

constexpr MtCommand app_cnf[] = {
    {0x2F01, "APP_CNF_SET_DEFAULT_REMOTE_ENDDEVICE_TIMEOUT", 1, ok},
    {0x2F02, "APP_CNF_SET_ENDDEVICETIMEOUT", 1, ok},
    {0x2F03, "APP_CNF_SET_ALLOWREJOIN_TC_POLICY", 1, ok},
    {0x2F04, "APP_CNF_BDB_ADD_INSTALLCODE", 9, install_code},
    {0x2F05, "APP_CNF_BDB_START_COMMISSIONING", 1, start_commissioning},
    {0x2F06, "APP_CNF_BDB_SET_JOINUSESINSTALLCODEKEY", 1, ok},
    {0x2F07, "APP_CNF_BDB_SET_ACTIVE_DEFAULT_CENTRALIZED_KEY", 1, ok},
    {0x2F08, "APP_CNF_BDB_SET_CHANNEL", 5, set_channel},
    {0x2F09, "APP_CNF_BDB_SET_TC_REQUIRE_KEY_EXCHANGE", 1, ok},
    {0x2F0A, "APP_CNF_BDB_ZED_ATTEMPT_RECOVER_NWK", 0, ok},
    {0x2FFF, "APP_CNF_SET_NWK_FRAME_COUNTER", 4, set_counter},
};

void start_request(Ncp& ncp, Reader&, Writer&) {
    if (ncp.has_network())
        ncp.start_network();
    else if (!ncp.firmware().has_bdb())
        ncp.form_network();
    ncp.later(ncp.timing().formation, [&ncp] { ncp.indicate(mt::sapi_start_confirm, Bytes{0}); });
}

void read_configuration(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint8_t id = in.u8();
    const Bytes* item = ncp.nv().find(id);
    put(out, item ? Status::success : Status::invalid_parameter);
    out.u8(id).u8(item ? item->size() : 0);
    if (item)
        out.bytes(*item);
}

void write_configuration(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint8_t id = in.u8();
    const View value = in.take(in.u8());
    if (in.failed())
        return put(out, Status::invalid_parameter);
    ncp.nv().set(id, value);
    put(out, Status::success);
}

/// 0 state, 1 IEEE, 2 nwk, 3 parent nwk, 4 parent IEEE, 5 channel, 6 PAN id, 7 extended PAN id.
void device_info(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint8_t parameter = in.u8();
    std::uint64_t value = 0;
    switch (parameter) {
        case 0: value = static_cast<std::uint64_t>(ncp.state()); break;
        case 1: value = ncp.ieee(); break;
        case 5: value = ncp.nib().channel; break;
        case 6: value = ncp.nib().pan_id; break;
        case 7: value = ncp.nib().extended_pan_id; break;
        default: break;
    }
    out.u8(parameter).u64(value);
}

void permit_join(Ncp& ncp, Reader& in, Writer& out) {
    in.u16();
    const std::uint8_t seconds = in.u8();
    ncp.later(Timing::Milliseconds(0), [&ncp, seconds] { ncp.open_joining(seconds); });
    put(out, Status::success);
}

void system_reset(Ncp& ncp, Reader&, Writer&) {
    ncp.reset(0);
}

constexpr MtCommand sapi[] = {
    {0x2600, "SAPI_START_REQ", 0, start_request},
    {0x2604, "SAPI_READ_CONFIGURATION", 1, read_configuration},
    {0x2605, "SAPI_WRITE_CONFIGURATION", 2, write_configuration},
    {0x2606, "SAPI_GET_DEVICE_INFO", 1, device_info},
    {0x2608, "SAPI_PERMIT_JOINING_REQ", 3, permit_join},
    {0x4609, "SAPI_SYSTEM_RESET", 0, system_reset},
};

}  // namespace

std::span<const MtCommand> app_cnf_commands() {
    return app_cnf;
}

std::span<const MtCommand> sapi_commands() {
    return sapi;
}

}  // namespace waggle::sim
