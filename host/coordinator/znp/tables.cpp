#include "coordinator/znp/tables.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace waggle::znp {
namespace {

using Device = store::CoordinatorBackup::Device;
using LinkKey = Device::LinkKey;

constexpr std::uint64_t any_network = ~std::uint64_t{};
constexpr std::uint32_t assumed_counter = 1250;  ///< when the adapter kept none
constexpr std::uint8_t authenticated_cbck = 1;
constexpr std::uint8_t key_attribute_verified = 2;

/// Security manager entries name a link key by its index on 3.x.0 and by its item before.
std::uint16_t first_key_id(Product product) noexcept {
    return product == Product::zstack_3x0 ? 0 : nv::legacy_aps_link_key_data;
}

std::optional<LinkKey> stored_key(const Tables& tables, Product product,
                                  const SecurityManagerEntry& security) {
    const std::size_t index = std::size_t{security.key_id} - first_key_id(product);
    if (index >= tables.link_keys.size() || !tables.link_keys[index].is_set())
        return std::nullopt;
    const auto& entry = tables.link_keys[index];
    return LinkKey{entry.key, entry.rx_counter, entry.tx_counter};
}

std::optional<LinkKey> derived_key(const Tables& tables, const Key& seed, std::uint64_t ieee) {
    const auto entry = std::ranges::find(tables.tclk, ieee, &TclkEntry::ieee);
    if (entry == tables.tclk.end())
        return std::nullopt;
    return LinkKey{derive_link_key(seed, entry->seed_shift, ieee), entry->rx_counter,
                   entry->tx_counter};
}

std::optional<LinkKey> link_key_of(const Tables& tables, Product product,
                                   const std::optional<Key>& seed, std::size_t address_index) {
    const auto security = std::ranges::find_if(tables.security, [&](const auto& entry) {
        return entry.is_set() && entry.address_index == address_index;
    });
    if (security != tables.security.end())
        return stored_key(tables, product, *security);
    if (!seed)
        return std::nullopt;
    return derived_key(tables, *seed, tables.addresses[address_index].ieee);
}

/// Fills tables that start out empty, each from its front.
class Filler {
  public:
    Filler(Tables& tables, Product product, std::string& problem)
        : tables_(tables), product_(product), problem_(problem) {}

    Result<void> add(const Device& device, const std::optional<Key>& seed) {
        // An entry without a use is free to the stack; writing it would only be overwritten.
        if (!device.is_child && !device.link_key)
            return {};
        if (next_address_ >= tables_.addresses.size())
            return full("address manager", tables_.addresses.size());
        auto& entry = tables_.addresses[next_address_];
        entry.address = device.nwk_address.value_or(0xFFFE);
        entry.ieee = device.ieee;
        entry.user = device.is_child ? AddressManagerEntry::child : std::uint8_t{0};
        if (device.link_key) {
            entry.user |= AddressManagerEntry::security;
            const auto shift = seed ? find_seed_shift(*seed, device.link_key->key, device.ieee)
                                    : std::optional<std::uint8_t>();
            auto added = shift ? add_derived(device, *shift) : add_stored(*device.link_key);
            if (!added)
                return added;
        }
        ++next_address_;
        return {};
    }

  private:
    Result<void> add_derived(const Device& device, std::uint8_t shift) {
        if (next_tclk_ >= tables_.tclk.size())
            return full("trust centre link key", tables_.tclk.size());
        auto& entry = tables_.tclk[next_tclk_++];
        entry.ieee = device.ieee;
        entry.seed_shift = shift;
        entry.attributes = key_attribute_verified;
        entry.rx_counter = device.link_key->rx_counter;
        entry.tx_counter = device.link_key->tx_counter + counter_margin;
        return {};
    }

    Result<void> add_stored(const LinkKey& key) {
        if (next_key_ >= tables_.link_keys.size())
            return full("link key", tables_.link_keys.size());
        if (next_key_ >= tables_.security.size())
            return full("security manager", tables_.security.size());
        auto& entry = tables_.link_keys[next_key_];
        entry.key = key.key;
        entry.rx_counter = key.rx_counter;
        entry.tx_counter = key.tx_counter + counter_margin;
        auto& security = tables_.security[next_key_];
        security.address_index = static_cast<std::uint16_t>(next_address_);
        security.key_id = static_cast<std::uint16_t>(first_key_id(product_) + next_key_);
        security.authentication = authenticated_cbck;
        ++next_key_;
        return {};
    }

    Result<void> full(std::string_view table, std::size_t size) {
        problem_ = fmt::format(
            "The backup has more devices than this adapter can hold: its {} table has {} places. "
            "Use "
            "an adapter with more memory",
            table, size);
        return Errc::too_large;
    }

    Tables& tables_;
    Product product_;
    std::string& problem_;
    std::size_t next_address_ = 0, next_key_ = 0, next_tclk_ = 0;
};

}  // namespace

std::vector<Device> devices_of(const Tables& tables, Product product,
                               const std::optional<Key>& tclk_seed) {
    constexpr std::uint8_t wanted = AddressManagerEntry::child | AddressManagerEntry::security;
    std::vector<Device> devices;
    for (std::size_t i = 0; i < tables.addresses.size(); ++i) {
        const auto& entry = tables.addresses[i];
        if (!entry.is_set() || (entry.user & wanted) == 0)
            continue;
        Device device;
        device.nwk_address = entry.address;
        device.ieee = entry.ieee;
        device.is_child = (entry.user & AddressManagerEntry::child) != 0;
        device.link_key = link_key_of(tables, product, tclk_seed, i);
        devices.push_back(device);
    }
    return devices;
}

std::uint32_t frame_counter_of(const Tables& tables, Product product,
                               std::uint64_t extended_pan_id) noexcept {
    const SecurityMaterial* generic = nullptr;
    for (const auto& entry : tables.material) {
        if (entry.is_set() && entry.extended_pan_id == extended_pan_id)
            return entry.frame_counter;
        if (!generic && entry.extended_pan_id == any_network)
            generic = &entry;
    }
    if (generic)
        return generic->frame_counter;
    return product == Product::zstack_12 ? 0 : assumed_counter;
}

Result<Tables> tables_of(const store::CoordinatorBackup& backup, Product product,
                         const Tables& sizes, std::string& problem) {
    Tables tables;
    tables.addresses.resize(sizes.addresses.size());
    tables.security.resize(sizes.security.size());
    tables.link_keys.resize(sizes.link_keys.size());
    tables.tclk.resize(sizes.tclk.size());
    tables.material.resize(sizes.material.size());
    if (tables.material.empty()) {
        problem = "The adapter has no table for frame counters, so the network cannot be restored";
        return Errc::unsupported;
    }
    const auto counter = backup.frame_counter + counter_margin;
    tables.material.front() = {counter, backup.extended_pan_id};
    tables.material.back() = {counter, any_network};
    Filler filler(tables, product, problem);
    for (const auto& device : backup.devices) {
        auto added = filler.add(device, backup.zstack_tclk_seed);
        if (!added)
            return added.error();
    }
    return tables;
}

}  // namespace waggle::znp
