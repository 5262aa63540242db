#include "scripted_ncp.hpp"

#include <algorithm>
#include <cstring>

namespace waggle::test {
namespace {

std::uint64_t number(const Bytes& data, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    for (std::size_t i = width; i-- > 0;)
        value = value << 8 | data.at(at + i);
    return value;
}
std::uint16_t u16(const Bytes& data, std::size_t at) {
    return static_cast<std::uint16_t>(number(data, at, 2));
}
void put(Bytes& out, std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i, value >>= 8)
        out.push_back(static_cast<std::uint8_t>(value));
}
void set(Bytes& out, std::size_t at, std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i, value >>= 8)
        out.at(at + i) = static_cast<std::uint8_t>(value);
}
std::vector<Bytes> status(std::uint16_t command, std::uint8_t code = 0) {
    return {mt_frame(static_cast<std::uint16_t>(command | 0x4000), Bytes(1, code))};
}

// Offsets in the 8-bit chips' network information base (110 octets), counted by hand from nwk.h.
constexpr std::size_t nib_security_level = 12, nib_channel = 22, nib_pan_id = 33, nib_mask = 36,
                      nib_extended_pan_id = 53, nib_update_id = 109;
// The same where 16 and 32-bit fields stand on even offsets (116 octets).
constexpr std::size_t even_channel = 24, even_pan_id = 36, even_mask = 40, even_epid = 57,
                      even_update_id = 114;

}  // namespace

Bytes mt_frame(std::uint16_t command, const Bytes& data) {
    Bytes out{0xFE, static_cast<std::uint8_t>(data.size()), static_cast<std::uint8_t>(command >> 8),
              static_cast<std::uint8_t>(command)};
    out.insert(out.end(), data.begin(), data.end());
    std::uint8_t sum = 0;
    for (std::size_t i = 1; i < out.size(); ++i)
        sum ^= out[i];
    out.push_back(sum);
    return out;
}

ScriptedNcp::ScriptedNcp(boost::asio::any_io_executor executor)
    : link(std::make_shared<ScriptedLink>(std::move(executor))) {
    link->on_written = [this](ByteView bytes) { written(bytes); };
    nv[0x82] = Bytes(24, 0);  // network key: 24 octets on ARM
    nv[0x62] = Bytes(16, 0x0F);
    nv[0x03] = Bytes(1, 0);
}

std::size_t ScriptedNcp::count(std::uint16_t command) const {
    return static_cast<std::size_t>(std::ranges::count(asked, command, &Asked::command));
}

std::string ScriptedNcp::last(std::uint16_t command) const {
    for (auto i = asked.size(); i-- > 0;) {
        if (asked[i].command == command)
            return to_hex(asked[i].data);
    }
    return "never asked";
}

void ScriptedNcp::written(ByteView bytes) {
    if (bytes.size() < 5 || bytes[0] != 0xFE)
        return;
    const auto command = static_cast<std::uint16_t>(bytes[2] << 8 | bytes[3]);
    request(command, Bytes(bytes.begin() + 4, bytes.end() - 1));
}

void ScriptedNcp::request(std::uint16_t command, const Bytes& data) {
    asked.push_back({command, data});
    const auto own = replies_.find(command);
    for (auto& frame : own != replies_.end() ? own->second(data) : answer(command, data))
        link->say(std::move(frame));
}

std::vector<Bytes> ScriptedNcp::answer(std::uint16_t command, const Bytes& data) {
    const auto id = static_cast<std::uint8_t>(command);
    switch (command >> 8) {
        case 0x41:  // AREQ SYS_RESET_REQ
            state = 0;
            if (nv[0x03] == Bytes(1, 3))
                nv.erase(0x60);
            return {mt_frame(0x4180, hex("00 02 00 02 07 01"))};
        case 0x21: return answer_sys(id, data);
        case 0x24:
            return id == 0 ? (endpoints.insert(data.at(0)), status(command)) : status(command);
        case 0x25: return answer_zdo(id, data);
        case 0x26: {  // simple API: the network key of 1.2
            if (id == 0x05) {
                nv[data.at(0)] = Bytes(data.begin() + 2, data.end());
                return status(command);
            }
            Bytes out{0, data.at(0), 16};
            const auto& key = nv[data.at(0)];
            out.insert(out.end(), key.begin(), key.end());
            return {mt_frame(0x6604, out)};
        }
        case 0x27:
            if (id == 0x00) {
                Bytes out{0};
                put(out, ieee, 8);
                put(out, 0, 2);
                out.insert(out.end(), {7, state, 0});
                return {mt_frame(0x6700, out)};
            }
            return status(command);
        case 0x2F:
            if (id == 0x05) {
                form_from_items();
                return became_coordinator(command);
            }
            return status(command);
        default: return {mt_frame(0x6000, Bytes{1, static_cast<std::uint8_t>(command >> 8), id})};
    }
}

