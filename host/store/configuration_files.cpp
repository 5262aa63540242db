#include "store/configuration_files.hpp"

#include <boost/json/value.hpp>

#include "base/log.hpp"
#include "store/atomic_file.hpp"
#include "store/json_merge.hpp"
#include "store/yaml_edit.hpp"

namespace waggle::store {
namespace {

namespace json = boost::json;

/// The keys whose text may be a reference.
const KeyPath reference_keys[] = {
    {"mqtt", "server"},          {"mqtt", "user"},           {"mqtt", "password"},
    {"advanced", "network_key"}, {"frontend", "auth_token"},
};

constexpr std::string_view split_sections[] = {"devices", "groups"};

std::vector<std::string> file_names(const json::value& value) {
    std::vector<std::string> names;
    if (const auto* name = value.if_string())
        names.emplace_back(*name);
    if (const auto* list = value.if_array())
        for (const auto& name : *list)
            if (name.is_string())
                names.emplace_back(name.get_string());
    return names;
}

}  // namespace

std::optional<std::pair<std::string, std::string>> parse_reference(std::string_view text) {
    const auto space = text.rfind(' ');
    if (!text.starts_with('!') || space == std::string_view::npos || space < 2 ||
        space + 1 == text.size())
        return std::nullopt;
    std::string file(text.substr(1, space - 1));
    if (!file.ends_with(".yaml") && !file.ends_with(".yml"))
        file += ".yaml";
    return std::pair(std::move(file), std::string(text.substr(space + 1)));
}

ConfigurationFiles::ConfigurationFiles(std::filesystem::path main_file)
    : main_file_(std::move(main_file)), main_name_(main_file_.filename().string()) {
}

std::filesystem::path ConfigurationFiles::path_of(const std::string& name) const {
    return name == main_name_ ? main_file_ : main_file_.parent_path() / name;
}

/// Null after a problem. A file that does not exist is an empty one that does not.
ConfigurationFiles::File* ConfigurationFiles::open(const std::string& name,
                                                   const ConfigurationProblem& referrer,
                                                   std::vector<ConfigurationProblem>& problems) {
    if (const auto known = files_.find(name); known != files_.end())
        return &known->second;
    auto text = read_file(path_of(name));
    if (!text) {
        auto problem = referrer;
        problem.text = text.error().message;
        problems.push_back(std::move(problem));
        return nullptr;
    }
    File file;
    file.exists = text->has_value();
    file.document.value = json::object();
    if (file.exists) {
        auto document = parse_yaml(**text);
        if (!document) {
            std::error_code ignored;
            const auto previous = previous_of(path_of(name));
            problems.push_back(
                {path_of(name).string(), document.error().line, "",
                 "not valid YAML: " + document.error().message +
                     (std::filesystem::exists(previous, ignored)
                          ? "; as it was before the last request: " + previous.string()
                          : "")});
            return nullptr;
        }
        if (document->value.is_null())
            document->value = json::object();
        if (!document->value.is_object()) {
            problems.push_back({path_of(name).string(), 1, "", "must be a map of keys and values"});
            return nullptr;
        }
        file.document = std::move(*document);
    }
    return &files_.emplace(name, std::move(file)).first->second;
}

json::object ConfigurationFiles::load(std::vector<ConfigurationProblem>& problems,
                                      const json::object& elsewhere) {
    files_.clear();
    references_.clear();
    split_.clear();
    const ConfigurationProblem here{main_file_.string(), 0, "", ""};
    const auto* file = open(main_name_, here, problems);
    if (file == nullptr)
        return {};
    if (!file->exists) {
        problems.push_back({main_file_.string(), 0, "", "there is no such file"});
        return {};
    }
    auto configuration = file->document.value.get_object();
    resolve_references(configuration, problems);
    for (const auto& section : elsewhere)
        configuration[section.key()] = section.value();
    for (const auto section : split_sections)
        read_split(section, configuration, problems);
    return configuration;
}

void ConfigurationFiles::resolve_references(json::object& configuration,
                                            std::vector<ConfigurationProblem>& problems) {
    for (const auto& path : reference_keys) {
        const auto* value = value_at(configuration, path);
        if (value == nullptr || !value->is_string())
            continue;
        const auto reference = parse_reference(value->get_string());
        if (!reference)
            continue;
        auto place = place_of(path);
        const std::string text(value->get_string());
        const auto* file = open(reference->first, place, problems);
        if (file == nullptr)
            continue;
        const auto* target = file->document.value.get_object().if_contains(reference->second);
        if (target == nullptr) {
            place.text = "'" + text + "' refers to the key `" + reference->second + "` of " +
                         path_of(reference->first).string() +
                         (file->exists ? ", which has no such key" : ", which does not exist");
            problems.push_back(std::move(place));
            continue;
        }
        references_.push_back({path, reference->first, reference->second, text});
        set_at(configuration, path, *target);
    }
}

void ConfigurationFiles::read_split(std::string_view section, json::object& configuration,
                                    std::vector<ConfigurationProblem>& problems) {
    auto* value = configuration.if_contains(section);
    if (value == nullptr)
        return;
    if (value->is_null() || (value->is_array() && value->get_array().empty())) {
        configuration.erase(section);  // `devices:` with nothing below
        return;
    }
    auto names = file_names(*value);
    if (names.empty())
        return;
    json::object entities;
    const auto place = place_of({std::string(section)});
    for (const auto& name : names)
        if (const auto* file = open(name, place, problems))
            deep_merge(entities, file->document.value.get_object());
    split_.emplace(section, std::move(names));
    *value = std::move(entities);
}

ConfigurationProblem ConfigurationFiles::place_of(const KeyPath& path) const {
    ConfigurationProblem place;
    for (const auto& key : path)
        place.key += (place.key.empty() ? "" : ".") + key;
    for (const auto& reference : references_) {
        if (reference.path != path || !files_.contains(reference.file))
            continue;
        place.file = path_of(reference.file).string();
        place.line = files_.at(reference.file).document.line_of({reference.key});
        return place;
    }
    if (const auto names = split_.find(path.empty() ? "" : path[0]); names != split_.end()) {
        const KeyPath inside(path.begin() + 1, path.end());
        for (const auto& name : names->second) {
            const auto file = files_.find(name);
            if (file == files_.end() || inside.empty() ||
                !file->second.document.value.get_object().contains(inside[0]))
                continue;
            place.file = path_of(name).string();
            place.line = file->second.document.line_of(inside);
            return place;
        }
    }
    place.file = main_file_.string();
    if (const auto file = files_.find(main_name_); file != files_.end())
        place.line = file->second.document.line_of(path);
    return place;
}

/// What belongs into the index-th file of a section: what it has already, as it is now, and into
/// the first file also what is new. An entry in several files is kept up in the last, which wins.
json::object ConfigurationFiles::split_content(const std::vector<std::string>& names,
                                               std::size_t index,
                                               const json::object& entities) const {
    const auto has = [&](std::size_t i, std::string_view key) {
        const auto file = files_.find(names[i]);
        return file != files_.end() && file->second.document.value.get_object().contains(key);
    };
    json::object content;
    for (const auto& entity : entities) {
        bool is_later = false, is_anywhere = has(index, entity.key());
        for (std::size_t i = 0; i < names.size(); ++i) {
            is_anywhere = is_anywhere || has(i, entity.key());
            is_later = is_later || (i > index && has(i, entity.key()));
        }
        if (has(index, entity.key()) && is_later)
            content[entity.key()] =
                files_.at(names[index]).document.value.get_object().at(entity.key());
        else if (has(index, entity.key()) || (index == 0 && !is_anywhere))
            content[entity.key()] = entity.value();
    }
    return content;
}

Outcome<> ConfigurationFiles::save(const json::object& configuration) {
    auto main = configuration;
    for (const auto& reference : references_) {
        const auto* value = value_at(main, reference.path);
        if (value == nullptr)
            continue;  // the key was removed, and the reference with it
        auto content = files_.at(reference.file).document.value.get_object();
        content[reference.key] = *value;
        if (auto written = write(reference.file, content, true); !written)
            return written;
        set_at(main, reference.path, json::value(reference.text));
    }
    const auto& main_before = files_.at(main_name_).document.value.get_object();
    for (const auto section : split_sections)  // `devices:` with nothing below stays as it is
        if (const auto* before = main_before.if_contains(section);
            before && !main.contains(section))
            if (before->is_null() || (before->is_array() && before->get_array().empty()))
                main[section] = *before;
    for (const auto& [section, names] : split_) {
        const auto* value = main.if_contains(section);
        const auto entities =
            value != nullptr && value->is_object() ? value->get_object() : json::object();
        std::vector<json::object> contents;
        for (std::size_t i = 0; i < names.size(); ++i)
            contents.push_back(split_content(names, i, entities));
        for (std::size_t i = 0; i < names.size(); ++i)
            if (auto written = write(names[i], contents[i], false); !written)
                return written;
        if (const auto* reference = main_before.if_contains(section))
            main[section] = *reference;
        else
            main.erase(section);
    }
    return write(main_name_, main, true);
}

void ConfigurationFiles::clear_interrupted_writes() const {
    for (const auto& [name, file] : files_)
        clear_interrupted_write(path_of(name));
}

Outcome<> ConfigurationFiles::write(const std::string& name, const json::object& wanted,
                                    bool secret) {
    auto& file = files_.at(name);
    auto& known = file.document.value.get_object();
    if (normalised(known) == normalised(wanted))
        return {};
    auto text = read_file(path_of(name));
    if (!text)
        return text.error();
    const auto now = parse_yaml(text->value_or(""));
    if (!now || !(now->value.is_object() || now->value.is_null()))
        return fail(path_of(name).string() + " can no longer be read" +
                    (now ? ""
                         : " (line " + std::to_string(now.error().line) + ": " +
                               now.error().message + ")") +
                    "; it was left as it is");
    auto target = now->value.is_object() ? now->value.get_object() : json::object();
    carry_changes(target, known, wanted);
    auto updated = update_yaml(text->value_or(""), target);
    if (!updated)
        return fail(path_of(name).string() + ": " + updated.error().message);
    if (updated->reformatted)
        log::warning("store",
                     "{} had a form that could not be edited in place; it was written anew, "
                     "without its comments",
                     path_of(name).string());
    if (auto written =
            write_file(path_of(name), updated->text, {.secret = secret, .keep_previous = true});
        !written)
        return written;
    file.document.value = wanted;
    file.exists = true;
    return {};
}

}  // namespace waggle::store
