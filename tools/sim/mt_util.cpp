// UTIL: device information, association and address tables, LEDs [MT 3.11].
#include <algorithm>
#include <random>

#include "ncp.hpp"

namespace waggle::sim {

namespace {

using mt::Status;

constexpr std::uint8_t relation_none = 0xFF;

void put(Writer& out, Status status) {
    out.u8(static_cast<unsigned>(status));
}

void device_info(Ncp& ncp, Reader&, Writer& out) {
    constexpr std::uint8_t can_be_all_three = 7;
    constexpr std::size_t room = 100;
    std::vector<std::uint16_t> children;
    for (const auto& [ieee, entry] : ncp.associations())
        if (entry.relation < 4)
            children.push_back(entry.nwk);
    children.resize(std::min(children.size(), room));
    put(out, Status::success);
    out.u64(ncp.ieee()).u16(ncp.is_running() ? coordinator_nwk : no_nwk);
    out.u8(can_be_all_three).u8(static_cast<unsigned>(ncp.state())).u8(children.size());
    for (const std::uint16_t nwk : children)
        out.u16(nwk);
}

Bytes item(Ncp& ncp, std::uint16_t id, std::size_t size) {
    const Bytes* found = ncp.nv().find(id);
    Bytes value = found ? *found : Bytes{};
    value.resize(size);
    return value;
}

void nv_info(Ncp& ncp, Reader&, Writer& out) {
    put(out, Status::success);
    out.u64(ncp.ieee()).bytes(item(ncp, nv::chanlist, 4)).bytes(item(ncp, nv::panid, 2));
    out.bytes(item(ncp, nv::security_level, 1)).bytes(item(ncp, nv::precfgkey, 16));
}

template <std::uint16_t id, std::size_t size>
void set_item(Ncp& ncp, Reader& in, Writer& out) {
    ncp.nv().set(id, in.take(size));
    put(out, Status::success);
}

void ok(Ncp&, Reader&, Writer& out) {
    put(out, Status::success);
}

void time_alive(Ncp& ncp, Reader&, Writer& out) {
    out.u32(ncp.uptime_seconds());
}

void loopback(Ncp&, Reader& in, Writer& out) {
    out.bytes(in.rest());
}

void nwk_lookup(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint64_t ieee = in.u64();
    const auto devices = ncp.security().devices();
    const auto found = std::ranges::find(devices, ieee, &AddressEntry::ieee);
    out.u16(found == devices.end() ? no_nwk : found->nwk);
}

void ieee_lookup(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint16_t nwk = in.u16();
    const auto devices = ncp.security().devices();
    const auto found = std::ranges::find(devices, nwk, &AddressEntry::nwk);
    out.u64(found == devices.end() ? 0 : found->ieee);
}

void link_key_data(Ncp& ncp, Reader& in, Writer& out) {
    const auto key = ncp.security().link_key(in.u64());
    put(out, key ? Status::success : Status::failure);
    out.bytes(key ? key->key : Bytes(16, 0));
    out.u32(key ? key->tx_counter : 0).u32(key ? key->rx_counter : 0);
}

void link_key_nv_id(Ncp& ncp, Reader& in, Writer& out) {
    const bool known = ncp.security().link_key(in.u64()).has_value();
    put(out, known ? Status::success : Status::failure);
    out.u16(known ? nv::legacy_tclk : 0xFFFF);
}

void assoc_count(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint8_t first = in.u8();
    const std::uint8_t last = in.u8();
    out.u16(std::ranges::count_if(ncp.associations(), [&](const auto& entry) {
        return entry.second.relation >= first && entry.second.relation <= last;
    }));
}

/// The stack's own record: addresses, relation, status, ageing, link quality.
void put_association(Writer& out, const AssocEntry* entry, std::size_t index) {
    out.u16(entry ? entry->nwk : no_nwk).u16(entry ? index : 0xFFFF);
    out.u8(entry ? entry->relation : relation_none).u8(0).u8(0).u8(0);
    out.u8(0).u8(1).u8(entry ? 120 : 0).u8(0).u32(0).u16(0);
}

void assoc_find(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint8_t index = in.u8();
    if (index >= ncp.associations().size())
        return put_association(out, nullptr, 0);
    const auto entry = std::next(ncp.associations().begin(), index);
    put_association(out, &entry->second, index);
}

/// By the IEEE address unless that is zero.
void assoc_get(Ncp& ncp, Reader& in, Writer& out) {
    const std::uint64_t ieee = in.u64();
    const std::uint16_t nwk = in.u16();
    std::size_t index = 0;
    for (const auto& [address, entry] : ncp.associations()) {
        if (ieee != 0 ? address == ieee : entry.nwk == nwk)
            return put_association(out, &entry, index);
        ++index;
    }
    put_association(out, nullptr, 0);
}

void assoc_remove(Ncp& ncp, Reader& in, Writer& out) {
    put(out, ncp.associations().erase(in.u64()) ? Status::success : Status::failure);
}

void assoc_add(Ncp& ncp, Reader& in, Writer& out) {
    AssocEntry entry;
    entry.ieee = in.u64();
    entry.nwk = in.u16();
    entry.relation = in.u8();
    ncp.associations()[entry.ieee] = entry;
    put(out, Status::success);
}

void random_block(Ncp&, Reader&, Writer& out) {
    static std::minstd_rand source{std::random_device{}()};
    for (int i = 0; i < 100; ++i)
        out.u8((source() >> 8) & 0xFF);
}

constexpr MtCommand commands[] = {
    {0x2700, "UTIL_GET_DEVICE_INFO", 0, device_info},
    {0x2701, "UTIL_GET_NV_INFO", 0, nv_info},
    {0x2702, "UTIL_SET_PANID", 2, set_item<nv::panid, 2>},
    {0x2703, "UTIL_SET_CHANNELS", 4, set_item<nv::chanlist, 4>},
    {0x2704, "UTIL_SET_SECLEVEL", 1, set_item<nv::security_level, 1>},
    {0x2705, "UTIL_SET_PRECFGKEY", 16, set_item<nv::precfgkey, 16>},
    {0x2706, "UTIL_CALLBACK_SUB_CMD", 3, ok},
    {0x2707, "UTIL_KEY_EVENT", 2, ok},
    {0x2709, "UTIL_TIME_ALIVE", 0, time_alive},
    {0x270A, "UTIL_LED_CONTROL", 2, ok},
    {0x2710, "UTIL_TEST_LOOPBACK", 0, loopback},
    {0x2711, "UTIL_DATA_REQ", 1, ok},
    {0x2720, "UTIL_SRC_MATCH_ENABLE", 0, ok},
    {0x2740, "UTIL_ADDRMGR_EXT_ADDR_LOOKUP", 8, nwk_lookup},
    {0x2741, "UTIL_ADDRMGR_NWK_ADDR_LOOKUP", 2, ieee_lookup},
    {0x2744, "UTIL_APSME_LINK_KEY_DATA_GET", 8, link_key_data},
    {0x2745, "UTIL_APSME_LINK_KEY_NV_ID_GET", 8, link_key_nv_id},
    {0x2748, "UTIL_ASSOC_COUNT", 2, assoc_count},
    {0x2749, "UTIL_ASSOC_FIND_DEVICE", 1, assoc_find},
    {0x274A, "UTIL_ASSOC_GET_WITH_ADDRESS", 10, assoc_get},
    {0x274B, "UTIL_APSME_REQUEST_KEY_CMD", 8, ok},
    {0x274C, "UTIL_SRNG_GENERATE", 0, random_block},
    {0x2763, "UTIL_ASSOC_REMOVE", 8, assoc_remove},
    {0x2764, "UTIL_ASSOC_ADD", 11, assoc_add},
};

}  // namespace

std::span<const MtCommand> util_commands() {
    return commands;
}

}  // namespace waggle::sim
