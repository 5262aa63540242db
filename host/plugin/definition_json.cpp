#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "plugin/calibrated.hpp"
#include "plugin/definition.hpp"
#include "plugin/matcher.hpp"
#include "plugin/value.hpp"

/// Definitions in the words of zigbee2mqtt's bridge/devices [exposes.md 1 to 4].
namespace waggle::plugin {

namespace json = boost::json;

namespace {

std::string_view type_name(wg_expose_type type) noexcept {
    switch (type) {
        case WG_EXPOSE_BINARY: return "binary";
        case WG_EXPOSE_NUMERIC: return "numeric";
        case WG_EXPOSE_ENUM: return "enum";
        case WG_EXPOSE_TEXT: return "text";
        case WG_EXPOSE_LIST: return "list";
        case WG_EXPOSE_COMPOSITE: return "composite";
        case WG_EXPOSE_SWITCH: return "switch";
        case WG_EXPOSE_LIGHT: return "light";
        case WG_EXPOSE_LOCK: return "lock";
        case WG_EXPOSE_COVER: return "cover";
        case WG_EXPOSE_FAN: return "fan";
        case WG_EXPOSE_CLIMATE: return "climate";
        default: return "";  // a newer kind: left out by the caller
    }
}

std::string label_of(std::string_view name) {
    std::string label(name);
    std::replace(label.begin(), label.end(), '_', ' ');
    if (!label.empty() && label.front() >= 'a' && label.front() <= 'z')
        label.front() = static_cast<char>(label.front() - 'a' + 'A');
    return label;
}

void put(json::object& out, std::string_view key, const wg_str& text) {
    if (text.length != 0)
        out[key] = view(text);
}
void put(json::object& out, std::string_view key, const wg_value& value) {
    if (value.kind != WG_NULL)
        out[key] = to_json(value);
}
void put(json::object& out, std::string_view key, double number) {
    out[key] = to_json(wg_double(number));
}

void put_numbers(json::object& out, const wg_expose& expose) {
    if (expose.present & WG_HAS_MIN)
        put(out, "value_min", expose.value_min);
    if (expose.present & WG_HAS_MAX)
        put(out, "value_max", expose.value_max);
    if (expose.present & WG_HAS_STEP)
        put(out, "value_step", expose.value_step);
    if (expose.present & WG_HAS_LENGTH_MIN)
        out["length_min"] = std::int64_t{expose.length_min};
    if (expose.present & WG_HAS_LENGTH_MAX)
        out["length_max"] = std::int64_t{expose.length_max};
}

void put_lists(json::object& out, const wg_expose& expose) {
    if (expose.type == WG_EXPOSE_ENUM) {
        json::array values;
        for (const auto& value : Table<wg_value>(expose.values))
            values.push_back(to_json(value));
        out["values"] = std::move(values);
    }
    if (expose.presets.count != 0) {
        json::array presets;
        for (const auto& preset : Table<wg_preset>(expose.presets)) {
            json::object item;
            put(item, "name", preset.name);
            item["value"] = to_json(preset.value);
            put(item, "description", preset.description);
            presets.push_back(std::move(item));
        }
        out["presets"] = std::move(presets);
    }
}

void put_features(json::object& out, const wg_expose& expose) {
    const Table<wg_expose> features(expose.features);
    if (expose.type == WG_EXPOSE_LIST) {
        if (!features.empty()) {
            auto item = expose_json(features[0]);
            item.erase("property");
            out["item_type"] = std::move(item);
        }
        return;
    }
    if (expose.type < WG_EXPOSE_COMPOSITE)
        return;
    json::array list;
    for (const auto& feature : features)
        if (!type_name(feature.type).empty())
            list.push_back(expose_json(feature));
    out["features"] = std::move(list);
}

json::object link_quality() {
    json::object out;
    out["type"] = "numeric";
    out["name"] = "linkquality";
    out["label"] = "Linkquality";
    out["property"] = "linkquality";
    out["access"] = WG_ACCESS_STATE;
    out["unit"] = "lqi";
    out["description"] = "Link quality (signal strength)";
    out["value_min"] = 0;
    out["value_max"] = 255;
    out["category"] = "diagnostic";
    return out;
}

/// What zigbee2mqtt allows in the file name of a picture; the rest becomes a dash.
std::string picture_name(std::string_view text) {
    std::string result(text);
    for (auto& c : result) {
        const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') ||
                             std::string_view("- _./:").find(c) != std::string_view::npos;
        if (!allowed)
            c = '-';
    }
    return result;
}

void replace_once(std::string& text, std::string_view what, const std::string& with) {
    if (const auto at = text.find(what); at != text.npos)
        text.replace(at, what.size(), with);
}

struct Identity {
    wg_str vendor, model, description;
};

Identity identity_of(const Definition& definition, const Device& device) {
    const auto& data = definition.data();
    Identity identity{data.vendor, data.model, data.description};
    for (const auto& label : Table<wg_white_label>(data.white_labels))
        for (const auto& fingerprint : Table<wg_fingerprint>(label.fingerprints))
            if (fingerprint_matches(fingerprint, device)) {
                identity.model = label.model;
                if (label.vendor.length != 0)
                    identity.vendor = label.vendor;
                if (label.description.length != 0)
                    identity.description = label.description;
                return identity;
            }
    return identity;
}

json::object number_option(std::string name, std::string description) {
    json::object out;
    out["type"] = "numeric";
    out["name"] = name;
    out["label"] = label_of(name);
    out["property"] = std::move(name);
    out["access"] = WG_ACCESS_SET;
    out["description"] = std::move(description);
    return out;
}

bool has_option(const json::array& options, std::string_view name) {
    return std::any_of(options.begin(), options.end(), [name](const json::value& option) {
        const auto* held = option.as_object().if_contains("name");
        return held && held->is_string() && std::string_view(held->get_string()) == name;
    });
}

/// `<name>_calibration` and `<name>_precision` for the measured values that have them; not for the
/// voltage of a battery.
void put_calibration(json::array& options, const wg_table& exposes) {
    for (const auto& expose : Table<wg_expose>(exposes)) {
        const std::string name(view(expose.name));
        const auto* known = expose.type == WG_EXPOSE_NUMERIC ? calibrated(name) : nullptr;
        const bool is_battery = name == "voltage" && view(expose.unit) == "mV";
        if (!known || is_battery || has_option(options, name + "_calibration"))
            continue;
        auto offset =
            number_option(name + "_calibration",
                          fmt::format("Offset of {} ({}); counts from the device's next report on",
                                      name, is_percentual(name) ? "percentual" : "absolute"));
        offset["value_step"] = 0.1;
        options.push_back(std::move(offset));
        if (known->decimals == 0)
            continue;
        auto decimals = number_option(
            name + "_precision",
            fmt::format("Decimals of {}, at most as many as the device gives; counts from its next "
                        "report on",
                        name));
        decimals["value_min"] = 0;
        decimals["value_max"] = 3;
        options.push_back(std::move(decimals));
    }
}

}  // namespace

json::object expose_json(const wg_expose& expose) {
    json::object out;
    out["type"] = type_name(expose.type);
    put(out, "name", expose.name);
    if (expose.label.length != 0)
        put(out, "label", expose.label);
    else if (expose.name.length != 0)
        out["label"] = label_of(view(expose.name));
    put(out, "property", expose.property.length != 0 ? expose.property : expose.name);
    if (expose.access != 0)
        out["access"] = std::int64_t{expose.access};
    put(out, "description", expose.description);
    put(out, "endpoint", expose.endpoint);
    put(out, "unit", expose.unit);
    if (expose.category == WG_CATEGORY_CONFIG)
        out["category"] = "config";
    if (expose.category == WG_CATEGORY_DIAGNOSTIC)
        out["category"] = "diagnostic";
    put(out, "value_on", expose.value_on);
    put(out, "value_off", expose.value_off);
    put(out, "value_toggle", expose.value_toggle);
    put_numbers(out, expose);
    put_lists(out, expose);
    put_features(out, expose);
    put(out, "homeassistant", expose.homeassistant);
    return out;
}

json::array exposes_json(const wg_table& exposes) {
    json::array out;
    for (const auto& expose : Table<wg_expose>(exposes))
        if (!type_name(expose.type).empty())
            out.push_back(expose_json(expose));
    out.push_back(link_quality());
    return out;
}

json::object definition_json(const Definition& definition, const Device& device,
                             const wg_table& exposes, std::string_view user_icon) {
    const auto identity = identity_of(definition, device);
    json::object out;
    out["source"] = definition.is_generated() ? "generated" : "native";
    out["model"] = view(identity.model);
    out["vendor"] = view(identity.vendor);
    out["description"] = view(identity.description);
    out["exposes"] = exposes_json(exposes);
    out["supports_ota"] = definition.supports_ota();
    json::array options;
    put_calibration(options, exposes);
    for (const auto& option : Table<wg_option>(definition.data().options))
        options.push_back(expose_json(*option.expose));
    out["options"] = std::move(options);
    out["version"] = definition.version();

    std::string icon(user_icon.empty() ? view(definition.data().icon) : user_icon);
    if (!icon.empty()) {
        replace_once(icon, "$zigbeeModel", picture_name(device.model_id.value_or("")));
        replace_once(icon, "$model", picture_name(view(identity.model)));
        out["icon"] = std::move(icon);
    }
    return out;
}

}  // namespace waggle::plugin