std::vector<Bytes> ScriptedNcp::became_coordinator(std::uint16_t command) {
    state = 9;
    auto frames = status(command);
    frames.push_back(mt_frame(0x45C0, Bytes(1, 9)));
    return frames;
}

std::vector<Bytes> ScriptedNcp::answer_sys(std::uint8_t id, const Bytes& data) {
    switch (id) {
        case 0x01: return {mt_frame(0x6101, hex("79 07"))};
        case 0x02: {
            Bytes out{2, product, 2, 7, 1};
            put(out, revision, 4);
            return {mt_frame(0x6102, out)};
        }
        case 0x04: {
            Bytes out;
            put(out, ieee, 8);
            return {mt_frame(0x6104, out)};
        }
        case 0x0F: return {mt_frame(0x610F, Bytes(1, data.at(1)))};
        case 0x30:
        case 0x32:
        case 0x33:
        case 0x34: return answer_extended(id, data);
        default: return answer_nv(id, data);
    }
}

std::vector<Bytes> ScriptedNcp::answer_nv(std::uint8_t id, const Bytes& data) {
    const auto item = u16(data, 0);
    const auto command = static_cast<std::uint16_t>(0x2100 | id);
    switch (id) {
        case 0x07:
            nv[item] = Bytes(data.begin() + 5, data.end());
            nv[item].resize(u16(data, 2));
            return status(command, 0x09);
        case 0x12: return nv.erase(item), status(command);
        case 0x13: {
            Bytes out;
            put(out, nv.contains(item) ? nv[item].size() : 0, 2);
            return {mt_frame(0x6113, out)};
        }
        case 0x1C: {
            const auto& value = nv[item];
            const auto offset = std::min<std::size_t>(u16(data, 2), value.size());
            const auto size = std::min<std::size_t>(value.size() - offset, 246);
            Bytes out{0, static_cast<std::uint8_t>(size)};
            out.insert(out.end(), value.begin() + static_cast<std::ptrdiff_t>(offset),
                       value.begin() + static_cast<std::ptrdiff_t>(offset + size));
            return {mt_frame(0x611C, out)};
        }
        case 0x1D: {
            auto& value = nv[item];
            const auto offset = u16(data, 2);
            const auto size = u16(data, 4);
            if (offset + size > value.size())
                return status(command, 0x0C);
            std::memcpy(value.data() + offset, data.data() + 6, size);
            if (item == 0x01)
                ieee = number(value, 0, 8);
            return status(command);
        }
        default: return status(command);
    }
}

std::vector<Bytes> ScriptedNcp::answer_extended(std::uint8_t id, const Bytes& data) {
    const std::pair key(u16(data, 1), u16(data, 3));
    const auto command = static_cast<std::uint16_t>(0x2100 | id);
    switch (id) {
        case 0x30: return nv_extended[key].resize(number(data, 5, 4)), status(command);
        case 0x32: {
            const auto found = nv_extended.find(key);
            const auto size = found == nv_extended.end() ? std::size_t{0} : found->second.size();
            return {mt_frame(0x6132, Bytes(1, static_cast<std::uint8_t>(size)))};
        }
        case 0x33: {
            const auto& value = nv_extended[key];
            Bytes out{0, static_cast<std::uint8_t>(value.size())};
            out.insert(out.end(), value.begin(), value.end());
            return {mt_frame(0x6133, out)};
        }
        default: nv_extended[key] = Bytes(data.begin() + 8, data.end()); return status(command);
    }
}

