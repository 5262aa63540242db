#include "store/yaml_text.hpp"

#include <algorithm>
#include <array>

#include "store/json_text.hpp"
#include "store/yaml_document.hpp"

namespace waggle::store {
namespace {

namespace json = boost::json;

/// Words that YAML 1.1 readers take for booleans; quoted for their sake.
bool is_word_of_old(std::string_view text) {
    static constexpr std::array<std::string_view, 8> words = {"y",  "n",   "yes", "no",
                                                              "on", "off", "Yes", "No"};
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return c < 0x80 ? std::tolower(c) : c; });
    return std::find(words.begin(), words.end(), lower) != words.end();
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

/// Bytes of what Unicode or YAML counts as a line break or invisible, U+0080..U+00A0, U+2028/9 and
/// U+FEFF: written as escapes.
bool has_odd_space(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto a = static_cast<unsigned char>(text[i]);
        const auto b = static_cast<unsigned char>(text[i + 1]);
        if (a == 0xC2 && b <= 0xA0)
            return true;
        if (a == 0xE2 && b == 0x80 && i + 2 < text.size() &&
            (static_cast<unsigned char>(text[i + 2]) & 0xFE) == 0xA8)
            return true;
        if (a == 0xEF && b == 0xBB)
            return true;
    }
    return false;
}

bool may_be_plain(std::string_view text) {
    static constexpr std::string_view never_first = "-?:,[]{}#&*!|>'\"%@`+.0123456789~<=";
    if (text.empty() || never_first.find(text.front()) != std::string_view::npos)
        return false;
    if (text.front() == ' ' || text.back() == ' ' || text.back() == ':')
        return false;
    if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos ||
        text.find_first_of(",[]{}") != std::string_view::npos)
        return false;
    return resolve_plain_scalar(text).is_string() && !is_word_of_old(text);
}

std::string double_quoted(std::string_view text) {
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        constexpr char digits[] = "0123456789ABCDEF";
        if (byte == '"' || byte == '\\')
            (out += '\\') += text[i];
        else if (byte == '\n')
            out += "\\n";
        else if (byte == '\t')
            out += "\\t";
        else if (byte == '\r')
            out += "\\r";
        else if (byte < 0x20 || byte == 0x7F)
            ((out += "\\x") += digits[byte >> 4]) += digits[byte & 15];
        else if (byte == 0xC2 && i + 1 < text.size() &&
                 static_cast<unsigned char>(text[i + 1]) <= 0xA0) {
            const auto next = static_cast<unsigned char>(text[++i]);
            ((out += "\\x") += digits[next >> 4]) += digits[next & 15];
        } else if (has_odd_space(text.substr(i, 3)) && byte == 0xE2) {
            out += static_cast<unsigned char>(text[i + 2]) == 0xA8 ? "\\u2028" : "\\u2029";
            i += 2;
        } else if (text.substr(i, 3) == "\xEF\xBB\xBF") {
            out += "\\uFEFF";
            i += 2;
        } else
            out += text[i];
    }
    return out += '"';
}

std::string single_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        out += c;
        if (c == '\'')
            out += c;
    }
    return out += '\'';
}

std::string text_scalar(std::string_view text, Quotes quotes) {
    if (has_control(text) || has_odd_space(text) || quotes == Quotes::double_)
        return double_quoted(text);
    if (quotes == Quotes::single || !may_be_plain(text))
        return single_quoted(text);
    return std::string(text);
}

std::string flow(const json::value& value) {
    std::string out;
    if (const auto* object = value.if_object()) {
        for (const auto& entry : *object)
            out += (out.empty() ? "{" : ", ") + yaml_key(entry.key()) + ": " +
                   yaml_inline(entry.value());
        return out.empty() ? "{}" : out + "}";
    }
    for (const auto& element : value.get_array())
        out += (out.empty() ? "[" : ", ") + yaml_inline(element);
    return out.empty() ? "[]" : out + "]";
}

bool all_numbers(const json::array& array) {
    return std::all_of(array.begin(), array.end(),
                       [](const json::value& element) { return element.is_number(); });
}

}  // namespace

std::string yaml_key(std::string_view key) {
    return text_scalar(key, Quotes::as_needed);
}

std::string yaml_inline(const json::value& value, Quotes quotes) {
    switch (value.kind()) {
        case json::kind::string: return text_scalar(value.get_string(), quotes);
        case json::kind::int64: return std::to_string(value.get_int64());
        case json::kind::uint64: return std::to_string(value.get_uint64());
        case json::kind::object:
        case json::kind::array: return flow(value);
        default: return compact_json(value);
    }
}

bool is_inline(const json::value& value) {
    if (const auto* object = value.if_object())
        return object->empty();
    if (const auto* array = value.if_array())
        return all_numbers(*array);  // also an empty one
    return true;
}

void append_yaml_block(std::string& out, const json::value& value, std::size_t indent,
                       const YamlLayout& layout) {
    if (const auto* object = value.if_object()) {
        for (const auto& entry : *object)
            append_yaml_entry(out, entry.key(), entry.value(), indent, layout);
        return;
    }
    for (const auto& element : value.get_array())
        out += std::string(indent, ' ') + "- " + yaml_inline(element) + layout.eol;
}

void append_yaml_entry(std::string& out, std::string_view key, const json::value& value,
                       std::size_t indent, const YamlLayout& layout) {
    out.append(indent, ' ');
    out += yaml_key(key);
    out += ':';
    if (is_inline(value)) {
        out += ' ' + yaml_inline(value) + layout.eol;
        return;
    }
    out += layout.eol;
    append_yaml_block(out, value, indent + layout.step, layout);
}

}  // namespace waggle::store
