#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// What Z-Stack keeps in its non-volatile memory, as structures [Z-Stack 3.0.2 nwk.h, ssp.h,
/// AddrMgr.h, APSMEDE.h, ZDSecMgr.h].
///
/// The items are images of C structures: packed on 8-bit chips, and on ARM with every 16 and 32-bit
/// field on an even offset and the end padded to an even length. Both are read by their length;
/// both can be written. Addresses and extended PAN ids are numbers in the order they are written as
/// text.
namespace waggle::znp {

enum class Alignment { packed, even };

using Key = std::array<std::uint8_t, 16>;

struct KeyDescriptor {
    std::uint8_t sequence = 0;
    Key key{};
};

/// Network information base.
struct Nib {
    std::array<std::uint8_t, 12> limits{};  ///< sequence number to secure-all-frames
    std::uint8_t security_level = 0;
    std::uint8_t symmetric_link = 0, capabilities = 0;
    std::uint16_t transaction_persistence_time = 0;
    std::uint8_t protocol_version = 0, route_discovery_time = 0, route_expiry_time = 0;
    std::uint16_t device_address = 0;
    std::uint8_t logical_channel = 0;
    std::uint16_t coordinator_address = 0;
    std::uint64_t coordinator_ieee = 0;
    std::uint16_t pan_id = 0;
    std::uint8_t state = 0;
    std::uint32_t channel_mask = 0;
    std::array<std::uint8_t, 4> beacons{};
    std::uint32_t allocated_routers = 0, allocated_end_devices = 0;
    std::uint8_t depth = 0;
    std::uint64_t extended_pan_id = 0;
    std::uint8_t key_loaded = 0;
    KeyDescriptor spare1, spare2;
    std::array<std::uint8_t, 9> routing{};  ///< spares to all-fresh
    std::uint16_t manager_address = 0, total_transmissions = 0;
    std::uint8_t update_id = 0;
};

struct AddressManagerEntry {
    static constexpr std::uint8_t child = 1, security = 2;  ///< bits of `user`
    static constexpr std::uint8_t padding = 0xFF;
    std::uint8_t user = 0;
    std::uint16_t address = 0;
    std::uint64_t ieee = 0;
    bool is_set() const noexcept { return user != 0 && ieee != 0 && ieee != ~std::uint64_t{}; }
};

/// Says where the link key of an address manager entry is.
struct SecurityManagerEntry {
    std::uint16_t address_index = 0xFFFE;
    std::uint16_t key_id = 0;
    std::uint8_t authentication = 0;
    bool is_set() const noexcept {
        return address_index < 0xFFFE && !(address_index == 0 && authentication == 0);
    }
};

struct LinkKeyEntry {
    Key key{};
    std::uint32_t tx_counter = 0, rx_counter = 0;
    bool is_set() const noexcept { return key != Key{}; }
};

/// Trust centre link key: derived from the seed, the shift and the device's address.
struct TclkEntry {
    std::uint32_t tx_counter = 0, rx_counter = 0;
    std::uint64_t ieee = 0;
    std::uint8_t attributes = 0, type = 0, seed_shift = 0;
    bool is_set() const noexcept { return ieee != 0; }
};

/// The frame counter used in a network.
struct SecurityMaterial {
    std::uint32_t frame_counter = 0;
    std::uint64_t extended_pan_id = 0;
    bool is_set() const noexcept { return extended_pan_id != 0; }
};

/// Errc::malformed when `data` has neither length.
template <class S>
[[nodiscard]] Result<S> read_struct(ByteView data);
template <class S>
Bytes write_struct(const S& value, Alignment alignment);
template <class S>
std::size_t struct_size(Alignment alignment);

/// A table kept in one item: entries one after the other, `counted` with the number of used ones in
/// front. Errc::malformed when the length does not fit.
template <class S>
[[nodiscard]] Result<std::vector<S>> read_table(ByteView item, bool counted, Alignment alignment);
template <class S>
Bytes write_table(std::span<const S> entries, bool counted, Alignment alignment);

/// The link key that seed, shift and address make, and the shift that makes `key`, if any.
Key derive_link_key(const Key& seed, unsigned shift, std::uint64_t ieee) noexcept;
std::optional<std::uint8_t> find_seed_shift(const Key& seed, const Key& key,
                                            std::uint64_t ieee) noexcept;

/// Bit n of the mask is channel n, 11 to 26.
std::vector<std::uint8_t> channels_of(std::uint32_t mask);
std::uint32_t channel_mask(std::span<const std::uint8_t> channels) noexcept;

}  // namespace waggle::znp