std::vector<Bytes> ScriptedNcp::answer_zdo(std::uint8_t id, const Bytes& data) {
    const auto command = static_cast<std::uint16_t>(0x2500 | id);
    switch (id) {
        case 0x05: {
            auto frames = status(command);
            Bytes out{0, 0, 0, 0, 0, static_cast<std::uint8_t>(endpoints.size())};
            for (const int endpoint : endpoints)
                out.push_back(static_cast<std::uint8_t>(endpoint));
            frames.push_back(mt_frame(0x4585, out));
            return frames;
        }
        case 0x40: {
            if (product == 0 && !nv.contains(0x21))
                form_from_items();
            return became_coordinator(command);
        }
        case 0x4A: {
            Bytes out{static_cast<std::uint8_t>(in_group ? 0 : 1), data.at(1), data.at(2), 0};
            return {mt_frame(0x654A, out)};
        }
        case 0x4B: return in_group = true, status(command);
        case 0x50: {
            const auto& network = nv[0x21];
            const bool even = network.size() == 116;
            Bytes out;
            put(out, 0, 2);
            out.push_back(state);
            put(out, network.empty() ? 0xFFFF : u16(network, even ? even_pan_id : nib_pan_id), 2);
            put(out, 0, 2);
            put(out,
                network.empty() ? 0 : number(network, even ? even_epid : nib_extended_pan_id, 8),
                8);
            put(out, 0, 8);
            out.push_back(network.empty() ? 0 : network[even ? even_channel : nib_channel]);
            return {mt_frame(0x6550, out)};
        }
        default: return status(command);
    }
}

Bytes ScriptedNcp::nib(std::uint16_t pan_id, std::uint64_t extended_pan_id, std::uint8_t channel,
                       std::uint32_t mask) const {
    const bool even = nv.at(0x82).size() != 21;
    Bytes out(even ? 116 : 110, 0);
    out[nib_security_level] = 5;
    set(out, even ? even_channel : nib_channel, channel, 1);
    set(out, even ? even_pan_id : nib_pan_id, pan_id, 2);
    set(out, even ? even_mask : nib_mask, mask, 4);
    set(out, even ? even_epid : nib_extended_pan_id, extended_pan_id, 8);
    set(out, even ? even_update_id : nib_update_id, 3, 1);
    return out;
}

void ScriptedNcp::form(std::uint16_t pan_id, std::uint64_t extended_pan_id, std::uint8_t channel,
                       const std::array<std::uint8_t, 16>& key) {
    nv[0x21] = nib(pan_id, extended_pan_id, channel, std::uint32_t{1} << channel);
    Bytes descriptor{0};
    descriptor.insert(descriptor.end(), key.begin(), key.end());
    nv[0x3A] = nv[0x3B] = descriptor;
    nv[0x62] = Bytes(key.begin(), key.end());
    nv[product == 0 ? 0x0F00 : 0x60] = Bytes(1, 0x55);
    create_tables();
}

void ScriptedNcp::form_from_items() {
    const auto mask = static_cast<std::uint32_t>(number(nv.at(0x84), 0, 4));
    std::uint8_t channel = 11;
    while (channel < 26 && !(mask >> channel & 1))
        ++channel;
    const auto pan_id = pan_id_taken != 0 ? pan_id_taken : u16(nv.at(0x83), 0);
    if (!nv.contains(0x21))
        nv[0x21] = nib(pan_id, number(nv.at(0x2D), 0, 8), channel, mask);
    Bytes descriptor{0};
    descriptor.insert(descriptor.end(), nv.at(0x62).begin(), nv.at(0x62).end());
    nv[0x3A] = nv[0x3B] = descriptor;
    create_tables();
}

void ScriptedNcp::create_tables() {
    if (product != 0)
        nv[0x0101].resize(16, 0x11);  // 1.2 keeps its first link key there
    const bool even = nv.at(0x82).size() != 21;
    if (product == 1) {
        for (std::uint16_t i = 0; i < 6; ++i)
            nv_extended[{1, i}].resize(even ? 12 : 11);
        for (std::uint16_t i = 0; i < 4; ++i)
            nv_extended[{4, i}].resize(even ? 20 : 19);
        for (std::uint16_t i = 0; i < 3; ++i) {
            nv_extended[{6, i}].resize(24);
            nv_extended[{7, i}].resize(12);
        }
        nv[0x4C].resize(2 + 3 * (even ? 6u : 5u));
        return;
    }
    nv[0x23].resize(6 * 11);
    nv[0x4C].resize(2 + 3 * 5);
    for (std::uint16_t i = 0; i < 4; ++i)
        nv[static_cast<std::uint16_t>(0x111 + i)].resize(19);
    for (std::uint16_t i = 0; i < 3; ++i) {
        nv[static_cast<std::uint16_t>(0x201 + i)].resize(24);
        nv[static_cast<std::uint16_t>(0x75 + i)].resize(12);
    }
}

}  // namespace waggle::test
