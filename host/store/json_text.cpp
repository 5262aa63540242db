#include "store/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include <boost/container/small_vector.hpp>
#include <boost/json/value.hpp>

namespace waggle::store {
namespace {

namespace json = boost::json;
using Member = json::key_value_pair;
using Members = boost::container::small_vector<const Member*, 48>;

/// A whole number of at most this size is exact as a JavaScript number.
constexpr std::int64_t exact_limit = std::int64_t{1} << 53;

/// What a byte needs inside a string: 0 nothing, 1 an escape, 2 a look at the UTF-8 sequence.
constexpr auto byte_classes = [] {
    std::array<std::uint8_t, 256> classes{};
    for (std::size_t i = 0; i < 0x20; ++i)
        classes[i] = 1;
    classes['"'] = classes['\\'] = 1;
    for (std::size_t i = 0x80; i < 0x100; ++i)
        classes[i] = 2;
    return classes;
}();

void append_escape(std::string& out, unsigned char byte) {
    switch (byte) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\b': out += "\\b"; return;
        case '\f': out += "\\f"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    constexpr char digits[] = "0123456789abcdef";
    const char text[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    out.append(text, sizeof text);
}

/// Length of the well-formed UTF-8 sequence at `at`, or 0 [Unicode table 3-7].
std::size_t sequence_length(const unsigned char* at, std::size_t left) noexcept {
    const auto follows = [&](std::size_t i, unsigned low, unsigned high) {
        return i < left && at[i] >= low && at[i] <= high;
    };
    const unsigned lead = at[0];
    if (lead >= 0xC2 && lead <= 0xDF)
        return follows(1, 0x80, 0xBF) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const unsigned low = lead == 0xE0 ? 0xA0 : 0x80, high = lead == 0xED ? 0x9F : 0xBF;
        return follows(1, low, high) && follows(2, 0x80, 0xBF) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const unsigned low = lead == 0xF0 ? 0x90 : 0x80, high = lead == 0xF4 ? 0x8F : 0xBF;
        return follows(1, low, high) && follows(2, 0x80, 0xBF) && follows(3, 0x80, 0xBF) ? 4 : 0;
    }
    return 0;
}

/// The key as an array index of JavaScript, which objects list first and ascending; -1 = none.
std::int64_t array_index(std::string_view key) noexcept {
    if (key.empty() || key.size() > 10 || key[0] < '0' || key[0] > '9')
        return -1;
    if (key[0] == '0')
        return key.size() == 1 ? 0 : -1;
    std::int64_t value = 0;
    for (const char c : key) {
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value < 4294967295 ? value : -1;
}

void collect_sorted(Members& members, const json::object& object) {
    for (const auto& member : object)
        members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const Member* a, const Member* b) { return utf16_less(a->key(), b->key()); });
}

void collect_as_inserted(Members& members, const json::object& object) {
    bool has_index = false;
    for (const auto& member : object) {
        members.push_back(&member);
        has_index = has_index || array_index(member.key()) >= 0;
    }
    if (!has_index)
        return;
    std::stable_sort(members.begin(), members.end(), [](const Member* a, const Member* b) {
        const auto left = static_cast<std::uint64_t>(array_index(a->key()));
        const auto right = static_cast<std::uint64_t>(array_index(b->key()));
        return left < right;  // no index is the largest value: stays in order, behind
    });
}

/// Sorted decides the order of keys, an indent of 0 the compact form.
template <bool Sorted>
class Writer {
  public:
    Writer(std::string& out, unsigned indent) : out_(out), indent_(indent) {}

    void value(const json::value& value) {
        switch (value.kind()) {
            case json::kind::null: out_ += "null"; break;
            case json::kind::bool_: out_ += value.get_bool() ? "true" : "false"; break;
            case json::kind::int64: append_json_number(out_, value.get_int64()); break;
            case json::kind::uint64: append_json_number(out_, value.get_uint64()); break;
            case json::kind::double_: append_json_number(out_, value.get_double()); break;
            case json::kind::string: append_json_string(out_, value.get_string()); break;
            case json::kind::array: array(value.get_array()); break;
            case json::kind::object: object(value.get_object()); break;
        }
    }

    void object(const json::object& object) {
        if (object.empty()) {
            out_ += "{}";
            return;
        }
        Members members;
        if constexpr (Sorted)
            collect_sorted(members, object);
        else
            collect_as_inserted(members, object);
        char separator = '{';
        ++depth_;
        for (const auto* member : members) {
            out_ += separator;
            separator = ',';
            new_line();
            append_json_string(out_, member->key());
            out_ += ':';
            if (indent_ > 0)
                out_ += ' ';
            value(member->value());
        }
        --depth_;
        new_line();
        out_ += '}';
    }

