#include "plugin/definition_check.hpp"

#include <regex>

#include <fmt/format.h>

#include "plugin/definition.hpp"
#include "plugin/value.hpp"

namespace waggle::plugin {
namespace {

constexpr std::uint32_t most_items = 4096;
constexpr std::uint32_t largest_item = 4096;
constexpr std::size_t longest_text = 64 * 1024;
constexpr int deepest_expose = 8;

/// Remembers the first problem; every check does nothing once there is one, so that nothing behind
/// a bad table is read.
class Checker {
  public:
    std::string problem;

    bool ok() const noexcept { return problem.empty(); }
    void fail(std::string_view place, std::string_view what) {
        if (ok())
            problem = fmt::format("{}: {}", place, what);
    }

    void text(std::string_view place, const wg_str& text, bool required = false) {
        if (text.data == nullptr ? text.length != 0 : text.length > longest_text)
            return fail(place, "not a text");
        if (text.length == 0 ? required : !is_utf8(view(text)))
            fail(place, required && text.length == 0 ? "is missing" : "is no UTF-8");
    }

    void value(std::string_view place, const wg_value& value) {
        if (ok() && !is_readable(value))
            fail(place, "a value that cannot be read");
    }

    /// Whether the items may be looked at: T's fields as of the first interface must fit.
    template <class T>
    bool table(std::string_view place, const wg_table& table, std::size_t least = sizeof(T)) {
        if (!ok() || table.count == 0)
            return false;
        if (table.items == nullptr)
            fail(place, fmt::format("{} items at a null pointer", table.count));
        else if (table.count > most_items)
            fail(place, fmt::format("{} items ({} at most)", table.count, most_items));
        else if (table.item_size < least || table.item_size > largest_item ||
                 table.item_size % alignof(T) != 0)
            fail(place, fmt::format("items of {} bytes ({} expected)", table.item_size, least));
        else if (reinterpret_cast<std::uintptr_t>(table.items) % alignof(T) != 0)
            fail(place, "items at an address that is not aligned");
        return ok();
    }

    void texts(std::string_view place, const wg_table& list) {
        if (table<wg_str>(place, list))
            for (const auto& item : Table<wg_str>(list))
                text(place, item, true);
    }

