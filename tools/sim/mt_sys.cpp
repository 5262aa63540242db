// SYS: version, reset, non-volatile memory, odds and ends [MT 3.8].
#include <ctime>
#include <random>

#include "ncp.hpp"

namespace waggle::sim {

namespace {

using mt::Status;

constexpr std::size_t max_read = 240;  // a value that fits one frame
constexpr std::uint32_t seconds_to_2000 = 946'684'800;

void put(Writer& out, Status status) {
    out.u8(static_cast<unsigned>(status));
}

void reset(Ncp& ncp, Reader& in, Writer&) {
    // Type 0 goes through the watchdog; 3.x.0 reports every reset as power-up.
    const bool hard = in.u8() == 0;
    const bool says_watchdog = hard && !ncp.firmware().has_extended_nv();
    ncp.reset(says_watchdog ? 2 : 0);
}

void ping(Ncp& ncp, Reader&, Writer& out) {
    out.u16(ncp.firmware().capabilities);
}

void version(Ncp& ncp, Reader&, Writer& out) {
    const Firmware& firmware = ncp.firmware();
    out.u8(2).u8(static_cast<unsigned>(firmware.product)).u8(2).u8(firmware.minor);
    out.u8(firmware.maintenance).u32(firmware.revision);
}

void set_ext_addr(Ncp& ncp, Reader& in, Writer& out) {
    ncp.set_ieee(in.u64());
    put(out, Status::success);
}

void get_ext_addr(Ncp& ncp, Reader&, Writer& out) {
    out.u64(ncp.ieee());
}

/// What the host may not read: on 1.2 the network key only comes through SAPI.
bool is_locked(const Ncp& ncp, std::uint16_t id) {
    return ncp.firmware().product == Product::zstack_12 && id == nv::precfgkey;
}

void nv_init(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint16_t id = in.u16();
    const std::uint16_t size = in.u16();
    const View initial = in.take(in.u8());
    if (in.failed() || initial.size() > size)
        return put(out, Status::invalid_parameter);
    if (ncp.nv().find(id))
        return put(out, Status::success);
    Bytes value(initial.begin(), initial.end());
    value.resize(size, 0xFF);
    ncp.nv().set(id, value);
    put(out, Status::item_created);
}

void read_item(const Bytes* item, std::size_t offset, std::size_t limit, Writer& out) {
    if (!item || offset > item->size()) {
        put(out, Status::invalid_parameter);
        out.u8(0);
        return;
    }
    const View rest = View(*item).subspan(offset);
    const View part = rest.first(std::min(rest.size(), limit));
    put(out, Status::success);
    out.u8(part.size()).bytes(part);
}

void nv_read_at(Ncp& ncp, std::uint16_t id, std::uint16_t offset, Writer& out) {
    if (is_locked(ncp, id)) {
        put(out, Status::failure);
        out.u8(0);
        return;
    }
    if (id == nv::nwkkey || id == nv::legacy_sec_material)
        ncp.store();
    read_item(ncp.nv().find(id), offset, max_read, out);
}

void nv_read(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint16_t id = in.u16();
    nv_read_at(ncp, id, in.u8(), out);
}

void nv_read_ext(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint16_t id = in.u16();
    nv_read_at(ncp, id, in.u16(), out);
}

void nv_write_at(Ncp& ncp, std::uint16_t id, std::uint16_t offset, View value, Writer& out) {
    put(out, ncp.nv().write(id, offset, value) ? Status::success : Status::nv_failed);
}

void nv_write(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint16_t id = in.u16();
    const std::uint8_t offset = in.u8();
    const View value = in.take(in.u8());
    if (in.failed())
        return put(out, Status::invalid_parameter);
    nv_write_at(ncp, id, offset, value, out);
}

void nv_write_ext(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint16_t id = in.u16();
    const std::uint16_t offset = in.u16();
    const View value = in.take(in.u16());
    if (in.failed())
        return put(out, Status::invalid_parameter);
    nv_write_at(ncp, id, offset, value, out);
}

void nv_delete(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint16_t id = in.u16();
    const std::uint16_t size = in.u16();
    const Bytes* item = ncp.nv().find(id);
    if (!item)
        return put(out, Status::item_created);  // the code also means "not there"
    if (item->size() != size)
        return put(out, Status::bad_length);
    ncp.nv().erase(id);
    put(out, Status::success);
}

void nv_length(Ncp& ncp, Reader& in, Writer& out) {
    const Bytes* item = ncp.nv().find(in.u16());
    out.u16(item ? item->size() : 0);
}

ExtendedId extended_id(Reader& in) {
    ExtendedId id;
    id.system = in.u8();
    id.item = in.u16();
    id.sub = in.u16();
    return id;
}

void ex_create(Ncp& ncp, Reader& in, Writer& out) {
    const ExtendedId id = extended_id(in);
    const std::uint32_t size = in.u32();
    if (size > 0x1000)
        return put(out, Status::invalid_parameter);
    if (!ncp.nv().find(id))
        ncp.nv().set(id, Bytes(size, 0xFF));
    put(out, Status::success);
}

void ex_delete(Ncp& ncp, Reader& in, Writer& out) {
    put(out, ncp.nv().erase(extended_id(in)) ? Status::success : Status::nv_failed);
}

void ex_length(Ncp& ncp, Reader& in, Writer& out) {
    const Bytes* item = ncp.nv().find(extended_id(in));
    out.u8(item ? item->size() : 0);
}

void ex_read(Ncp& ncp, Reader& in, Writer& out) {
    const ExtendedId id = extended_id(in);
    const std::uint16_t offset = in.u16();
    const std::uint8_t size = in.u8();
    if (id.item == nv::ex_sec_material)
        ncp.store();
    read_item(ncp.nv().find(id), offset, std::min<std::size_t>(size, max_read), out);
}

void ex_write(Ncp& ncp, Reader& in, Writer& out) {
    const ExtendedId id = extended_id(in);
    const std::uint16_t offset = in.u16();
    const View value = in.take(in.u8());
    if (in.failed())
        return put(out, Status::invalid_parameter);
    put(out, ncp.nv().write(id, offset, value) ? Status::success : Status::nv_failed);
}

void ex_update(Ncp& ncp, Reader& in, Writer& out) {
    const ExtendedId id = extended_id(in);
    const View value = in.take(in.u8());
    if (in.failed())
        return put(out, Status::invalid_parameter);
    ncp.nv().set(id, value);
    put(out, Status::success);
}

void ex_compact(Ncp&, Reader&, Writer& out) {
    put(out, Status::success);
}

std::uint16_t random_number() {
    static std::minstd_rand source{std::random_device{}()};
    return static_cast<std::uint16_t>(source() >> 8);
}

void random_16(Ncp&, Reader&, Writer& out) {
    out.u16(random_number());
}

void adc_read(Ncp&, Reader&, Writer& out) {
    out.u16(0);
}

void gpio(Ncp&, Reader& in, Writer& out) {
    in.u8();
    out.u8(in.u8());
}

/// Operation 0 sets the transmit power and answers with what was set, here always what was asked.
void stack_tune(Ncp&, Reader& in, Writer& out) {
    in.u8();
    out.u8(in.u8());
}

void tx_power(Ncp&, Reader& in, Writer& out) {
    out.u8(in.u8());
}

void ok(Ncp&, Reader&, Writer& out) {
    put(out, Status::success);
}

void get_time(Ncp&, Reader&, Writer& out) {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    out.u32(now - seconds_to_2000).u8(parts.tm_hour).u8(parts.tm_min).u8(parts.tm_sec);
    out.u8(parts.tm_mon + 1).u8(parts.tm_mday).u16(parts.tm_year + 1900);
}

void zero_32(Ncp&, Reader&, Writer& out) {
    out.u32(0);
}

constexpr MtCommand commands[] = {
    {0x4100, "SYS_RESET_REQ", 1, reset},
    {0x2101, "SYS_PING", 0, ping},
    {0x2102, "SYS_VERSION", 0, version},
    {0x2103, "SYS_SET_EXTADDR", 8, set_ext_addr},
    {0x2104, "SYS_GET_EXTADDR", 0, get_ext_addr},
    {0x2107, "SYS_OSAL_NV_ITEM_INIT", 5, nv_init},
    {0x2108, "SYS_OSAL_NV_READ", 3, nv_read},
    {0x2109, "SYS_OSAL_NV_WRITE", 4, nv_write},
    {0x210A, "SYS_OSAL_START_TIMER", 3, ok},
    {0x210B, "SYS_OSAL_STOP_TIMER", 1, ok},
    {0x210C, "SYS_RANDOM", 0, random_16},
    {0x210D, "SYS_ADC_READ", 2, adc_read},
    {0x210E, "SYS_GPIO", 2, gpio},
    {0x210F, "SYS_STACK_TUNE", 2, stack_tune},
    {0x2110, "SYS_SET_TIME", 4, ok},
    {0x2111, "SYS_GET_TIME", 0, get_time},
    {0x2112, "SYS_OSAL_NV_DELETE", 4, nv_delete},
    {0x2113, "SYS_OSAL_NV_LENGTH", 2, nv_length},
    {0x2114, "SYS_SET_TX_POWER", 1, tx_power},
    {0x2117, "SYS_ZDIAGS_INIT_STATS", 0, ok},
    {0x2118, "SYS_ZDIAGS_CLEAR_STATS", 1, zero_32},
    {0x2119, "SYS_ZDIAGS_GET_STATS", 2, zero_32},
    {0x211A, "SYS_ZDIAGS_RESTORE_STATS_NV", 0, ok},
    {0x211B, "SYS_ZDIAGS_SAVE_STATS_TO_NV", 0, zero_32},
    {0x211C, "SYS_OSAL_NV_READ_EXT", 4, nv_read_ext},
    {0x211D, "SYS_OSAL_NV_WRITE_EXT", 6, nv_write_ext},
    {0x2130, "SYS_NV_CREATE", 9, ex_create},
    {0x2131, "SYS_NV_DELETE", 5, ex_delete},
    {0x2132, "SYS_NV_LENGTH", 5, ex_length},
    {0x2133, "SYS_NV_READ", 8, ex_read},
    {0x2134, "SYS_NV_WRITE", 8, ex_write},
    {0x2135, "SYS_NV_UPDATE", 6, ex_update},
    {0x2136, "SYS_NV_COMPACT", 2, ex_compact},
};

}  // namespace

std::span<const MtCommand> sys_commands() {
    return commands;
}

}  // namespace waggle::sim
