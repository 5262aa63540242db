#include "source.hpp"

#include <algorithm>
#include <array>
#include <charconv>

using namespace waggle;

namespace standard {
namespace {

bool is_in_id(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// What a plugin may be called: "TRADFRI bulb E27" -> "local.tradfri-bulb-e27"
std::string id_of(std::string_view model) {
    constexpr std::size_t longest = 60;
    std::string id;
    for (const char c : detail::lowered(model)) {
        if (is_in_id(c))
            id += c;
        else if (!id.empty() && id.back() != '-')
            id += '-';
    }
    id.resize(std::min(id.size(), longest));
    while (!id.empty() && id.back() == '-')
        id.pop_back();
    return "local." + (id.empty() ? "device" : id);
}

template <class List, class Text>
std::string braced(const List& list, Text&& text) {
    std::string result = "{";
    for (const auto& item : list) {
        if (result.size() > 1)
            result += ", ";
        result += text(item);
    }
    return result + "}";
}

/// What an author reads first.
constexpr std::string_view head =
    "/* Made of what the device says of itself. Compile it against the SDK,\n"
    " *\n"
    " *     g++ -std=c++20 -O2 -fPIC -shared -fvisibility=hidden -fno-gnu-unique \\\n"
    " *         -Isdk/include device.cpp -o device.so\n"
    " *\n"
    " * and put the result into the folder \"plugins\" of the data folder. */\n"
    "#include <waggle/sdk.hpp>\n"
    "\n"
    "using namespace waggle;\n"
    "\n"
    "static Definition definition() {\n"
    "    return {\n";

}  // namespace

/// Octets that are no printable ASCII are written as octal: what follows them cannot join in.
std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\' || c == '?') {
            result += '\\';
            result += c;
        } else if (octet >= 0x20 && octet < 0x7F) {
            result += c;
        } else {
            result += '\\';
            for (const int shift : {6, 3, 0})
                result += static_cast<char>('0' + (octet >> shift & 7));
        }
    }
    return result + "\"";
}

std::string quoted_list(const std::vector<std::string>& texts) {
    return braced(texts, [](const std::string& text) { return quoted(text); });
}

std::string quoted_list(const std::vector<Value>& texts) {
    return braced(texts, [](const Value& text) { return quoted(text.text()); });
}

std::string number_text(double number) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {text.data(), end};
}

std::string cluster_text(std::uint16_t cluster) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text = "0x";
    for (const int shift : {12, 8, 4, 0})
        text += digits[cluster >> shift & 0xF];
    return text;
}

Call& Call::member(std::string_view name, std::string_view value) {
    if (!members_.empty())
        members_ += ", ";
    members_ += "." + std::string(name) + " = " + std::string(value);
    return *this;
}

Call& Call::text(std::string_view name, std::string_view value) {
    return value.empty() ? *this : member(name, quoted(value));
}

Call& Call::endpoints(const EndpointNames& names) {
    return names.empty() ? *this : member("endpoints", quoted_list(names));
}

Call& Call::arguments(std::string_view list) {
    arguments_ = list;
    return *this;
}

std::string Call::source() const {
    if (!arguments_.empty())
        return function_ + "(" + arguments_ + ")";
    return function_ + (members_.empty() ? "()" : "({" + members_ + "})");
}

std::string plugin_source(const Definition& definition, const std::vector<std::string>& parts) {
    std::string out(head);
    const auto member = [&out](std::string_view name, const std::string& value) {
        out += "        ." + std::string(name) + " = " + value + ",\n";
    };
    member("zigbee_models", quoted_list(definition.zigbee_models));
    member("model", quoted(definition.model));
    member("vendor", quoted(definition.vendor));
    member("description", quoted(definition.description));
    if (!definition.endpoints.empty())
        member("endpoints", braced(definition.endpoints, [](const EndpointName& endpoint) {
                   return "{" + quoted(endpoint.name) + ", " + std::to_string(endpoint.id) + "}";
               }));
    if (definition.multi_endpoint)
        member("multi_endpoint", "true");
    if (!definition.unsuffixed.empty())
        member("unsuffixed", quoted_list(definition.unsuffixed));
    out += "        .extend = {\n";
    for (const auto& part : parts)
        out += "            " + part + ",\n";
    out += "        },\n";
    if (!definition.traits.empty())
        member("traits", braced(definition.traits, [](const auto& trait) {
                   return "{" + quoted(trait.name) + ", " +
                          (trait.value.boolean() ? "true" : "false") + "}";
               }));
    return out + "    };\n}\n\nWAGGLE_PLUGIN(.id = " + quoted(id_of(definition.model)) +
           ", .version = \"1.0.0\", .definitions = {definition});\n";
}

}  // namespace standard
