#include "security_store.hpp"

#include <algorithm>
#include <array>

namespace waggle::sim {

namespace {

constexpr std::uint64_t any_network = ~std::uint64_t{0};

constexpr Firmware firmwares[] = {
    {Product::zstack_3x0, "3.x.0", 7, 1, 20240710, 0x0659, Alignment::aligned, 200, 200, 30, 12},
    {Product::zstack_30x, "3.0.x", 7, 2, 20211115, 0x0179, Alignment::packed, 40, 40, 20, 12},
    {Product::zstack_12, "1.2", 6, 3, 20190608, 0x0179, Alignment::packed, 40, 0, 20, 0},
};

}  // namespace

const Firmware* firmware_by_name(std::string_view name) {
    const auto found = std::ranges::find(firmwares, name, &Firmware::name);
    return found == std::end(firmwares) ? nullptr : &*found;
}

std::size_t SecurityStore::capacity(Table table) const {
    switch (table) {
        case Table::addresses: return firmware_.address_entries;
        case Table::tclk: return firmware_.tclk_entries;
        case Table::aps_keys: return firmware_.aps_key_entries;
        case Table::material: return firmware_.material_entries;
    }
    return 0;
}

Bytes SecurityStore::empty_entry(Table table) const {
    switch (table) {
        case Table::addresses: return encode(AddressEntry{}, firmware_.alignment);
        case Table::tclk: return encode(TclkEntry{}, firmware_.alignment);
        case Table::aps_keys: return Bytes(24, 0);
        case Table::material: return encode(SecurityMaterial{});
    }
    return {};
}

namespace {

std::uint16_t extended_item(int table) {
    constexpr std::array items{nv::ex_addrmgr, nv::ex_tclk, nv::ex_aps_key_data,
                               nv::ex_sec_material};
    return items[static_cast<std::size_t>(table)];
}

std::uint16_t legacy_item(int table, std::size_t index) {
    constexpr std::array items{nv::addrmgr, nv::legacy_tclk, nv::aps_key_data,
                               nv::legacy_sec_material};
    return static_cast<std::uint16_t>(items[static_cast<std::size_t>(table)] + index);
}

}  // namespace

bool SecurityStore::exists(Table table, std::size_t index) const {
    const int number = static_cast<int>(table);
    if (firmware_.has_extended_nv())
        return nv_.find({nv::zstack, extended_item(number), static_cast<std::uint16_t>(index)});
    if (table == Table::addresses)
        return nv_.find(nv::addrmgr);
    return nv_.find(legacy_item(number, index));
}

Bytes SecurityStore::entry(Table table, std::size_t index) const {
    const int number = static_cast<int>(table);
    const Bytes* found = nullptr;
    if (firmware_.has_extended_nv()) {
        found = nv_.find({nv::zstack, extended_item(number), static_cast<std::uint16_t>(index)});
    } else if (table == Table::addresses) {
        // One item holds the whole table.
        const std::size_t size = address_entry_size(firmware_.alignment);
        const Bytes* all = nv_.find(nv::addrmgr);
        if (!all || all->size() < (index + 1) * size)
            return empty_entry(table);
        const View part = View(*all).subspan(index * size, size);
        return Bytes(part.begin(), part.end());
    } else {
        found = nv_.find(legacy_item(number, index));
    }
    return found ? *found : empty_entry(table);
}

void SecurityStore::set_entry(Table table, std::size_t index, View value) {
    const int number = static_cast<int>(table);
    if (firmware_.has_extended_nv())
        nv_.set({nv::zstack, extended_item(number), static_cast<std::uint16_t>(index)}, value);
    else if (table == Table::addresses)
        nv_.write(nv::addrmgr, index * address_entry_size(firmware_.alignment), value);
    else
        nv_.set(legacy_item(number, index), value);
}

void SecurityStore::create_tables() {
    if (!firmware_.has_extended_nv() && !nv_.find(nv::addrmgr)) {
        Writer all;
        for (std::size_t i = 0; i < capacity(Table::addresses); ++i)
            all.bytes(empty_entry(Table::addresses));
        nv_.set(nv::addrmgr, all.view());
    }
    for (const Table table : {Table::addresses, Table::tclk, Table::aps_keys, Table::material})
        for (std::size_t i = 0; i < capacity(table); ++i)
            if (!exists(table, i))
                set_entry(table, i, empty_entry(table));
    if (!nv_.find(nv::aps_link_key_table))
        nv_.set(nv::aps_link_key_table,
                empty_aps_link_key_table(firmware_.aps_key_entries, firmware_.alignment));
}

void SecurityStore::clear_tables() {
    for (const Table table : {Table::addresses, Table::tclk, Table::aps_keys, Table::material})
        for (std::size_t i = 0; i < capacity(table); ++i)
            set_entry(table, i, empty_entry(table));
    nv_.erase(nv::aps_link_key_table);
    create_tables();
}

void SecurityStore::set_address(const AddressEntry& wanted) {
    std::optional<std::size_t> free;
    for (std::size_t i = 0; i < capacity(Table::addresses); ++i) {
        const AddressEntry present =
            decode_address_entry(entry(Table::addresses, i), firmware_.alignment);
        if (present.user != 0 && present.ieee == wanted.ieee)
            return set_entry(Table::addresses, i, encode(wanted, firmware_.alignment));
        if (present.user == 0 && !free)
            free = i;
    }
    if (free)  // a full table loses the device, as the real one does
        set_entry(Table::addresses, *free, encode(wanted, firmware_.alignment));
}

void SecurityStore::add_device(std::uint64_t ieee, std::uint16_t nwk, bool is_child,
                               bool has_link_key) {
    AddressEntry address;
    address.user = static_cast<std::uint8_t>((is_child ? AddressEntry::user_assoc : 0) |
                                             AddressEntry::user_security);
    address.nwk = nwk;
    address.ieee = ieee;
    set_address(address);
    if (!has_link_key || link_key(ieee))
        return;
    for (std::size_t i = 0; i < capacity(Table::tclk); ++i) {
        const auto present = decode_tclk_entry(entry(Table::tclk, i));
        if (!present || (present->ieee != 0 && present->ieee != any_network))
            continue;
        TclkEntry key;
        key.ieee = ieee;
        key.attributes = 2;
        key.seed_shift = static_cast<std::uint8_t>((ieee ^ nwk) % 16);
        key.rx_counter = 1;
        set_entry(Table::tclk, i, encode(key, firmware_.alignment));
        return;
    }
}

void SecurityStore::remove_device(std::uint64_t ieee) {
    for (std::size_t i = 0; i < capacity(Table::addresses); ++i)
        if (decode_address_entry(entry(Table::addresses, i), firmware_.alignment).ieee == ieee)
            set_entry(Table::addresses, i, empty_entry(Table::addresses));
    for (std::size_t i = 0; i < capacity(Table::tclk); ++i)
        if (const auto key = decode_tclk_entry(entry(Table::tclk, i)); key && key->ieee == ieee)
            set_entry(Table::tclk, i, empty_entry(Table::tclk));
}

std::vector<AddressEntry> SecurityStore::devices() const {
    std::vector<AddressEntry> list;
    for (std::size_t i = 0; i < capacity(Table::addresses); ++i) {
        const auto present = decode_address_entry(entry(Table::addresses, i), firmware_.alignment);
        if (present.user != 0)
            list.push_back(present);
    }
    return list;
}

std::optional<SecurityStore::LinkKey> SecurityStore::link_key(std::uint64_t ieee) const {
    const Bytes* seed = nv_.find(nv::tclk_seed);
    if (!seed)
        return std::nullopt;
    for (std::size_t i = 0; i < capacity(Table::tclk); ++i) {
        const auto present = decode_tclk_entry(entry(Table::tclk, i));
        if (!present || present->ieee != ieee)
            continue;
        return LinkKey{derive_link_key(*seed, present->seed_shift, ieee), present->tx_counter,
                       present->rx_counter};
    }
    return std::nullopt;
}

std::uint32_t SecurityStore::load_counter(std::uint64_t extended_pan_id) const {
    std::uint32_t any = 0;
    for (std::size_t i = 0; i < capacity(Table::material); ++i) {
        const auto present = decode_security_material(entry(Table::material, i));
        if (!present)
            continue;
        if (present->extended_pan_id == extended_pan_id && extended_pan_id != 0)
            return present->counter;
        if (present->extended_pan_id == any_network)
            any = present->counter;
    }
    return any;
}

void SecurityStore::save_counter(std::uint64_t extended_pan_id, std::uint32_t counter) {
    if (capacity(Table::material) == 0)
        return;
    const std::size_t last = capacity(Table::material) - 1;
    std::optional<std::size_t> place;
    for (std::size_t i = 0; i < last; ++i) {
        const auto present = decode_security_material(entry(Table::material, i));
        if (present && present->extended_pan_id == extended_pan_id) {
            place = i;
            break;
        }
        if (present && present->extended_pan_id == 0 && !place)
            place = i;
    }
    SecurityMaterial material;
    material.counter = counter;
    material.extended_pan_id = extended_pan_id;
    if (place)
        set_entry(Table::material, *place, encode(material));
    const auto any = decode_security_material(entry(Table::material, last));
    if (any && any->counter > counter)
        return;
    material.extended_pan_id = any_network;
    set_entry(Table::material, last, encode(material));
}

}  // namespace waggle::sim