  private:
    void array(const json::array& array) {
        if (array.empty()) {
            out_ += "[]";
            return;
        }
        char separator = '[';
        ++depth_;
        for (const auto& element : array) {
            out_ += separator;
            separator = ',';
            new_line();
            value(element);
        }
        --depth_;
        new_line();
        out_ += ']';
    }

    void new_line() {
        if (indent_ == 0)
            return;
        out_ += '\n';
        out_.append(std::size_t{indent_} * depth_, ' ');
    }

    std::string& out_;
    unsigned indent_;
    std::size_t depth_ = 0;
};

/// digits is "d...d" without a point, the value is 0.digits * 10^point [ECMA-262 6.1.6.1.20].
void append_digits(std::string& out, std::string_view digits, int point) {
    const int count = static_cast<int>(digits.size());
    if (point > 21 || point < -5) {
        out += digits[0];
        if (count > 1)
            (out += '.') += digits.substr(1);
        out += point > 0 ? "e+" : "e-";
        out += std::to_string(std::abs(point - 1));
    } else if (point <= 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-point), '0');
        out += digits;
    } else if (point >= count) {
        out += digits;
        out.append(static_cast<std::size_t>(point - count), '0');
    } else {
        const auto whole = static_cast<std::size_t>(point);
        ((out += digits.substr(0, whole)) += '.') += digits.substr(whole);
    }
}

template <class Integer>
void append_integer(std::string& out, Integer number) {
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    out.append(text, end);
}

}  // namespace

bool utf16_less(std::string_view a, std::string_view b) noexcept {
    const auto common = std::min(a.size(), b.size());
    std::size_t i = 0;
    while (i < common && a[i] == b[i])
        ++i;
    if (i == common)
        return a.size() < b.size();
    // Bytes order as code points do; in UTF-16 those above U+FFFF (lead byte F0 and more) come as
    // surrogates, before U+E000 (lead byte EE).
    const auto rank = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0xF0 ? byte - 2 : byte >= 0xEE ? byte + 0x10 : int{byte};
    };
    return rank(a[i]) < rank(b[i]);
}

void append_json_number(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    if (number == 0) {
        out += '0';  // also for minus zero
        return;
    }
    if (number == std::floor(number) && std::fabs(number) < static_cast<double>(exact_limit)) {
        append_integer(out, static_cast<std::int64_t>(number));
        return;
    }
    char text[32];
    const auto end =
        std::to_chars(text, text + sizeof text, std::fabs(number), std::chars_format::scientific)
            .ptr;
    const std::string_view scientific(text, static_cast<std::size_t>(end - text));
    const auto e = scientific.find('e');
    int exponent = 0;
    const auto* from = scientific.data() + e + (scientific[e + 1] == '+' ? 2 : 1);
    std::from_chars(from, end, exponent);
    char digits[24];
    std::size_t count = 0;
    for (const char c : scientific.substr(0, e))
        if (c != '.')
            digits[count++] = c;
    if (number < 0)
        out += '-';
    append_digits(out, {digits, count}, exponent + 1);
}

void append_json_number(std::string& out, std::int64_t number) {
    if (number > -exact_limit && number < exact_limit)
        append_integer(out, number);
    else
        append_json_number(out, static_cast<double>(number));
}

void append_json_number(std::string& out, std::uint64_t number) {
    if (number < static_cast<std::uint64_t>(exact_limit))
        append_integer(out, number);
    else
        append_json_number(out, static_cast<double>(number));
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t clean = 0;  // everything before is copied
    for (std::size_t i = 0; i < text.size();) {
        const auto needs = byte_classes[bytes[i]];
        if (needs == 0) {
            ++i;
            continue;
        }
        if (needs == 2) {
            if (const auto length = sequence_length(bytes + i, text.size() - i)) {
                i += length;
                continue;
            }
        }
        out.append(text.substr(clean, i - clean));
        if (needs == 1)
            append_escape(out, bytes[i]);
        else
            out += "\xEF\xBF\xBD";
        clean = ++i;
    }
    out.append(text.substr(clean));
    out += '"';
}

void append_sorted_json(std::string& out, const json::value& value) {
    Writer<true>(out, 0).value(value);
}
void append_sorted_json(std::string& out, const json::object& object) {
    Writer<true>(out, 0).object(object);
}
void append_json(std::string& out, const json::value& value) {
    Writer<false>(out, 0).value(value);
}
void append_json(std::string& out, const json::object& object) {
    Writer<false>(out, 0).object(object);
}
void append_pretty_json(std::string& out, const json::value& value, unsigned indent) {
    Writer<false>(out, indent).value(value);
}
void append_pretty_json(std::string& out, const json::object& object, unsigned indent) {
    Writer<false>(out, indent).object(object);
}

std::string sorted_json(const json::value& value) {
    std::string out;
    append_sorted_json(out, value);
    return out;
}

std::string compact_json(const json::value& value) {
    std::string out;
    append_json(out, value);
    return out;
}

}  // namespace waggle::store
