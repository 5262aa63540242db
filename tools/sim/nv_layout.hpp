/// Records in the co-processor's memory, as the C compiler of each platform lays them out.
///
/// The 8051 of Z-Stack 1.2 and 3.0.x packs its structures; the Arm core of 3.x.0 aligns members.
/// A host tells the two apart by the length of NWKKEY: 21 or 24 bytes.
#pragma once

#include "bytes.hpp"

namespace waggle::sim {

enum class Alignment { packed, aligned };

struct KeyDescriptor {
    std::uint8_t sequence = 0;
    Bytes key = Bytes(16, 0);
};

/// Network information base, the members that a host looks at; the others keep their defaults.
struct Nib {
    std::uint16_t nwk = 0;
    std::uint8_t channel = 0;
    std::uint16_t pan_id = 0xFFFF;
    std::uint8_t state = 0;  // 8: running as a router or coordinator
    std::uint32_t channel_list = 0;
    std::uint64_t extended_pan_id = 0;
    std::uint8_t security_level = 5;
    bool key_loaded = false;
    std::uint8_t update_id = 0;
};

[[nodiscard]] Bytes encode_nib(const Nib& nib, Alignment alignment);
/// Nothing when the length is neither layout's.
[[nodiscard]] std::optional<Nib> decode_nib(View bytes);

[[nodiscard]] Bytes encode_key(const KeyDescriptor& key);  // 17 bytes
[[nodiscard]] std::optional<KeyDescriptor> decode_key(View bytes);

/// NWKKEY: the active key and its frame counter.
[[nodiscard]] Bytes encode_active_key(const KeyDescriptor& key, std::uint32_t counter,
                                      Alignment alignment);

struct AddressEntry {
    static constexpr std::uint8_t user_assoc = 1, user_security = 2, user_binding = 4;
    std::uint8_t user = 0;
    std::uint16_t nwk = 0xFFFE;
    std::uint64_t ieee = 0;
};
[[nodiscard]] Bytes encode(const AddressEntry& entry, Alignment alignment);
[[nodiscard]] AddressEntry decode_address_entry(View bytes, Alignment alignment);
[[nodiscard]] std::size_t address_entry_size(Alignment alignment);

/// A device's link key, derived from the trust centre's seed.
struct TclkEntry {
    std::uint32_t tx_counter = 0;
    std::uint32_t rx_counter = 0;
    std::uint64_t ieee = 0;
    std::uint8_t attributes = 0xFF;  // 2: verified key, 0xFF: free
    std::uint8_t key_type = 0;
    std::uint8_t seed_shift = 0;
};
[[nodiscard]] Bytes encode(const TclkEntry& entry, Alignment alignment);
[[nodiscard]] std::optional<TclkEntry> decode_tclk_entry(View bytes);

struct SecurityMaterial {
    std::uint32_t counter = 0;
    std::uint64_t extended_pan_id = 0;
};
[[nodiscard]] Bytes encode(const SecurityMaterial& entry);
[[nodiscard]] std::optional<SecurityMaterial> decode_security_material(View bytes);

/// Rotates the seed left by the shift and combines it with the address, twice over.
[[nodiscard]] Bytes derive_link_key(View seed, std::uint8_t shift, std::uint64_t ieee);

/// An empty APS link key table of this many entries, with its count in front.
[[nodiscard]] Bytes empty_aps_link_key_table(std::size_t entries, Alignment alignment);

}  // namespace waggle::sim
