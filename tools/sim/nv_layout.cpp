#include "nv_layout.hpp"

namespace waggle::sim {

namespace {

/// Writes members at the offsets their sizes demand, or packed.
class Layout {
  public:
    explicit Layout(Alignment alignment) : alignment_(alignment) {}

    Layout& u8(unsigned value) {
        out_.u8(value);
        return *this;
    }
    Layout& u16(unsigned value) {
        align(2);
        out_.u16(value);
        return *this;
    }
    Layout& u32(std::uint32_t value) {
        align(4);
        out_.u32(value);
        return *this;
    }
    Layout& bytes(View value) {
        out_.bytes(value);
        return *this;
    }
    Layout& ieee(std::uint64_t value) {  // an array of bytes, so never aligned
        out_.u64(value);
        return *this;
    }
    Bytes finish(std::size_t alignment, std::uint8_t padding = 0) {
        align(alignment, padding);
        return out_.take();
    }

  private:
    void align(std::size_t to, std::uint8_t padding = 0) {
        if (alignment_ == Alignment::aligned)
            out_.fill((to - out_.size() % to) % to, padding);
    }

    Alignment alignment_;
    Writer out_;
};

/// Offsets within the NIB that decode_nib reads, for both layouts.
struct NibOffsets {
    std::size_t security_level, nwk, channel, pan_id, state, channel_list, extended_pan_id,
        key_loaded, update_id;
};
constexpr NibOffsets packed_nib{12, 20, 22, 33, 35, 36, 53, 61, 109};
constexpr NibOffsets aligned_nib{12, 22, 24, 36, 38, 40, 57, 65, 114};
constexpr std::size_t packed_nib_size = 110;
constexpr std::size_t aligned_nib_size = 116;

}  // namespace

Bytes encode_nib(const Nib& nib, Alignment alignment) {
    const Bytes spare(17, 0);
    Layout out(alignment);
    out.u8(0x87).u8(5).u8(2).u8(20).u8(15).u8(20).u8(0).u8(30);  // sequence … broadcast delivery
    out.u8(1).u8(0).u8(0).u8(1).u8(nib.security_level).u8(1).u8(0x8F);
    out.u16(7).u8(2).u8(13).u8(30);  // persistence, protocol, route discovery and expiry
    out.u16(nib.nwk).u8(nib.channel).u16(0).ieee(0);
    out.u16(nib.pan_id).u8(nib.state).u32(nib.channel_list);
    out.u8(15).u8(15).u8(4).u8(0).u32(1).u32(1).u8(0);
    out.ieee(nib.extended_pan_id).u8(nib.key_loaded ? 1 : 0);
    out.bytes(spare).bytes(spare).u8(0).u8(0);
    out.u8(60).u8(3).u8(0).u8(1).u8(60).u8(10).u8(1);  // link status … all fresh
    out.u16(0).u16(0).u8(nib.update_id);
    return out.finish(4);
}

std::optional<Nib> decode_nib(View bytes) {
    if (bytes.size() != packed_nib_size && bytes.size() != aligned_nib_size)
        return std::nullopt;
    const NibOffsets& at = bytes.size() == packed_nib_size ? packed_nib : aligned_nib;
    const auto reader = [&](std::size_t offset) { return Reader(bytes.subspan(offset)); };
    Nib nib;
    nib.security_level = reader(at.security_level).u8();
    nib.nwk = reader(at.nwk).u16();
    nib.channel = reader(at.channel).u8();
    nib.pan_id = reader(at.pan_id).u16();
    nib.state = reader(at.state).u8();
    nib.channel_list = reader(at.channel_list).u32();
    nib.extended_pan_id = reader(at.extended_pan_id).u64();
    nib.key_loaded = reader(at.key_loaded).u8() != 0;
    nib.update_id = reader(at.update_id).u8();
    return nib;
}

Bytes encode_key(const KeyDescriptor& key) {
    Writer out;
    out.u8(key.sequence).bytes(key.key);
    return out.take();
}

std::optional<KeyDescriptor> decode_key(View bytes) {
    if (bytes.size() < 17)
        return std::nullopt;
    KeyDescriptor key;
    key.sequence = bytes[0];
    key.key.assign(bytes.begin() + 1, bytes.begin() + 17);
    return key;
}

Bytes encode_active_key(const KeyDescriptor& key, std::uint32_t counter, Alignment alignment) {
    Layout out(alignment);
    out.u8(key.sequence).bytes(key.key).u32(counter);
    return out.finish(4);
}

std::size_t address_entry_size(Alignment alignment) {
    return alignment == Alignment::packed ? 11 : 12;
}

Bytes encode(const AddressEntry& entry, Alignment alignment) {
    Writer out;
    out.u8(entry.user);
    if (alignment == Alignment::aligned)
        out.u8(0xFF);
    out.u16(entry.nwk).u64(entry.ieee);
    return out.take();
}

AddressEntry decode_address_entry(View bytes, Alignment alignment) {
    Reader in(bytes);
    AddressEntry entry;
    entry.user = in.u8();
    if (alignment == Alignment::aligned)
        in.u8();
    entry.nwk = in.u16();
    entry.ieee = in.u64();
    return in.failed() ? AddressEntry{} : entry;
}

Bytes encode(const TclkEntry& entry, Alignment alignment) {
    Layout out(alignment);
    out.u32(entry.tx_counter).u32(entry.rx_counter).ieee(entry.ieee);
    out.u8(entry.attributes).u8(entry.key_type).u8(entry.seed_shift);
    return out.finish(4);
}

std::optional<TclkEntry> decode_tclk_entry(View bytes) {
    Reader in(bytes);
    TclkEntry entry;
    entry.tx_counter = in.u32();
    entry.rx_counter = in.u32();
    entry.ieee = in.u64();
    entry.attributes = in.u8();
    entry.key_type = in.u8();
    entry.seed_shift = in.u8();
    if (in.failed())
        return std::nullopt;
    return entry;
}

Bytes encode(const SecurityMaterial& entry) {
    Writer out;
    out.u32(entry.counter).u64(entry.extended_pan_id);
    return out.take();
}

std::optional<SecurityMaterial> decode_security_material(View bytes) {
    Reader in(bytes);
    SecurityMaterial entry;
    entry.counter = in.u32();
    entry.extended_pan_id = in.u64();
    if (in.failed())
        return std::nullopt;
    return entry;
}

Bytes derive_link_key(View seed, std::uint8_t shift, std::uint64_t ieee) {
    Bytes key;
    if (seed.size() != 16)
        return key;
    for (std::size_t i = 0; i < 16; ++i) {
        const auto address = static_cast<std::uint8_t>(ieee >> (8 * (i % 8)));
        key.push_back(static_cast<std::uint8_t>(seed[(i + shift) % 16] ^ address));
    }
    return key;
}

Bytes empty_aps_link_key_table(std::size_t entries, Alignment alignment) {
    Writer out;
    out.u16(0);
    for (std::size_t i = 0; i < entries; ++i) {
        out.u16(0xFFFE).u16(0).u8(0);
        if (alignment == Alignment::aligned)
            out.u8(0);
    }
    return out.take();
}

}  // namespace waggle::sim
