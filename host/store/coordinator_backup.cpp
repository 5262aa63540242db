#include "store/coordinator_backup.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <boost/json/value.hpp>

#include "base/bytes.hpp"
#include "store/json_read.hpp"
#include "store/json_text.hpp"

namespace waggle::store {
namespace {

namespace json = boost::json;

constexpr std::string_view format_name = "zigpy/open-coordinator-backup";

/// Thrown and caught in this file only: a reader of twenty fields reads better so.
struct Bad : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// An object of the document, with the path that a sentence about it names.
class Reader {
  public:
    Reader(const json::object& object, std::string path)
        : object_(object), path_(std::move(path)) {}

    /// Null also stands for absent: writers differ.
    const json::value* find(std::string_view key) const {
        const auto* value = object_.if_contains(key);
        return value == nullptr || value->is_null() ? nullptr : value;
    }
    std::string name(std::string_view key) const {
        return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
    }

    Reader object(std::string_view key) const {
        const auto* value = find(key);
        if (value == nullptr || !value->is_object())
            throw Bad(name(key) + " is not an object");
        return {value->get_object(), name(key)};
    }
    std::optional<Reader> optional_object(std::string_view key) const {
        if (find(key) == nullptr)
            return std::nullopt;
        return object(key);
    }

    std::uint64_t number(std::string_view key, std::uint64_t highest) const {
        const auto* value = find(key);
        if (value == nullptr)
            throw Bad(name(key) + " is missing");
        const bool whole = value->is_int64() ? value->get_int64() >= 0 : value->is_uint64();
        if (!whole || value->to_number<std::uint64_t>() > highest)
            throw Bad(name(key) + " is not a number from 0 to " + std::to_string(highest));
        return value->to_number<std::uint64_t>();
    }
    std::uint64_t number_or(std::string_view key, std::uint64_t highest,
                            std::uint64_t fallback) const {
        return find(key) == nullptr ? fallback : number(key, highest);
    }

    std::string text(std::string_view key) const {
        const auto* value = find(key);
        if (value == nullptr || !value->is_string())
            throw Bad(name(key) + " is not a text");
        return std::string(value->get_string());
    }
    std::string text_or_empty(std::string_view key) const {
        const auto* value = find(key);
        return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                      : std::string();
    }

    /// Hexadecimal of at most `digits` digits; zigpy writes addresses with colons, some tools "0x".
    std::uint64_t hex(std::string_view key, std::size_t digits, bool exact) const {
        auto digits_text = text(key);
        std::erase(digits_text, ':');
        if (digits_text.starts_with("0x") || digits_text.starts_with("0X"))
            digits_text.erase(0, 2);
        std::uint64_t value = 0;
        const auto* end = digits_text.data() + digits_text.size();
        const auto result = std::from_chars(digits_text.data(), end, value, 16);
        const bool fits = exact ? digits_text.size() == digits
                                : !digits_text.empty() && digits_text.size() <= digits;
        if (!fits || result.ec != std::errc{} || result.ptr != end)
            throw Bad(name(key) + " is not " + (exact ? "" : "1 to ") + std::to_string(digits) +
                      " hexadecimal digits");
        return value;
    }
    std::array<std::uint8_t, 16> key(std::string_view key_name) const {
        auto digits = text(key_name);
        std::erase(digits, ':');
        const auto bytes = from_hex(digits);
        if (!bytes || bytes->size() != 16)
            throw Bad(name(key_name) + " is not 32 hexadecimal digits");
        std::array<std::uint8_t, 16> key{};
        std::copy(bytes->begin(), bytes->end(), key.begin());
        return key;
    }

    const json::object& raw() const { return object_; }