    void exposes(std::string_view place, const wg_table& list, int depth);
    void expose(std::string_view place, const wg_expose& expose, int depth);
    void fingerprints(std::string_view place, const wg_table& list);
    void fingerprint(std::string_view place, const wg_fingerprint& fingerprint);
};

bool is_specific(wg_expose_type type) noexcept {
    return type >= WG_EXPOSE_SWITCH && type <= WG_EXPOSE_CLIMATE;
}

void Checker::expose(std::string_view place, const wg_expose& expose, int depth) {
    if (expose.size < sizeof(wg_expose))
        return fail(place, fmt::format("{} bytes ({} expected)", expose.size, sizeof(wg_expose)));
    text(fmt::format("{}.name", place), expose.name, !is_specific(expose.type) && depth == 0);
    for (const auto* part :
         {&expose.label, &expose.property, &expose.description, &expose.endpoint, &expose.unit})
        text(place, *part);
    for (const auto* part :
         {&expose.value_on, &expose.value_off, &expose.value_toggle, &expose.homeassistant})
        value(place, *part);
    const auto values = fmt::format("{}.values", place);
    if (table<wg_value>(values, expose.values))
        for (const auto& item : Table<wg_value>(expose.values))
            value(values, item);
    const auto presets = fmt::format("{}.presets", place);
    if (table<wg_preset>(presets, expose.presets))
        for (const auto& preset : Table<wg_preset>(expose.presets)) {
            text(presets, preset.name, true);
            value(presets, preset.value);
            text(presets, preset.description);
        }
    exposes(fmt::format("{}.features", place), expose.features, depth + 1);
}

void Checker::exposes(std::string_view place, const wg_table& list, int depth) {
    if (!table<wg_expose>(place, list))
        return;
    if (depth > deepest_expose)
        return fail(place, "nested too deeply");
    for (std::uint32_t i = 0; i < list.count && ok(); ++i)
        expose(fmt::format("{}[{}]", place, i), Table<wg_expose>(list)[i], depth);
}

void Checker::fingerprint(std::string_view place, const wg_fingerprint& fingerprint) {
    if (fingerprint.size < sizeof(wg_fingerprint))
        return fail(place, "too small");
    for (const auto* part :
         {&fingerprint.model_id, &fingerprint.manufacturer_name, &fingerprint.power_source,
          &fingerprint.date_code, &fingerprint.software_build_id, &fingerprint.device_type,
          &fingerprint.ieee_pattern})
        text(place, *part);
    if (ok() && fingerprint.ieee_pattern.length != 0) {
        try {
            std::regex(fingerprint.ieee_pattern.data, fingerprint.ieee_pattern.length);
        } catch (const std::regex_error&) {
            fail(place, "ieee_pattern is no regular expression");
        }
    }
    if (table<wg_endpoint_match>(place, fingerprint.endpoints))
        for (const auto& endpoint : Table<wg_endpoint_match>(fingerprint.endpoints)) {
            table<std::uint16_t>(place, endpoint.inputs);
            table<std::uint16_t>(place, endpoint.outputs);
        }
}

void Checker::fingerprints(std::string_view place, const wg_table& list) {
    if (table<wg_fingerprint>(place, list))
        for (std::uint32_t i = 0; i < list.count && ok(); ++i)
            fingerprint(fmt::format("{}[{}]", place, i), Table<wg_fingerprint>(list)[i]);
}

void check_identity(Checker& check, const wg_definition& definition) {
    check.text("model", definition.model, true);
    check.text("vendor", definition.vendor, true);
    check.text("description", definition.description, true);
    check.text("icon", definition.icon);
    check.text("device_type", definition.device_type);
    check.text("power_source", definition.power_source);
    check.texts("zigbee_models", definition.zigbee_models);
    check.texts("manufacturer_names", definition.manufacturer_names);
    check.fingerprints("fingerprints", definition.fingerprints);
    if (check.table<wg_white_label>("white_labels", definition.white_labels))
        for (const auto& label : Table<wg_white_label>(definition.white_labels)) {
            check.text("white_labels", label.model, true);
            check.text("white_labels", label.vendor);
            check.text("white_labels", label.description);
            check.fingerprints("white_labels", label.fingerprints);
        }
    if (!check.ok())
        return;
    if (definition.zigbee_models.count == 0 && definition.manufacturer_names.count == 0 &&
        definition.fingerprints.count == 0)
        check.fail("zigbee_models", "nothing says which devices this is for");
    const auto type = view(definition.device_type);
    if (!type.empty() && !parse_device_type(type))
        check.fail("device_type", "is not one of Router, EndDevice");
}

void check_options(Checker& check, const wg_definition& definition) {
    if (!check.table<wg_option>("options", definition.options))
        return;
    for (const auto& option : Table<wg_option>(definition.options)) {
        if (option.expose == nullptr)
            return check.fail("options", "an option without its expose");
        check.expose("options", *option.expose, 0);
        check.value("options", option.default_value);
        check.value("options", option.newer_default);
    }
}

void check_converters(Checker& check, const wg_definition& definition) {
    if (check.table<wg_from_device>("from_device", definition.from_device))
        for (const auto& row : Table<wg_from_device>(definition.from_device)) {
            check.text("from_device.name", row.name);
            if (row.convert == nullptr)
                check.fail("from_device", "a row without a function");
        }
    if (check.table<wg_to_device>("to_device", definition.to_device))
        for (const auto& row : Table<wg_to_device>(definition.to_device)) {
            check.text("to_device.name", row.name);
            check.texts("to_device.keys", row.keys);
            check.texts("to_device.endpoints", row.endpoints);
            if (row.set == nullptr && row.get == nullptr)
                check.fail("to_device", "a row with neither set nor get");
        }
    if (check.table<wg_configure>("configure", definition.configure))
        for (const auto& row : Table<wg_configure>(definition.configure))
            if (row.run == nullptr)
                check.fail("configure", "a row without a function");
    if (check.table<wg_event_handler>("events", definition.events))
        for (const auto& row : Table<wg_event_handler>(definition.events))
            if (row.handle == nullptr)
                check.fail("events", "a row without a function");
}

void check_rest(Checker& check, const wg_definition& definition) {
    if (check.table<wg_endpoint_name>("endpoints", definition.endpoints))
        for (const auto& endpoint : Table<wg_endpoint_name>(definition.endpoints)) {
            check.text("endpoints", endpoint.name, true);
            if (endpoint.id == 0)
                check.fail("endpoints", "0 is no endpoint");
        }
    check.texts("unsuffixed", definition.unsuffixed);
    check.table<wg_binding>("bindings", definition.bindings);
    check.table<wg_reporting>("reportings", definition.reportings);
    check.table<wg_reading>("readings", definition.readings);
    check.table<wg_cluster_edit>("cluster_edits", definition.cluster_edits);
    check.value("meta", definition.meta);
    if (check.table<wg_note>("notes", definition.notes))
        for (const auto& note : Table<wg_note>(definition.notes)) {
            check.text("notes.option", note.option);
            check.text("notes.text", note.text, true);
        }
    if (const auto* ota = definition.ota) {
        if (ota->size < offsetof(wg_ota, maximum_data_size))  // as in 0.2
            return check.fail("ota", "too small");
        for (const auto* part : {&ota->model_id, &ota->manufacturer_name, &ota->header_string})
            check.text("ota", *part);
    }
}

}  // namespace

std::string check_exposes(const wg_table& exposes) {
    Checker check;
    check.exposes("exposes", exposes, 0);
    return check.problem;
}

std::string check_definition(const wg_definition& definition) {
    Checker check;
    check_identity(check, definition);
    check.exposes("exposes", definition.exposes, 0);
    check_options(check, definition);
    check_converters(check, definition);
    check_rest(check, definition);
    return check.problem;
}

}  // namespace waggle::plugin
