#include "plugin/value.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "plugin/definition.hpp"

namespace waggle::plugin {

namespace json = boost::json;

namespace {

constexpr int deepest = 16;
constexpr std::uint32_t longest = 65536;

std::uint32_t length32(std::size_t length) noexcept {
    return static_cast<std::uint32_t>(std::min<std::size_t>(length, 0xFFFFFFFFu));
}

}  // namespace

template <class T>
T* Scratch::take(Pool<T>& pool, std::size_t count) {
    // The first block from the current position on that holds `count` items in a row; what is
    // skipped at a block's end is lost until release().
    for (auto& block : pool.blocks) {
        const auto end = block.first + block.size;
        const auto start = std::max(pool.used, block.first);
        if (start + count <= end) {
            pool.used = start + count;
            return block.items.get() + (start - block.first);
        }
    }
    typename Pool<T>::Block block;
    block.size = std::max(count, Pool<T>::block_size);
    block.first = pool.blocks.empty() ? 0 : pool.blocks.back().first + pool.blocks.back().size;
    block.items = std::make_unique<T[]>(block.size);
    pool.used = block.first + count;
    pool.blocks.push_back(std::move(block));
    return pool.blocks.back().items.get();
}

std::string_view Scratch::keep(std::string_view text) {
    return texts_.emplace_back(text);
}

Scratch::Mark Scratch::mark() const noexcept {
    return {values_.used, members_.used, attributes_.used, parameters_.used, texts_.size()};
}

void Scratch::release(const Mark& mark) noexcept {
    values_.used = mark.values;
    members_.used = mark.members;
    attributes_.used = mark.attributes;
    parameters_.used = mark.parameters;
    while (texts_.size() > mark.texts)
        texts_.pop_back();
}

template wg_value* Scratch::take(Pool<wg_value>&, std::size_t);
template wg_member* Scratch::take(Pool<wg_member>&, std::size_t);
template wg_attribute* Scratch::take(Pool<wg_attribute>&, std::size_t);
template wg_parameter* Scratch::take(Pool<wg_parameter>&, std::size_t);

wg_value to_wg(const json::value& value, Scratch& scratch) {
    switch (value.kind()) {
        case json::kind::bool_: return wg_bool(value.get_bool());
        case json::kind::int64: return wg_int(value.get_int64());
        case json::kind::uint64: return wg_double(static_cast<double>(value.get_uint64()));
        case json::kind::double_: return wg_double(value.get_double());
        case json::kind::string: return wg_string(to_wg(value.get_string()));
        case json::kind::array: {
            const auto& list = value.get_array();
            auto* items = scratch.values(list.size());
            auto result = wg_null();
            result.kind = WG_ARRAY;
            result.length = length32(list.size());
            result.as.items = items;
            for (const auto& item : list)
                *items++ = to_wg(item, scratch);
            return result;
        }
        case json::kind::object: {
            const auto& object = value.get_object();
            auto* members = scratch.members(object.size());
            auto result = wg_null();
            result.kind = WG_OBJECT;
            result.length = length32(object.size());
            result.as.members = members;
            for (const auto& [name, member] : object)
                *members++ = {to_wg(name), to_wg(member, scratch)};
            return result;
        }
        case json::kind::null: break;
    }
    return wg_null();
}

wg_value to_wg(const zcl::Value& value, Scratch& scratch) {
    if (const auto* number = std::get_if<std::uint64_t>(&value.data))
        return wg_int(static_cast<std::int64_t>(*number));
    if (const auto* number = std::get_if<std::int64_t>(&value.data))
        return wg_int(*number);
    if (const auto* number = std::get_if<double>(&value.data))
        return wg_double(*number);
    if (const auto* text = value.text())  // devices put any octets into strings
        return is_utf8(*text) ? wg_string(to_wg(std::string_view(*text)))
                              : wg_octets({as_bytes(*text).data(), text->size()});
    if (const auto* octets = value.octets())
        return wg_octets({octets->data(), octets->size()});
    if (const auto* list = value.list()) {
        auto* items = scratch.values(list->size());
        auto result = wg_null();
        result.kind = WG_ARRAY;
        result.length = length32(list->size());
        result.as.items = items;
        for (const auto& item : *list)
            *items++ = to_wg(item, scratch);
        return result;
    }
    return wg_null();
}

bool is_utf8(std::string_view text) noexcept {
    const auto* at = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = at + text.size();
    while (at != end) {
        if (*at < 0x80) {
            ++at;
            continue;
        }
        const int more = *at >= 0xC2 && *at <= 0xDF   ? 1
                         : (*at & 0xF0) == 0xE0       ? 2
                         : *at >= 0xF0 && *at <= 0xF4 ? 3
                                                      : 0;
        if (more == 0 || end - at <= more)
            return false;
        std::uint32_t code = *at & (0x3Fu >> more);
        for (int i = 1; i <= more; ++i) {
            if ((at[i] & 0xC0) != 0x80)
                return false;
            code = code << 6 | (at[i] & 0x3Fu);
        }
        const bool overlong = (more == 2 && code < 0x800) || (more == 3 && code < 0x10000);
        if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
            return false;
        at += more + 1;
    }
    return true;
}

bool is_readable(const wg_value& value, int depth) noexcept {
    if (value.kind < WG_STRING || value.kind > WG_OBJECT)
        return true;
    if (depth > deepest || value.length > longest)
        return false;
    if (value.length == 0)
        return true;
    if (value.as.string == nullptr)
        return false;
    if (value.kind == WG_STRING)
        return is_utf8({value.as.string, value.length});
    for (std::uint32_t i = 0; i < value.length; ++i) {
        if (value.kind == WG_ARRAY && !is_readable(value.as.items[i], depth + 1))
            return false;
        if (value.kind == WG_OBJECT) {
            const auto& member = value.as.members[i];
            if ((member.name.data == nullptr && member.name.length != 0) ||
                member.name.length > longest || !is_utf8(view(member.name)) ||
                !is_readable(member.value, depth + 1))
                return false;
        }
        if (value.kind == WG_BYTES)
            break;
    }
    return true;
}

namespace {

/// Whole numbers become integers: JSON as zigbee2mqtt writes it knows one kind of number, and 21
/// must neither print as 2.1E1 nor differ from a cached 21. What JSON cannot say becomes null.
json::value number_to_json(double number, const json::storage_ptr& storage) {
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (!std::isfinite(number))
        return json::value(nullptr, storage);
    if (std::abs(number) < exact && std::trunc(number) == number)
        return json::value(static_cast<std::int64_t>(number), storage);
    return json::value(number, storage);
}

}  // namespace

json::value to_json(const wg_value& value, json::storage_ptr storage) {
    switch (value.kind) {
        case WG_BOOL: return json::value(value.as.boolean, storage);
        case WG_INT: return json::value(value.as.integer, storage);
        case WG_DOUBLE: return number_to_json(value.as.number, storage);
        case WG_STRING:
            return json::value(json::string_view(value.length ? value.as.string : "", value.length),
                               storage);
        case WG_BYTES: {
            json::array list(storage);
            list.reserve(value.length);
            for (std::uint32_t i = 0; i < value.length; ++i)
                list.emplace_back(std::int64_t{value.as.bytes[i]});
            return list;
        }
        case WG_ARRAY: {
            json::array list(storage);
            list.reserve(value.length);
            for (std::uint32_t i = 0; i < value.length; ++i)
                list.emplace_back(to_json(value.as.items[i], storage));
            return list;
        }
        case WG_OBJECT: {
            json::object object(storage);
            object.reserve(value.length);
            for (std::uint32_t i = 0; i < value.length; ++i)
                object.insert_or_assign(view(value.as.members[i].name),
                                        to_json(value.as.members[i].value, storage));
            return object;
        }
        default: return json::value(nullptr, storage);
    }
}

namespace {

using zcl::DataType;

std::optional<double> number_of(const wg_value& value) noexcept {
    if (value.kind == WG_INT)
        return static_cast<double>(value.as.integer);
    if (value.kind == WG_DOUBLE)
        return value.as.number;
    if (value.kind == WG_BOOL)
        return value.as.boolean ? 1.0 : 0.0;
    return std::nullopt;
}

std::optional<std::int64_t> integer_of(const wg_value& value) noexcept {
    if (value.kind == WG_INT)
        return value.as.integer;
    if (value.kind == WG_BOOL)
        return value.as.boolean ? 1 : 0;
    if (value.kind == WG_DOUBLE && std::abs(value.as.number) < 9.2e18)
        return static_cast<std::int64_t>(value.as.number);  // the fraction is dropped
    return std::nullopt;
}

bool is_signed(DataType type) noexcept {
    return type >= DataType::int8 && type <= DataType::int64;
}

Result<zcl::Value> to_zcl_integer(std::int64_t number, DataType type) {
    const auto bits = 8 * zcl::fixed_size(type);
    if (bits == 0)
        return Errc::invalid_value;
    if (is_signed(type)) {
        const auto limit = bits == 64 ? std::numeric_limits<std::int64_t>::max()
                                      : (std::int64_t{1} << (bits - 1)) - 1;
        if (number > limit || number < -limit - 1)
            return Errc::invalid_value;
        return zcl::make_signed(type, number);
    }
    // 64-bit numbers cross as int64: a negative one is the upper half of the unsigned range.
    if (bits < 64 && (number < 0 || number >= std::int64_t{1} << bits))
        return Errc::invalid_value;
    return zcl::make_unsigned(type, static_cast<std::uint64_t>(number));
}

Bytes bytes_of(const wg_value& value) {
    if (value.kind == WG_STRING)
        return {value.as.string, value.as.string + value.length};
    return {value.as.bytes, value.as.bytes + value.length};
}

}  // namespace

Result<zcl::Value> to_zcl(const wg_value& value, DataType type) {
    const bool octets = value.kind == WG_STRING || value.kind == WG_BYTES;
    switch (type) {
        case DataType::no_data:
        case DataType::unknown: return Errc::invalid_value;
        case DataType::semi_float:
        case DataType::single_float:
        case DataType::double_float: {
            const auto number = number_of(value);
            if (!number)
                return Errc::invalid_value;
            return zcl::Value{type, *number};
        }
        case DataType::octet_string:
        case DataType::long_octet_string:
        case DataType::security_key:
            if (!octets)
                return Errc::invalid_value;
            return zcl::Value{type, bytes_of(value)};
        case DataType::char_string:
        case DataType::long_char_string: {
            if (!octets)
                return Errc::invalid_value;
            const auto bytes = bytes_of(value);
            return zcl::Value{type, std::string(bytes.begin(), bytes.end())};
        }
        case DataType::array:
        case DataType::structure:
        case DataType::set:
        case DataType::bag: return Errc::unsupported;
        default: break;
    }
    const auto number = integer_of(value);
    if (!number)
        return Errc::invalid_value;
    return to_zcl_integer(*number, type);
}

}  // namespace waggle::plugin
