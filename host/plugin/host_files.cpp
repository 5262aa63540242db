#include <algorithm>
#include <csignal>
#include <set>

#include <boost/dll/runtime_symbol_info.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "plugin/host_impl.hpp"

/// Finding, judging and loading files; who comes before whom.
namespace waggle::plugin {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view ns = "plugin";

#ifndef WAGGLE_PLUGIN_DIR
#define WAGGLE_PLUGIN_DIR ""
#endif
#ifndef WAGGLE_PLUGIN_DIR_FROM_BIN
#define WAGGLE_PLUGIN_DIR_FROM_BIN ""
#endif

void add_once(std::vector<fs::path>& list, const fs::path& directory) {
    std::error_code error;
    if (directory.empty() || !fs::is_directory(directory, error))
        return;
    auto canonical = fs::canonical(directory, error);
    if (!error && std::find(list.begin(), list.end(), canonical) == list.end())
        list.push_back(std::move(canonical));
}

/// <build>/host/waggle: the plugins were built to <build>/plugins/.
fs::path build_tree_plugins(const fs::path& binary_directory) {
    const auto root = binary_directory.parent_path();
    std::error_code error;
    return fs::is_directory(root / "meson-private", error) ? root / "plugins" : fs::path();
}

std::string_view signal_name(int number) noexcept {
    switch (number) {
        case SIGSEGV: return "SIGSEGV";
        case SIGBUS: return "SIGBUS";
        case SIGILL: return "SIGILL";
        case SIGFPE: return "SIGFPE";
        case SIGABRT: return "SIGABRT";
        default: return "a signal";
    }
}

}  // namespace

std::vector<fs::path> built_in_directories() {
    std::vector<fs::path> list;
    std::error_code error;
    const auto binary = boost::dll::program_location(error);
    if (!error) {
        const auto directory = binary.parent_path();
        add_once(list, build_tree_plugins(directory));
        if (!list.empty())
            return list;  // an installed copy must not mix with the one under work
        const fs::path relative(WAGGLE_PLUGIN_DIR_FROM_BIN);
        if (!relative.empty())
            add_once(list, directory / relative);
        if (!list.empty())
            return list;
    }
    add_once(list, WAGGLE_PLUGIN_DIR);
    return list;
}

std::vector<fs::path> split_path(std::string_view colon_separated) {
    std::vector<fs::path> list;
    while (!colon_separated.empty()) {
        const auto end = std::min(colon_separated.find(':'), colon_separated.size());
        if (end != 0)
            list.emplace_back(colon_separated.substr(0, end));
        colon_separated.remove_prefix(std::min(end + 1, colon_separated.size()));
    }
    return list;
}

std::string_view to_string(Origin origin) noexcept {
    switch (origin) {
        case Origin::built_in: return "built-in";
        case Origin::user: return "user";
        case Origin::extra: return "path";
    }
    return "";
}

std::string_view to_string(PluginInfo::State state) noexcept {
    switch (state) {
        case PluginInfo::State::indexed: return "indexed";
        case PluginInfo::State::loaded: return "loaded";
        case PluginInfo::State::refused: return "refused";
        case PluginInfo::State::overridden: return "overridden";
        case PluginInfo::State::quarantined: return "quarantined";
    }
    return "";
}

void PluginHostImpl::discover() {
    for (const auto& directory : options.extra)
        add_directory(directory, Origin::extra);
    add_directory(options.user, Origin::user);
    for (const auto& directory : options.built_in)
        add_directory(directory, Origin::built_in);
    settle_overrides();

    // Without a list of models only the plugin itself can say what it serves.
    for (std::uint32_t i = 0; i < files.size(); ++i)
        if (files[i].info.state == PluginInfo::State::indexed && !files[i].info.manifest.has_models)
            load(i);
    rebuild_index();

    const auto usable = std::count_if(files.begin(), files.end(), [](const PluginFile& file) {
        return file.info.state == PluginInfo::State::indexed ||
               file.info.state == PluginInfo::State::loaded;
    });
    log::info(ns, "{} plugins found, {} usable, serving {} model ids", files.size(), usable,
              index.size());
}

