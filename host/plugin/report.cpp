#include "plugin/report.hpp"

#include <algorithm>

#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "plugin/host_impl.hpp"
#include "plugin/idle.hpp"

namespace waggle::plugin {

namespace json = boost::json;

namespace {

/// A plugin host that serves nobody.
struct IdleHost {
    explicit IdleHost(PluginHostOptions options)
        : impl(
              context.get_executor(), without_marker(std::move(options)), services, radio,
              [](Ieee) -> Device* { return nullptr; }, [](GroupId) -> Group* { return nullptr; }) {}
    ~IdleHost() {
        impl.stopping = true;
        for (auto& file : impl.files)
            if (file.module) {
                impl.end_all_of(*file.module);
                file.module->deinit();
            }
    }
    static PluginHostOptions without_marker(PluginHostOptions options) {
        options.crash_marker.clear();
        return options;
    }

    boost::asio::io_context context{1};
    IdleServices services;
    IdleRadio radio;
    PluginHostImpl impl;
};

template <class List, class Name>
std::string joined(const List& list, Name name) {
    std::string text;
    for (const auto& item : list) {
        if (!text.empty())
            text += ", ";
        text += name(item);
    }
    return text;
}

std::string models_of(const PluginInfo& info) {
    return joined(info.manifest.definitions, [](const auto& d) { return d.model; });
}

std::string shortened(std::string text, std::size_t longest) {
    if (text.size() <= longest)
        return text;
    text.resize(text.rfind(", ", longest - 4) == text.npos ? longest - 4
                                                           : text.rfind(", ", longest - 4));
    return text + ", …";
}

json::array texts_json(const std::vector<std::string>& texts) {
    json::array out;
    for (const auto& text : texts)
        out.emplace_back(text);
    return out;
}

json::object info_json(const PluginInfo& info) {
    const auto& manifest = info.manifest;
    json::object out;
    out["path"] = info.path.string();
    out["origin"] = to_string(info.origin);
    out["state"] = to_string(info.state);
    if (!info.problem.empty())
        out["problem"] = info.problem;
    if (manifest.id.empty())
        return out;
    out["id"] = manifest.id;
    out["name"] = manifest.name;
    out["version"] = manifest.version;
    out["licence"] = manifest.licence;
    out["homepage"] = manifest.homepage;
    out["abi"] = fmt::format("{}.{}", manifest.abi_major, manifest.abi_minor);
    out["requires_minor"] = manifest.requires_minor;
    json::array definitions;
    for (const auto& definition : manifest.definitions) {
        json::object item;
        item["model"] = definition.model;
        item["vendor"] = definition.vendor;
        item["zigbee_models"] = texts_json(definition.zigbee_models);
        definitions.push_back(std::move(item));
    }
    out["definitions"] = std::move(definitions);
    out["actions"] = texts_json(manifest.actions);
    return out;
}

std::string expose_name(const json::value& expose) {
    const auto& object = expose.as_object();
    const auto* name = object.if_contains("name");
    return std::string((name ? *name : object.at("type")).as_string());
}

/// "action (release, hold)", "switch (state)", "temperature".
std::string expose_text(const json::value& expose) {
    const auto& object = expose.as_object();
    auto text = expose_name(expose);
    std::string inner;
    if (const auto* values = object.if_contains("values"))
        inner = joined(values->as_array(), [](const auto& value) {
            return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
        });
    else if (const auto* features = object.if_contains("features"))
        inner = joined(features->as_array(), expose_name);
    return inner.empty() ? text : fmt::format("{} ({})", text, inner);
}

std::string option_text(const wg_option& option) {
    auto text = std::string(view(option.expose->name));
    if (option.default_value.kind != WG_NULL)
        text += fmt::format(", default {}", json::serialize(to_json(option.default_value)));
    if (option.newer_from_version != 0)
        text +=
            fmt::format(" ({} where the configuration has version {} or later)",
                        json::serialize(to_json(option.newer_default)), option.newer_from_version);
    return text;
}

void line(std::string& out, std::string_view label, const std::string& text) {
    if (!text.empty())
        out += fmt::format("  {:<10} {}\n", label, text);
}

std::string definition_text(const Definition& definition) {
    const auto& data = definition.data();
    auto out = fmt::format("{} — {}\n", definition.model(), definition.vendor());
    out += fmt::format("  {}\n", definition.description());
    const auto described = describe(data);
    line(out, "matches", joined(described.zigbee_models, [](const auto& m) { return m; }));
    line(out, "makers", joined(described.manufacturers, [](const auto& m) { return m; }));
    line(out, "exposes", joined(exposes_json(data.exposes), expose_text));
    line(out, "options", joined(Table<wg_option>(data.options), option_text));
    line(out, "endpoints", joined(definition.endpoint_names(), [](const wg_endpoint_name& e) {
             return fmt::format("{} {}", view(e.name), e.id);
         }));
    line(out, "firmware", definition.supports_ota() ? "can be updated" : "");
    for (const auto& note : Table<wg_note>(data.notes))
        line(out, "note",
             note.option.length == 0
                 ? std::string(view(note.text))
                 : fmt::format("option {}: {}", view(note.option), view(note.text)));
    return out;
}

}  // namespace

std::vector<PluginInfo> find_plugins(PluginHostOptions options) {
    IdleHost host(std::move(options));
    host.impl.discover();
    host.impl.collect_infos();
    return host.impl.infos;
}

std::string list_text(const std::vector<PluginInfo>& plugins) {
    if (plugins.empty())
        return "No plugins found.\n";
    std::string out;
    for (const auto& info : plugins) {
        const auto& manifest = info.manifest;
        const auto name = manifest.id.empty() ? info.path.filename().string()
                                              : fmt::format("{} {}", manifest.id, manifest.version);
        out +=
            fmt::format("{:<40} {:<9} {}\n", name, to_string(info.origin), to_string(info.state));
        line(out, "file", info.path.string());
        line(out, "devices", shortened(models_of(info), 100));
        line(out, "problem", info.problem);
    }
    return out;
}

json::array list_json(const std::vector<PluginInfo>& plugins) {
    json::array out;
    for (const auto& info : plugins)
        out.push_back(info_json(info));
    return out;
}

Inspection inspect(const std::filesystem::path& file) {
    IdleHost host({});
    std::error_code ignored;
    host.impl.add_file(std::filesystem::absolute(file, ignored).lexically_normal(), Origin::extra);
    auto* module = host.impl.load(0);
    Inspection result;
    if (module)
        for (std::uint32_t i = 0; i < module->definition_count(); ++i)
            result.definitions.push_back(module->definition(i));
    host.impl.collect_infos();
    result.info = host.impl.infos.front();
    const auto unusable = std::count(result.definitions.begin(), result.definitions.end(), nullptr);
    if (unusable != 0)
        result.info.problem = fmt::format("{} of its {} definitions cannot be used", unusable,
                                          result.definitions.size());
    return result;
}

std::string inspect_text(const Inspection& inspection) {
    const auto& info = inspection.info;
    const auto& manifest = info.manifest;
    if (info.state == PluginInfo::State::refused)
        return fmt::format("'{}' {}\n", info.path.string(), info.problem);
    auto out = fmt::format("{} {}{}{}\n", manifest.id, manifest.version,
                           manifest.name.empty() ? "" : " — ", manifest.name);
    line(out, "file", info.path.string());
    line(out, "licence", manifest.licence);
    line(out, "homepage", manifest.homepage);
    line(out, "interface",
         fmt::format("{}.{}, needs {}.{}; this Waggle offers {}.{}", manifest.abi_major,
                     manifest.abi_minor, manifest.abi_major, manifest.requires_minor, WG_ABI_MAJOR,
                     WG_ABI_MINOR));
    line(out, "actions", joined(manifest.actions, [](const auto& name) { return name; }));
    line(out, "models",
         manifest.has_models ? "listed in the file"
                             : "not listed in the file: it is loaded at every start");
    for (const auto& definition : inspection.definitions)
        out += "\n" + (definition ? definition_text(*definition)
                                  : std::string("a definition that cannot be used\n"));
    return out;
}

json::object inspect_json(const Inspection& inspection) {
    auto out = info_json(inspection.info);
    json::array definitions;
    for (const auto& definition : inspection.definitions) {
        if (!definition) {
            definitions.emplace_back(nullptr);
            continue;
        }
        auto item = definition_json(*definition, Device{}, definition->data().exposes, "");
        item["zigbee_models"] = texts_json(describe(definition->data()).zigbee_models);
        definitions.push_back(std::move(item));
    }
    if (inspection.info.state != PluginInfo::State::refused)
        out["definitions"] = std::move(definitions);
    return out;
}

}  // namespace waggle::plugin
