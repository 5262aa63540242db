#include "store/yaml_document.hpp"

#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include <yaml-cpp/yaml.h>

namespace waggle::store {
namespace {

namespace json = boost::json;

constexpr int deepest = 64;
constexpr int most_nodes = 100'000;

bool all_of(std::string_view text, bool (*is)(char)) {
    for (const char c : text)
        if (!is(c))
            return false;
    return !text.empty();
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_octal(char c) {
    return c >= '0' && c <= '7';
}
bool is_hex(char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

json::value integer(std::string_view digits, int base, bool negative) {
    std::int64_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (result.ec == std::errc{})
        return negative ? -value : value;
    double large = 0;
    for (const char c : digits)
        large = large * base + (is_digit(c) ? c - '0' : (std::tolower(c) - 'a') + 10);
    return negative ? -large : large;
}

/// [-+]? digits with at most one point, then an optional exponent.
bool is_decimal(std::string_view text) {
    std::size_t i = 0, digits = 0;
    const auto run = [&] {
        const auto from = i;
        while (i < text.size() && is_digit(text[i]))
            ++i;
        return i - from;
    };
    digits = run();
    if (i < text.size() && text[i] == '.') {
        ++i;
        digits += run();
    }
    if (digits == 0)
        return false;
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && (text[i] == '+' || text[i] == '-'))
            ++i;
        if (run() == 0)
            return false;
    }
    return i == text.size();
}

std::optional<json::value> number(std::string_view text) {
    const bool negative = text.starts_with('-');
    auto rest = text;
    if (negative || text.starts_with('+'))
        rest.remove_prefix(1);
    if (all_of(rest, is_digit))
        return integer(rest, 10, negative);
    if (rest == text && text.starts_with("0o") && all_of(text.substr(2), is_octal))
        return integer(text.substr(2), 8, false);
    if (rest == text && text.starts_with("0x") && all_of(text.substr(2), is_hex))
        return integer(text.substr(2), 16, false);
    if (!is_decimal(rest))
        return std::nullopt;
    double value = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (value == std::floor(value) && std::fabs(value) < 9e15)
        return json::value(static_cast<std::int64_t>(negative ? -value : value));
    return json::value(negative ? -value : value);
}

/// yaml-cpp's tree as values. Throws YAML::Exception for what cannot be one.
class Converter {
  public:
    explicit Converter(std::map<KeyPath, int>& lines) : lines_(lines) {}

    json::value convert(const YAML::Node& node, int depth) {
        if (depth > deepest)
            throw YAML::Exception(node.Mark(), "nested too deeply");
        if (++nodes_ > most_nodes)
            throw YAML::Exception(node.Mark(),
                                  "too many values; is an anchor used again and again?");
        switch (node.Type()) {
            case YAML::NodeType::Scalar: return scalar(node);
            case YAML::NodeType::Sequence: return sequence(node, depth);
            case YAML::NodeType::Map: return map(node, depth);
            default: return nullptr;
        }
    }

  private:
    static json::value scalar(const YAML::Node& node) {
        const auto& tag = node.Tag();
        const auto& text = node.Scalar();
        if (tag == "?" || tag.empty())
            return resolve_plain_scalar(text);
        if (tag.size() > 1 && tag[0] == '!')
            return json::value(tag + " " + text);  // !secret key, without quotes around
        return json::value(text);
    }

    json::value sequence(const YAML::Node& node, int depth) {
        json::array array;
        for (std::size_t i = 0; i < node.size(); ++i) {
            path_.push_back(std::to_string(i));
            lines_[path_] = node[i].Mark().line + 1;
            array.push_back(convert(node[i], depth + 1));
            path_.pop_back();
        }
        return array;
    }

    json::value map(const YAML::Node& node, int depth) {
        json::object object;
        for (const auto& entry : node) {
            if (!entry.first.IsScalar() && !entry.first.IsNull())
                throw YAML::Exception(entry.first.Mark(), "a key has to be a text");
            const std::string key = entry.first.IsNull() ? "null" : entry.first.Scalar();
            if (object.contains(key))
                throw YAML::Exception(entry.first.Mark(), "the key '" + key + "' is there twice");
            path_.push_back(key);
            lines_[path_] = entry.first.Mark().line + 1;
            object.emplace(key, convert(entry.second, depth + 1));
            path_.pop_back();
        }
        return object;
    }

    std::map<KeyPath, int>& lines_;
    KeyPath path_;
    int nodes_ = 0;
};

}  // namespace

json::value resolve_plain_scalar(std::string_view text) {
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
        return nullptr;
    if (text == "true" || text == "True" || text == "TRUE")
        return true;
    if (text == "false" || text == "False" || text == "FALSE")
        return false;
    if (auto value = number(text))
        return *value;
    return json::value(text);
}

int YamlDocument::line_of(KeyPath path) const {
    for (;;) {
        if (const auto found = lines.find(path); found != lines.end())
            return found->second;
        if (path.empty())
            return 0;
        path.pop_back();
    }
}

boost::system::result<YamlDocument, YamlFailure> parse_yaml(std::string_view text) {
    YamlFailure failure;
    try {
        const auto documents = YAML::LoadAll(std::string(text));
        if (documents.size() > 1) {
            failure.line = documents[1].Mark().line + 1;
            failure.message = "a second document begins here; only one is allowed";
            return failure;
        }
        YamlDocument document;
        if (!documents.empty())
            document.value = Converter(document.lines).convert(documents[0], 0);
        return document;
    } catch (const YAML::Exception& error) {
        failure.line = error.mark.is_null() ? 0 : error.mark.line + 1;
        failure.message = error.msg;
    } catch (const std::exception& error) {
        failure.message = error.what();
    }
    return failure;
}

}  // namespace waggle::store