  private:
    const json::object& object_;
    std::string path_;
};

CoordinatorBackup::Device read_device(const Reader& in) {
    CoordinatorBackup::Device device;
    if (in.find("nwk_address") != nullptr && !in.text("nwk_address").empty())
        device.nwk_address = static_cast<std::uint16_t>(in.hex("nwk_address", 4, false));
    device.ieee = in.hex("ieee_address", 16, true);
    const auto* is_child = in.find("is_child");
    device.is_child = is_child == nullptr || !is_child->is_bool() || is_child->get_bool();
    if (const auto link_key = in.optional_object("link_key")) {
        CoordinatorBackup::Device::LinkKey key;
        key.key = link_key->key("key");
        key.rx_counter =
            static_cast<std::uint32_t>(link_key->number_or("rx_counter", UINT32_MAX, 0));
        key.tx_counter =
            static_cast<std::uint32_t>(link_key->number_or("tx_counter", UINT32_MAX, 0));
        device.link_key = key;
    }
    return device;
}

void read_metadata(const Reader& in, CoordinatorBackup& backup) {
    backup.source = in.text_or_empty("source");
    const auto internal = in.optional_object("internal");
    if (!internal)
        return;
    backup.date = internal->text_or_empty("date");
    if (backup.date.empty())
        backup.date = internal->text_or_empty("creation_time");  // zigpy
    if (internal->find("znpVersion") != nullptr)
        backup.znp_version = static_cast<int>(internal->number("znpVersion", 255));
    if (internal->find("ezspVersion") != nullptr)
        backup.ezsp_version = static_cast<int>(internal->number("ezspVersion", 255));
}

void read_stack_specific(const Reader& in, CoordinatorBackup& backup) {
    const auto zstack = in.optional_object("zstack");
    if (zstack && !zstack->text_or_empty("tclk_seed").empty())
        backup.zstack_tclk_seed = zstack->key("tclk_seed");
    const auto ezsp = in.optional_object("ezsp");
    if (ezsp && !ezsp->text_or_empty("hashed_tclk").empty())
        backup.ezsp_hashed_tclk = ezsp->key("hashed_tclk");
}

void read_channels(const Reader& in, CoordinatorBackup& backup) {
    backup.channel = static_cast<std::uint8_t>(in.number("channel", 26));
    const auto* mask = in.find("channel_mask");
    if (mask == nullptr)
        return;
    if (!mask->is_array())
        throw Bad("channel_mask is not a list of channels");
    for (const auto& channel : mask->get_array()) {
        const bool fits =
            channel.is_int64() && channel.get_int64() >= 0 && channel.get_int64() <= 26;
        if (!fits)
            throw Bad("channel_mask is not a list of channels");
        backup.channel_mask.push_back(static_cast<std::uint8_t>(channel.get_int64()));
    }
}

void read_body(const Reader& in, CoordinatorBackup& backup) {
    if (const auto specific = in.optional_object("stack_specific"))
        read_stack_specific(*specific, backup);
    backup.coordinator_ieee = in.hex("coordinator_ieee", 16, true);
    backup.pan_id = static_cast<std::uint16_t>(in.hex("pan_id", 4, false));
    backup.extended_pan_id = in.hex("extended_pan_id", 16, true);
    backup.nwk_update_id = static_cast<std::uint8_t>(in.number_or("nwk_update_id", 255, 0));
    backup.security_level = static_cast<std::uint8_t>(in.number_or("security_level", 7, 5));
    read_channels(in, backup);
    const auto network_key = in.object("network_key");
    backup.network_key = network_key.key("key");
    backup.key_sequence_number =
        static_cast<std::uint8_t>(network_key.number_or("sequence_number", 255, 0));
    backup.frame_counter =
        static_cast<std::uint32_t>(network_key.number_or("frame_counter", UINT32_MAX, 0));
    const auto* devices = in.find("devices");
    if (devices != nullptr && !devices->is_array())
        throw Bad("devices is not a list");
    for (std::size_t i = 0; devices != nullptr && i < devices->get_array().size(); ++i) {
        const auto* device = devices->get_array()[i].if_object();
        const auto name = "devices[" + std::to_string(i) + "]";
        if (device == nullptr)
            throw Bad(name + " is not an object");
        backup.devices.push_back(read_device({*device, name}));
    }
}

/// The program writes its own members afresh; everything else in a document is kept.
json::object without(const json::object& object, std::initializer_list<std::string_view> keys) {
    json::object rest = object;
    for (const auto key : keys)
        rest.stable_erase(key);
    return rest;
}

/// The unknown members of `object[key]`, if any, go to `out[key]`.
void keep_unknown(json::object& out, const json::object& object, std::string_view key,
                  std::initializer_list<std::string_view> known) {
    const auto* member = object.if_contains(key);
    const auto* inner = member == nullptr ? nullptr : member->if_object();
    if (inner == nullptr)
        return;
    auto rest = without(*inner, known);
    if (!rest.empty())
        out[key] = std::move(rest);
}

json::object unknown_members(const json::object& document) {
    auto unknown = without(document, {"metadata", "stack_specific", "coordinator_ieee", "pan_id",
                                      "extended_pan_id", "nwk_update_id", "security_level",
                                      "channel", "channel_mask", "network_key", "devices"});
    json::object metadata;
    if (const auto* m = document.if_contains("metadata"); m != nullptr && m->is_object()) {
        metadata = without(m->get_object(), {"format", "version", "source", "internal"});
        keep_unknown(metadata, m->get_object(), "internal", {"date", "znpVersion", "ezspVersion"});
    }
    if (!metadata.empty())
        unknown["metadata"] = std::move(metadata);
    json::object specific;
    if (const auto* s = document.if_contains("stack_specific"); s != nullptr && s->is_object()) {
        specific = without(s->get_object(), {"zstack", "ezsp"});
        keep_unknown(specific, s->get_object(), "zstack", {"tclk_seed"});
        keep_unknown(specific, s->get_object(), "ezsp", {"hashed_tclk"});
    }
    if (!specific.empty())
        unknown["stack_specific"] = std::move(specific);
    keep_unknown(unknown, document, "network_key", {"key", "sequence_number", "frame_counter"});
    return unknown;
}

/// Adds what `target` lacks; objects are merged.
void add_missing(json::object& target, const json::object& more) {
    for (const auto& member : more) {
        auto* there = target.if_contains(member.key());
        if (there == nullptr)
            target.emplace(member.key(), member.value());
        else if (there->is_object() && member.value().is_object())
            add_missing(there->get_object(), member.value().get_object());
    }
}

std::string hex_number(std::uint64_t value, std::size_t width) {
    char text[17];
    const auto end = std::to_chars(text, text + sizeof text, value, 16).ptr;
    std::string digits(text, end);
    return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

json::object metadata_of(const CoordinatorBackup& backup) {
    json::object internal;
    internal["date"] = backup.date;
    if (backup.znp_version)
        internal["znpVersion"] = *backup.znp_version;
    if (backup.ezsp_version)
        internal["ezspVersion"] = *backup.ezsp_version;
    json::object metadata;
    metadata["format"] = format_name;
    metadata["version"] = 1;
    metadata["source"] = backup.source;
    metadata["internal"] = std::move(internal);
    return metadata;
}

json::object stack_specific_of(const CoordinatorBackup& backup) {
    json::object specific;
    if (backup.znp_version || backup.zstack_tclk_seed) {
        auto& zstack = specific["zstack"].emplace_object();
        if (backup.zstack_tclk_seed)
            zstack["tclk_seed"] = to_hex(*backup.zstack_tclk_seed);
    }
    if (backup.ezsp_version || backup.ezsp_hashed_tclk) {
        auto& ezsp = specific["ezsp"].emplace_object();
        if (backup.ezsp_hashed_tclk)
            ezsp["hashed_tclk"] = to_hex(*backup.ezsp_hashed_tclk);
    }
    return specific;
}

json::object device_of(const CoordinatorBackup::Device& device) {
    json::object out;
    if (device.nwk_address)
        out["nwk_address"] = hex_number(*device.nwk_address, 0);
    else
        out["nwk_address"] = nullptr;
    out["ieee_address"] = hex_number(device.ieee, 16);
    out["is_child"] = device.is_child;
    if (device.link_key) {
        json::object key;
        key["key"] = to_hex(device.link_key->key);
        key["rx_counter"] = device.link_key->rx_counter;
        key["tx_counter"] = device.link_key->tx_counter;
        out["link_key"] = std::move(key);
    }
    return out;
}

json::object document_of(const CoordinatorBackup& backup) {
    json::object out;
    out["metadata"] = metadata_of(backup);
    out["stack_specific"] = stack_specific_of(backup);
    out["coordinator_ieee"] = hex_number(backup.coordinator_ieee, 16);
    out["pan_id"] = hex_number(backup.pan_id, 0);
    out["extended_pan_id"] = hex_number(backup.extended_pan_id, 16);
    out["nwk_update_id"] = backup.nwk_update_id;
    out["security_level"] = backup.security_level;
    out["channel"] = backup.channel;
    auto& mask = out["channel_mask"].emplace_array();
    for (const auto channel : backup.channel_mask)
        mask.push_back(channel);
    json::object key;
    key["key"] = to_hex(backup.network_key);
    key["sequence_number"] = backup.key_sequence_number;
    key["frame_counter"] = backup.frame_counter;
    out["network_key"] = std::move(key);
    auto& devices = out["devices"].emplace_array();
    for (const auto& device : backup.devices)
        devices.push_back(device_of(device));
    return out;
}

/// Rejects what is another format or version, which is not damage.
void check_format(const json::object& document) {
    if (const auto* legacy = document.if_contains("adapterType"); legacy != nullptr)
        throw Bad(
            "it has zigbee2mqtt's format from before 2021 (adapterType), which holds raw "
            "memory of the adapter; let zigbee2mqtt 1.x or 2.x write it once more");
    const auto metadata = Reader(document, "").object("metadata");
    const auto format = metadata.text_or_empty("format");
    if (format != format_name)
        throw Bad("metadata.format is '" + format + "', only '" + std::string(format_name) +
                  "' is understood");
    if (metadata.number_or("version", 1000, 0) != 1)
        throw Bad("metadata.version is not 1, the only version understood");
}

}  // namespace

Result<CoordinatorBackup> parse_coordinator_backup(std::string_view text, std::string& problem) {
    boost::system::error_code error;
    const auto value = read_json(text, error);
    if (error || !value.is_object()) {
        problem = error ? "it is not JSON: " + error.message() : "it is not a JSON object";
        return Errc::malformed;
    }
    const auto& document = value.get_object();
    try {
        check_format(document);
    } catch (const Bad& bad) {
        problem = bad.what();
        return Errc::unsupported;
    }
    try {
        CoordinatorBackup backup;
        const Reader in(document, "");
        read_metadata(in.object("metadata"), backup);
        read_body(in, backup);
        if (const auto unknown = unknown_members(document); !unknown.empty())
            backup.unknown_json = compact_json(unknown);
        return backup;
    } catch (const Bad& bad) {
        problem = bad.what();
        return Errc::malformed;
    }
}

std::string write_coordinator_backup(const CoordinatorBackup& backup) {
    auto document = document_of(backup);
    boost::system::error_code error;
    const auto unknown = read_json(backup.unknown_json, error);
    if (!error && unknown.is_object())
        add_missing(document, unknown.get_object());
    std::string out;
    append_pretty_json(out, document, 2);
    return out;
}

}  // namespace waggle::store