void PluginHostImpl::add_directory(const fs::path& directory, Origin origin) {
    std::error_code error;
    if (origin == Origin::extra && fs::is_regular_file(directory, error))
        return add_file(fs::absolute(directory, error).lexically_normal(), origin);
    if (directory.empty() || !fs::is_directory(directory, error)) {
        if (origin == Origin::extra && !directory.empty())
            log::warning(ns, "The plugin folder '{}' does not exist", directory.string());
        return;
    }
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(directory, error))
        if (entry.path().extension() == ".so" && !entry.is_directory(error))
            found.push_back(fs::absolute(entry.path(), error).lexically_normal());
    if (error)
        log::warning(ns, "The plugin folder '{}' cannot be read: {}", directory.string(),
                     error.message());
    std::sort(found.begin(), found.end());
    for (const auto& file : found)
        if (std::none_of(files.begin(), files.end(),
                         [&](const PluginFile& known) { return known.info.path == file; }))
            add_file(file, origin);
}

void PluginHostImpl::add_file(const fs::path& path, Origin origin) {
    auto& file = files.emplace_back();
    file.info.path = path;
    file.info.origin = origin;
    std::string problem;
    auto manifest = read_manifest(path, problem);
    if (!manifest)
        return refuse(file, std::move(problem));
    file.info.manifest = std::move(*manifest);
    if (const auto* culprit = marker.blamed(path)) {
        file.info.state = PluginInfo::State::quarantined;
        file.info.problem =
            fmt::format("Waggle died in it ({}); replace the file, or delete '{}' to try it again",
                        signal_name(culprit->signal), options.crash_marker.string());
        log::error(ns, "'{}' is left out: {}", path.string(), file.info.problem);
    }
}

void PluginHostImpl::refuse(PluginFile& file, std::string problem) {
    file.info.state = PluginInfo::State::refused;
    file.info.problem = std::move(problem);
    log::error(ns, "'{}' {}", file.info.path.string(), file.info.problem);
}

/// The first usable file of an id serves; the others stand by.
void PluginHostImpl::settle_overrides() {
    std::map<std::string, const PluginFile*> first;
    for (auto& file : files) {
        if (file.info.state != PluginInfo::State::indexed &&
            file.info.state != PluginInfo::State::loaded)
            continue;
        const auto [position, is_first] = first.emplace(file.info.manifest.id, &file);
        if (is_first)
            continue;
        const auto& winner = *position->second;
        file.info.state = PluginInfo::State::overridden;
        file.info.problem = fmt::format("overridden by '{}'", winner.info.path.string());
        log::info(ns, "{} {} from '{}' overrides version {} from '{}'", winner.info.manifest.id,
                  winner.info.manifest.version, winner.info.path.string(),
                  file.info.manifest.version, file.info.path.string());
    }
}

void PluginHostImpl::rebuild_index() {
    index.clear();
    for (std::uint32_t i = 0; i < files.size(); ++i) {
        const auto& file = files[i];
        if (file.info.state == PluginInfo::State::indexed ||
            file.info.state == PluginInfo::State::loaded)
            index.add(i, file.info.manifest.definitions);
    }
}

Module* PluginHostImpl::load(std::uint32_t number) {
    auto& file = files[number];
    if (file.module)
        return file.module->is_active() ? file.module.get() : nullptr;
    if (file.info.state != PluginInfo::State::indexed || stopping)
        return nullptr;

    std::string problem;
    auto module = Module::load(file.info.path, file.info.manifest, *this, problem);
    if (module) {
        file.module = std::move(*module);
        file.info.state = PluginInfo::State::loaded;
        log::debug(ns, "Loaded {} {} from '{}'", file.info.manifest.id, file.info.manifest.version,
                   file.info.path.string());
        if (!file.info.manifest.has_models)
            for (std::uint32_t i = 0; i < file.module->definition_count(); ++i) {
                const auto definition = file.module->definition(i);
                file.info.manifest.definitions.push_back(definition ? describe(definition->data())
                                                                    : ManifestDefinition{});
            }
        return file.module.get();
    }

    refuse(file, std::move(problem));
    for (auto& other : files)  // whom it overrode comes forward again
        if (other.info.state == PluginInfo::State::overridden &&
            other.info.manifest.id == file.info.manifest.id) {
            other.info.state = PluginInfo::State::indexed;
            other.info.problem.clear();
        }
    settle_overrides();
    rebuild_index();
    return nullptr;
}

void PluginHostImpl::collect_infos() const {
    infos.clear();
    for (const auto& file : files) {
        auto& info = infos.emplace_back(file.info);
        if (!file.module)
            continue;
        info.calls = file.module->calls();
        info.errors = file.module->errors();
        info.slowest = file.module->slowest();
        info.definitions_used = file.module->definitions_used();
    }
}

}  // namespace waggle::plugin
