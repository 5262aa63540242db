#include "coordinator/znp/backup.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>

#include <fmt/format.h>

#include "coordinator/znp/startup.hpp"
#include "coordinator/znp/tables.hpp"

namespace waggle::znp {
namespace {

using store::CoordinatorBackup;

// As many entries as the legacy item ranges hold.
constexpr std::uint16_t legacy_link_keys = 255, legacy_tclk = 239, legacy_material = 12;

/// Reads what a single item holds as a table; none when the item is missing.
template <class S>
Awaitable<Result<std::vector<S>>> read_item_table(Nv& nv, std::uint16_t id, bool counted) {
    auto item = co_await nv.read(id);
    if (!item)
        co_return item.error();
    if (!*item)
        co_return std::vector<S>();
    co_return read_table<S>(**item, counted, nv.alignment());
}

/// 3.x.0 keeps most tables in its extended memory, the others in items.
template <class S>
Awaitable<Result<std::vector<S>>> read_list(Nv& nv, bool extended, std::uint16_t ex_id,
                                            std::uint16_t legacy_id, std::uint16_t legacy_limit) {
    if (extended)
        co_return co_await nv.read_entries<S>(true, ex_id, Nv::max_entries);
    co_return co_await nv.read_entries<S>(false, legacy_id, legacy_limit);
}

Awaitable<Result<Tables>> read_tables(Nv& nv, Product product) {
    const bool extended = product == Product::zstack_3x0;
    Tables tables;
    Result<std::vector<AddressManagerEntry>> addresses = std::vector<AddressManagerEntry>();
    if (extended)
        addresses = co_await nv.read_entries<AddressManagerEntry>(true, nv::ex_address_manager,
                                                                  Nv::max_entries);
    else
        addresses = co_await read_item_table<AddressManagerEntry>(nv, nv::address_manager, false);
    if (!addresses)
        co_return addresses.error();
    tables.addresses = std::move(*addresses);
    auto security =
        co_await read_item_table<SecurityManagerEntry>(nv, nv::aps_link_key_table, true);
    if (!security)
        co_return security.error();
    tables.security = std::move(*security);
    auto keys = co_await read_list<LinkKeyEntry>(nv, extended, nv::ex_aps_link_key_data,
                                                 nv::legacy_aps_link_key_data, legacy_link_keys);
    if (!keys)
        co_return keys.error();
    tables.link_keys = std::move(*keys);
    auto tclk = co_await read_list<TclkEntry>(nv, extended, nv::ex_tclk_table,
                                              nv::legacy_tclk_table, legacy_tclk);
    if (!tclk)
        co_return tclk.error();
    tables.tclk = std::move(*tclk);
    auto material = co_await read_list<SecurityMaterial>(
        nv, extended, nv::ex_security_material, nv::legacy_security_material, legacy_material);
    if (!material)
        co_return material.error();
    tables.material = std::move(*material);
    co_return tables;
}

Awaitable<Result<void>> write_tables(Nv& nv, Product product, Tables tables) {
    const bool extended = product == Product::zstack_3x0;
    const auto place = [extended](std::uint16_t ex_id, std::uint16_t legacy_id) {
        return extended ? ex_id : legacy_id;
    };
    auto done = co_await nv.write_entries(
        extended, place(nv::ex_security_material, nv::legacy_security_material), tables.material);
    if (done && extended) {
        done = co_await nv.write_entries(true, nv::ex_address_manager, tables.addresses);
    } else if (done) {
        const std::span<const AddressManagerEntry> entries = tables.addresses;
        done = co_await nv.write(nv::address_manager, write_table(entries, false, nv.alignment()));
    }
    if (done) {
        const std::span<const SecurityManagerEntry> entries = tables.security;
        done =
            co_await nv.write(nv::aps_link_key_table, write_table(entries, true, nv.alignment()));
    }
    if (done)
        done = co_await nv.write_entries(
            extended, place(nv::ex_aps_link_key_data, nv::legacy_aps_link_key_data),
            tables.link_keys);
    if (done)
        done = co_await nv.write_entries(extended, place(nv::ex_tclk_table, nv::legacy_tclk_table),
                                         tables.tclk);
    co_return done;
}

Awaitable<Result<std::optional<Key>>> read_seed(Nv& nv, Product product) {
    if (product == Product::zstack_12)
        co_return std::optional<Key>();
    auto item = co_await nv.read(nv::tclk_seed);
    if (!item)
        co_return item.error();
    Key seed{};
    if (!*item || (*item)->size() != seed.size())
        co_return std::optional<Key>();
    std::ranges::copy(**item, seed.begin());
    co_return std::optional<Key>(seed);
}

/// The network key with its sequence number; 1.2 keeps it behind the simple API.
Awaitable<Result<KeyDescriptor>> read_active_key(Driver& driver, Nv& nv, Product product) {
    KeyDescriptor descriptor;
    if (product == Product::zstack_12) {
        Bytes payload(1, static_cast<std::uint8_t>(nv::preconfigured_key));
        auto reply = co_await driver.call_checked(mt::sapi_read_configuration, std::move(payload));
        if (!reply)
            co_return reply.error();
        if (reply->size() < 3 + descriptor.key.size())
            co_return Errc::truncated;
        std::copy_n(reply->begin() + 3, descriptor.key.size(), descriptor.key.begin());
        co_return descriptor;
    }
    auto item = co_await nv.read_as<KeyDescriptor>(nv::active_key_info);
    if (!item)
        co_return item.error();
    if (!*item)
        co_return Errc::unavailable;
    co_return **item;
}

std::string iso_date() {
    const auto now = wall_clock_ms();
    const auto seconds = static_cast<std::time_t>(now / 1000);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char text[32];
    const auto length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    return fmt::format("{}.{:03}Z", std::string_view(text, length), now % 1000);
}

void keep_lost_devices(CoordinatorBackup& backup, const CoordinatorBackup& previous,
                       const std::vector<Ieee>& known) {
    for (const auto& device : previous.devices) {
        const bool in_database = std::ranges::find(known, Ieee(device.ieee)) != known.end();
        const bool present = std::ranges::any_of(
            backup.devices, [&](const auto& other) { return other.ieee == device.ieee; });
        if (device.link_key && in_database && !present)
            backup.devices.push_back(device);
    }
}

}  // namespace

Awaitable<Result<CoordinatorBackup>> read_backup(Driver& driver, Nv& nv, Product product,
                                                 std::optional<CoordinatorBackup> previous,
                                                 std::vector<Ieee> known) {
    auto ieee = co_await read_ext_address(driver);
    if (!ieee)
        co_return ieee.error();
    auto nib = co_await nv.read_as<Nib>(nv::nib);
    if (!nib)
        co_return nib.error();
    if (!*nib)
        co_return Errc::unavailable;
    auto key = co_await read_active_key(driver, nv, product);
    if (!key)
        co_return key.error();
    auto seed = co_await read_seed(nv, product);
    if (!seed)
        co_return seed.error();
    auto tables = co_await read_tables(nv, product);
    if (!tables)
        co_return tables.error();

    const auto& network = **nib;
    CoordinatorBackup backup;
    backup.source = "waggle";
    backup.date = iso_date();
    backup.znp_version = static_cast<int>(product);
    backup.zstack_tclk_seed = *seed;
    backup.coordinator_ieee = *ieee;
    backup.pan_id = network.pan_id;
    backup.extended_pan_id = network.extended_pan_id;
    backup.nwk_update_id = network.update_id;
    backup.security_level = network.security_level;
    backup.channel = network.logical_channel;
    backup.channel_mask = channels_of(network.channel_mask);
    backup.network_key = key->key;
    backup.key_sequence_number = key->sequence;
    backup.frame_counter = frame_counter_of(*tables, product, network.extended_pan_id);
    backup.devices = devices_of(*tables, product, *seed);
    if (previous) {
        backup.unknown_json = previous->unknown_json;
        keep_lost_devices(backup, *previous, known);
    }
    co_return backup;
}

Awaitable<Result<void>> write_backup(Nv& nv, Product product, CoordinatorBackup backup,
                                     std::string& problem) {
    if (product == Product::zstack_12)
        co_return Errc::unsupported;
    auto nib = co_await nv.read_as<Nib>(nv::nib);
    if (!nib)
        co_return nib.error();
    if (!*nib)
        co_return Errc::unavailable;
    auto sizes = co_await read_tables(nv, product);
    if (!sizes)
        co_return sizes.error();
    auto tables = tables_of(backup, product, *sizes, problem);
    if (!tables)
        co_return tables.error();

    auto network = **nib;
    network.pan_id = backup.pan_id;
    network.channel_mask = channel_mask(backup.channel_mask);
    network.logical_channel =
        backup.channel_mask.empty() ? backup.channel : backup.channel_mask.front();
    network.extended_pan_id = backup.extended_pan_id;
    network.security_level = backup.security_level;
    network.update_id = backup.nwk_update_id;
    const KeyDescriptor key{backup.key_sequence_number, backup.network_key};

    Bytes ieee;
    ByteWriter(ieee).u64(backup.coordinator_ieee);
    auto done = co_await nv.write(nv::ext_addr, std::move(ieee));
    if (done)
        done = co_await nv.write(nv::nib, write_struct(network, nv.alignment()));
    // The two key items are packed on every chip.
    if (done)
        done = co_await nv.update(nv::active_key_info, write_struct(key, Alignment::packed));
    if (done)
        done = co_await nv.update(nv::alternate_key_info, write_struct(key, Alignment::packed));
    if (done && backup.zstack_tclk_seed) {
        const auto& seed = *backup.zstack_tclk_seed;
        done = co_await nv.write(nv::tclk_seed, Bytes(seed.begin(), seed.end()));
    }
    if (done)
        done = co_await write_tables(nv, product, std::move(*tables));
    co_return done;
}

}  // namespace waggle::znp
