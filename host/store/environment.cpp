#include "store/environment.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>

#include "store/json_merge.hpp"
#include "store/yaml_document.hpp"

namespace waggle::store {
namespace {

namespace json = boost::json;

constexpr std::string_view prefixes[] = {"ZIGBEE2MQTT_CONFIG_", "WAGGLE_CONFIG_"};

using Names = std::map<std::string, std::pair<KeyPath, const json::object*>>;

void collect_names(const json::object& rule, KeyPath& path, Names& names) {
    if (const auto* properties = rule.if_contains("properties")) {
        for (const auto& property : properties->get_object()) {
            path.emplace_back(property.key());
            std::string name;
            for (const auto& key : path)
                name += (name.empty() ? "" : "_") + key;
            std::transform(name.begin(), name.end(), name.begin(), [](char c) {
                return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
            });
            const auto& inner = property.value().get_object();
            names.emplace(std::move(name), std::pair(path, &inner));
            collect_names(inner, path, names);
            path.pop_back();
        }
    }
    if (const auto* alternatives = rule.if_contains("oneOf"))
        for (const auto& alternative : alternatives->get_array())
            collect_names(alternative.get_object(), path, names);
}

bool takes(const json::object& rule, std::string_view type) {
    const auto* types = rule.if_contains("type");
    if (types == nullptr)
        return type == "object";  // a union: JSON, or the text itself
    if (types->is_string())
        return types->get_string() == type;
    const auto& list = types->get_array();
    return std::find(list.begin(), list.end(), json::value(type)) != list.end();
}

json::value converted(const std::string& text, const json::object& rule) {
    if (takes(rule, "object") || takes(rule, "array")) {
        boost::system::error_code error;
        auto value = json::parse(text, error);
        return error ? json::value(text) : value;
    }
    if (takes(rule, "number")) {
        auto value = resolve_plain_scalar(text);
        return value.is_number() ? value : json::value(text);
    }
    if (takes(rule, "boolean")) {
        std::string lower = text;
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return lower == "true";
    }
    return json::value(text);
}

}  // namespace

EnvironmentSettings environment_settings(const std::vector<std::string>& environment,
                                         const Schema& schema) {
    EnvironmentSettings settings;
    Names names;
    KeyPath path;
    collect_names(schema.document(), path, names);
    for (const auto prefix : prefixes) {
        for (const auto& variable : environment) {
            const auto equals = variable.find('=');
            if (!variable.starts_with(prefix) || equals == std::string::npos ||
                equals + 1 == variable.size())
                continue;
            const auto name = variable.substr(prefix.size(), equals - prefix.size());
            const auto found = names.find(name);
            if (found == names.end()) {
                settings.unknown.push_back(variable.substr(0, equals));
                continue;
            }
            const auto& [key_path, rule] = found->second;
            set_at(settings.values, key_path, converted(variable.substr(equals + 1), *rule));
            settings.names[key_path] = variable.substr(0, equals);
        }
    }
    return settings;
}

}  // namespace waggle::store
