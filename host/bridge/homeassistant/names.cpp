#include "bridge/homeassistant/names.hpp"

#include <cstdint>
#include <cwctype>
#include <locale.h>

namespace waggle::bridge::homeassistant {
namespace {

/// Takes one character off the front. What is no UTF-8 comes as it is, octet by octet; `length`
/// says how many octets it had.
char32_t take_character(std::string_view& text, std::size_t& length) noexcept {
    const auto octet = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = octet(0);
    length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length > text.size())
        length = 1;
    char32_t character = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i)
        character = (character << 6) | (octet(i) & 0x3FU);
    text.remove_prefix(length);
    return character;
}

void append_character(std::string& out, char32_t character) {
    const auto put = [&out](char32_t octet) { out += static_cast<char>(octet); };
    if (character < 0x80)
        return put(character);
    if (character < 0x800) {
        put(0xC0 | (character >> 6));
    } else if (character < 0x10000) {
        put(0xE0 | (character >> 12));
        put(0x80 | ((character >> 6) & 0x3F));
    } else {
        put(0xF0 | (character >> 18));
        put(0x80 | ((character >> 12) & 0x3F));
        put(0x80 | ((character >> 6) & 0x3F));
    }
    put(0x80 | (character & 0x3F));
}

/// As \s of a JavaScript pattern.
bool is_space(char32_t c) noexcept {
    return (c >= 0x09 && c <= 0x0D) || c == ' ' || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

/// The process runs in the locale "C", which knows no letters beyond ASCII.
char32_t small_letter(char32_t c) noexcept {
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 0x20 : c;
    static const locale_t letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return letters ? static_cast<char32_t>(towlower_l(static_cast<wint_t>(c), letters)) : c;
}

}  // namespace

std::string entity_id_part(std::string_view name) {
    std::string out;
    bool in_space = false;
    while (!name.empty()) {
        const auto rest = name;
        std::size_t length = 0;
        const auto character = take_character(name, length);
        const bool space = is_space(character);
        if (space && !in_space)
            out += '_';
        else if (!space && length == 1)
            out += static_cast<char>(rest[0] >= 'A' && rest[0] <= 'Z' ? rest[0] + 0x20 : rest[0]);
        else if (!space)
            append_character(out, small_letter(character));
        in_space = space;
    }
    return out;
}

std::string encoded_base_topic(std::string_view base_topic) {
    std::string out;
    std::size_t length = 0;
    while (!base_topic.empty()) {
        const auto character = take_character(base_topic, length);
        if (character >= 0x10000) {  // two UTF-16 units, as JavaScript sees it
            out += std::to_string(std::uint32_t{0xD800 + ((character - 0x10000) >> 10)});
            out += std::to_string(std::uint32_t{0xDC00 + ((character - 0x10000) & 0x3FF)});
        } else {
            out += std::to_string(static_cast<std::uint32_t>(character));
        }
    }
    return out;
}

bool parse_config_topic(std::string_view topic, ConfigTopic& out) noexcept {
    constexpr std::string_view end = "/config";
    if (!topic.ends_with(end))
        return false;
    topic.remove_suffix(end.size());
    const auto last = topic.rfind('/');
    const auto before = last == topic.npos || last == 0 ? topic.npos : topic.rfind('/', last - 1);
    if (before == topic.npos)
        return false;
    out.component = topic.substr(0, before);
    out.node = topic.substr(before + 1, last - before - 1);
    out.object_id = topic.substr(last + 1);
    return true;
}

}  // namespace waggle::bridge::homeassistant
