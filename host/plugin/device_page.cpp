#include "plugin/device_page.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "plugin/matcher.hpp"
#include "plugin/value.hpp"

namespace waggle::plugin {

namespace json = boost::json;

namespace {

constexpr std::string_view notes_begin = "<!-- notes -->";
constexpr std::string_view notes_end = "<!-- /notes -->";

std::string text_of(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::string_view member(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

/// "`a`, `b`".
std::string codes(const json::array& values) {
    std::string out;
    for (const auto& value : values)
        out += fmt::format("{}`{}`", out.empty() ? "" : ", ", text_of(value));
    return out;
}

std::string access_text(std::int64_t access, std::string_view property) {
    std::string out = (access & WG_ACCESS_STATE) ? "Published." : "Not published.";
    if (access & WG_ACCESS_GET)
        out += fmt::format(" Read with `/get` `{{\"{}\": \"\"}}`.", property);
    if (access & WG_ACCESS_SET)
        out += fmt::format(" Set with `/set` `{{\"{}\": VALUE}}`.", property);
    return out;
}

std::string range_text(const json::object& expose) {
    std::string out;
    if (const auto* low = expose.if_contains("value_min"))
        out += fmt::format(" From {}", text_of(*low));
    if (const auto* high = expose.if_contains("value_max"))
        out += fmt::format("{}{}", out.empty() ? " Up to " : " to ", text_of(*high));
    if (const auto unit = member(expose, "unit"); !unit.empty())
        out += fmt::format("{}{}", out.empty() ? " In " : " ", unit);
    return out.empty() ? out : out + ".";
}

std::string values_text(const json::object& expose) {
    if (const auto* values = expose.if_contains("values"))
        return fmt::format(" Values: {}.", codes(values->as_array()));
    const auto* on = expose.if_contains("value_on");
    const auto* off = expose.if_contains("value_off");
    if (!on || !off)
        return {};
    json::array both{*on, *off};
    if (const auto* toggle = expose.if_contains("value_toggle"))
        both.push_back(*toggle);
    return fmt::format(" Values: {}.", codes(both));
}

void expose_lines(std::string& out, const json::object& expose, std::string_view group) {
    if (const auto* features = expose.if_contains("features");
        features && !expose.contains("name")) {
        for (const auto& feature : features->as_array())
            expose_lines(out, feature.as_object(), member(expose, "type"));
        return;
    }
    const auto property = member(expose, "property");
    const auto* access = expose.if_contains("access");
    out += fmt::format("### {}{} (`{}`, {})\n\n", member(expose, "label"),
                       group.empty() ? "" : fmt::format(" of the {}", group), property,
                       member(expose, "type"));
    if (const auto description = member(expose, "description"); !description.empty())
        out += fmt::format("{}.\n", description);
    out += access_text(access ? access->to_number<std::int64_t>() : 0, property);
    out += values_text(expose);
    out += range_text(expose);
    out += "\n\n";
}

std::string identity(const Definition& definition) {
    std::string models;
    for (const auto& model : describe(definition.data()).zigbee_models)
        models += fmt::format("{}`{}`", models.empty() ? "" : ", ", model);
    std::string out = "| | |\n|---|---|\n";
    out += fmt::format("| Model | {} |\n", definition.model());
    out += fmt::format("| Vendor | {} |\n", definition.vendor());
    out += fmt::format("| Description | {} |\n", definition.description());
    out += fmt::format("| Zigbee model | {} |\n", models);
    out += fmt::format("| Firmware update | {} |\n", definition.supports_ota() ? "yes" : "no");
    return out + "\n";
}

std::string options(const Definition& definition) {
    const Table<wg_option> list(definition.data().options);
    if (list.empty())
        return {};
    std::string out = "## Options\n\n";
    for (const auto& option : list) {
        const auto expose = expose_json(*option.expose);
        out += fmt::format("- `{}` ({}): {}", member(expose, "property"), member(expose, "type"),
                           member(expose, "description"));
        if (option.default_value.kind != WG_NULL)
            out += fmt::format(" Default `{}`", json::serialize(to_json(option.default_value)));
        if (option.newer_from_version != 0)
            out += fmt::format("; `{}` where the configuration has `version` {} or later",
                               json::serialize(to_json(option.newer_default)),
                               option.newer_from_version);
        out += option.default_value.kind != WG_NULL ? ".\n" : "\n";
    }
    return out + "\n";
}

std::string warnings(const Definition& definition) {
    std::string out;
    for (const auto& note : Table<wg_note>(definition.data().notes))
        out += note.option.length != 0
                   ? fmt::format("> **Option `{}`:** {}.\n", view(note.option), view(note.text))
                   : fmt::format("> {}.\n", view(note.text));
    return out.empty() ? out : out + "\n";
}

std::string_view handwritten(std::string_view before) {
    const auto begin = before.find(notes_begin);
    if (begin == before.npos)
        return "\n";
    const auto start = begin + notes_begin.size();
    const auto end = before.find(notes_end, start);
    return end == before.npos ? before.substr(start) : before.substr(start, end - start);
}

}  // namespace

std::string device_page(const Definition& definition, std::string_view before) {
    auto out = fmt::format("# {} {}\n\n", definition.vendor(), definition.model());
    out += identity(definition);
    out += warnings(definition);
    out += fmt::format("{}{}{}\n\n", notes_begin, handwritten(before), notes_end);
    out += "## Exposes\n\n";
    for (const auto& expose : exposes_json(definition.data().exposes))
        expose_lines(out, expose.as_object(), {});
    out += options(definition);
    while (out.ends_with("\n\n"))
        out.pop_back();
    return out;
}

}  // namespace waggle::plugin
