#include "coordinator/znp/structs.hpp"

#include <algorithm>
#include <concepts>

namespace waggle::znp {
namespace {

// Each structure lists its fields once; a reader, a writer and a counter go through the list. Eight
// octet addresses and keys are octet arrays on the chip, so they are never aligned.

template <class Io, class S>
requires std::same_as<std::remove_const_t<S>, KeyDescriptor>
void fields(Io& io, S& v) {
    io(v.sequence);
    io(v.key);
}

template <class Io, class S>
requires std::same_as<std::remove_const_t<S>, Nib>
void fields(Io& io, S& v) {
    io(v.limits);
    io(v.security_level);
    io(v.symmetric_link);
    io(v.capabilities);
    io(v.transaction_persistence_time);
    io(v.protocol_version);
    io(v.route_discovery_time);
    io(v.route_expiry_time);
    io(v.device_address);
    io(v.logical_channel);
    io(v.coordinator_address);
    io(v.coordinator_ieee);
    io(v.pan_id);
    io(v.state);
    io(v.channel_mask);
    io(v.beacons);
    io(v.allocated_routers);
    io(v.allocated_end_devices);
    io(v.depth);
    io(v.extended_pan_id);
    io(v.key_loaded);
    fields(io, v.spare1);
    fields(io, v.spare2);
    io(v.routing);
    io(v.manager_address);
    io(v.total_transmissions);
    io(v.update_id);
}

template <class Io, class S>
requires std::same_as<std::remove_const_t<S>, AddressManagerEntry>
void fields(Io& io, S& v) {
    io(v.user);
    io(v.address);
    io(v.ieee);
}

template <class Io, class S>
requires std::same_as<std::remove_const_t<S>, SecurityManagerEntry>
void fields(Io& io, S& v) {
    io(v.address_index);
    io(v.key_id);
    io(v.authentication);
}

template <class Io, class S>
requires std::same_as<std::remove_const_t<S>, LinkKeyEntry>
void fields(Io& io, S& v) {
    io(v.key);
    io(v.tx_counter);
    io(v.rx_counter);
}

template <class Io, class S>
requires std::same_as<std::remove_const_t<S>, TclkEntry>
void fields(Io& io, S& v) {
    io(v.tx_counter);
    io(v.rx_counter);
    io(v.ieee);
    io(v.attributes);
    io(v.type);
    io(v.seed_shift);
}

template <class Io, class S>
requires std::same_as<std::remove_const_t<S>, SecurityMaterial>
void fields(Io& io, S& v) {
    io(v.frame_counter);
    io(v.extended_pan_id);
}

template <class S>
constexpr std::uint8_t padding_of() noexcept {
    if constexpr (requires { S::padding; })
        return S::padding;
    return 0;
}

class Reader {
  public:
    Reader(ByteView data, Alignment alignment) : in_(data), alignment_(alignment) {}

    void operator()(std::uint8_t& value) { value = take(1, value); }
    void operator()(std::uint16_t& value) { value = take(aligned(2), value); }
    void operator()(std::uint32_t& value) { value = take(aligned(4), value); }
    void operator()(std::uint64_t& value) { value = take(8, value); }
    template <std::size_t n>
    void operator()(std::array<std::uint8_t, n>& value) {
        const auto view = in_.bytes(n);
        std::ranges::copy(view, value.begin());
        position_ += n;
    }
    bool failed() const noexcept { return in_.failed(); }

  private:
    template <class T>
    T take(std::size_t width, T) {
        position_ += width;
        return static_cast<T>(in_.little_endian(width));
    }
    std::size_t aligned(std::size_t width) {
        if (alignment_ == Alignment::even && position_ % 2 != 0) {
            in_.u8();
            ++position_;
        }
        return width;
    }

    ByteReader in_;
    Alignment alignment_;
    std::size_t position_ = 0;
};

class Writer {
  public:
    Writer(Bytes& out, Alignment alignment, std::uint8_t padding)
        : out_(out), writer_(out), start_(out.size()), alignment_(alignment), padding_(padding) {}

    void operator()(std::uint8_t value) { writer_.u8(value); }
    void operator()(std::uint16_t value) {
        align();
        writer_.u16(value);
    }
    void operator()(std::uint32_t value) {
        align();
        writer_.u32(value);
    }
    void operator()(std::uint64_t value) { writer_.u64(value); }
    template <std::size_t n>
    void operator()(const std::array<std::uint8_t, n>& value) {
        writer_.bytes(value);
    }
    void align() {
        if (alignment_ == Alignment::even && (out_.size() - start_) % 2 != 0)
            writer_.u8(padding_);
    }

  private:
    Bytes& out_;
    ByteWriter writer_;
    std::size_t start_;
    Alignment alignment_;
    std::uint8_t padding_;
};

template <class S>
void append_struct(Bytes& out, const S& value, Alignment alignment) {
    Writer writer(out, alignment, padding_of<S>());
    fields(writer, value);
    writer.align();
}

Key repeated_ieee(std::uint64_t ieee) noexcept {
    Key out{};
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::uint8_t>(ieee >> 8 * (i % 8));
    return out;
}

}  // namespace

template <class S>
Bytes write_struct(const S& value, Alignment alignment) {
    Bytes out;
    append_struct(out, value, alignment);
    return out;
}

template <class S>
std::size_t struct_size(Alignment alignment) {
    static const std::size_t packed = write_struct(S{}, Alignment::packed).size();
    static const std::size_t even = write_struct(S{}, Alignment::even).size();
    return alignment == Alignment::packed ? packed : even;
}

template <class S>
Result<S> read_struct(ByteView data) {
    auto alignment = Alignment::packed;
    if (data.size() != struct_size<S>(Alignment::packed)) {
        if (data.size() != struct_size<S>(Alignment::even))
            return Errc::malformed;
        alignment = Alignment::even;
    }
    S value;
    Reader reader(data, alignment);
    fields(reader, value);
    if (reader.failed())
        return Errc::malformed;
    return value;
}

template <class S>
Result<std::vector<S>> read_table(ByteView item, bool counted, Alignment alignment) {
    const auto entry_size = struct_size<S>(alignment);
    if (counted) {
        if (item.size() < 2)
            return Errc::malformed;
        item = item.subspan(2);  // the number of used entries: they say so themselves
    }
    if (item.size() % entry_size != 0)
        return Errc::malformed;
    std::vector<S> entries;
    entries.reserve(item.size() / entry_size);
    for (; !item.empty(); item = item.subspan(entry_size)) {
        auto entry = read_struct<S>(item.first(entry_size));
        if (!entry)
            return entry.error();
        entries.push_back(*entry);
    }
    return entries;
}

template <class S>
Bytes write_table(std::span<const S> entries, bool counted, Alignment alignment) {
    Bytes out;
    if (counted) {
        const auto used = std::ranges::count_if(entries, &S::is_set);
        ByteWriter(out).u16(static_cast<std::uint16_t>(used));
    }
    for (const auto& entry : entries)
        append_struct(out, entry, alignment);
    return out;
}

template Result<KeyDescriptor> read_struct(ByteView);
template Result<Nib> read_struct(ByteView);
template Result<AddressManagerEntry> read_struct(ByteView);
template Result<SecurityManagerEntry> read_struct(ByteView);
template Result<LinkKeyEntry> read_struct(ByteView);
template Result<TclkEntry> read_struct(ByteView);
template Result<SecurityMaterial> read_struct(ByteView);
template Bytes write_struct(const KeyDescriptor&, Alignment);
template Bytes write_struct(const Nib&, Alignment);
template Bytes write_struct(const AddressManagerEntry&, Alignment);
template Bytes write_struct(const SecurityManagerEntry&, Alignment);
template Bytes write_struct(const LinkKeyEntry&, Alignment);
template Bytes write_struct(const TclkEntry&, Alignment);
template Bytes write_struct(const SecurityMaterial&, Alignment);
template Result<std::vector<AddressManagerEntry>> read_table(ByteView, bool, Alignment);
template Result<std::vector<SecurityManagerEntry>> read_table(ByteView, bool, Alignment);
template Bytes write_table(std::span<const AddressManagerEntry>, bool, Alignment);
template Bytes write_table(std::span<const SecurityManagerEntry>, bool, Alignment);

Key derive_link_key(const Key& seed, unsigned shift, std::uint64_t ieee) noexcept {
    Key key = repeated_ieee(ieee);
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] ^= seed[(i + shift) % seed.size()];
    return key;
}

std::optional<std::uint8_t> find_seed_shift(const Key& seed, const Key& key,
                                            std::uint64_t ieee) noexcept {
    for (std::uint8_t shift = 0; shift < 16; ++shift) {
        if (derive_link_key(seed, shift, ieee) == key)
            return shift;
    }
    return std::nullopt;
}

std::vector<std::uint8_t> channels_of(std::uint32_t mask) {
    std::vector<std::uint8_t> channels;
    for (std::uint8_t channel = 11; channel <= 26; ++channel) {
        if (mask >> channel & 1)
            channels.push_back(channel);
    }
    return channels;
}

std::uint32_t channel_mask(std::span<const std::uint8_t> channels) noexcept {
    std::uint32_t mask = 0;
    for (const auto channel : channels) {
        if (channel >= 11 && channel <= 26)
            mask |= std::uint32_t{1} << channel;
    }
    return mask;
}

}  // namespace waggle::znp
