#include "plugin/module.hpp"

#include <algorithm>
#include <cstring>

#include <boost/asio/post.hpp>
#include <boost/dll/shared_library.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "plugin/host_impl.hpp"

namespace waggle::plugin {
namespace {

constexpr std::uint32_t most_definitions = 65536;
constexpr std::uint32_t most_posted = 1024;
constexpr std::size_t least_entry_size = sizeof(wg_plugin_entry);

/// Libraries that were mapped; on purpose never destroyed (see Module::load).
std::vector<boost::dll::shared_library>& mapped_libraries() {
    static auto* libraries = new std::vector<boost::dll::shared_library>;
    return *libraries;
}

/// What the loader said, out of Boost.DLL's sentence around it.
std::string loader_text(const std::exception& error) {
    std::string_view text = error.what();
    constexpr std::string_view before = "dlerror system message: ";
    if (const auto at = text.find(before); at != text.npos)
        text.remove_prefix(at + before.size());
    if (const auto at = text.rfind("): "); at != text.npos)
        text = text.substr(0, at);
    return std::string(text);
}

const wg_plugin_entry* map_entry(const std::filesystem::path& file, std::string& problem) {
    try {
        namespace dll = boost::dll;
        dll::shared_library library(file.string(),
                                    dll::load_mode::rtld_now | dll::load_mode::rtld_local);
        auto& kept = mapped_libraries().emplace_back(std::move(library));
        if (!kept.has("waggle_plugin")) {
            problem = "does not export waggle_plugin; build it with the Waggle SDK";
            return nullptr;
        }
        return &kept.get<const wg_plugin_entry>("waggle_plugin");
    } catch (const std::exception& error) {
        problem = fmt::format(
            "cannot be loaded ({}); install the libraries it needs, or a build "
            "for this system",
            loader_text(error));
        return nullptr;
    }
}

/// Logged fully at first, then at powers of two, so that a device that repeats itself does not fill
/// the log.
bool worth_a_line(std::uint64_t count) noexcept {
    return count <= 10 || (count & (count - 1)) == 0;
}

std::string describe(const CallSite& site, PluginHostImpl& host) {
    std::string text(site.what);
    if (!site.name.empty())
        text += fmt::format(" '{}'", site.name);
    if (site.definition)
        text += fmt::format(" of {}", site.definition->model());
    if (!site.device.is_null())
        text +=
            fmt::format(" for '{}'", host.services.friendly_name(EntityRef::device(site.device)));
    return text;
}

}  // namespace

Result<std::shared_ptr<Module>> Module::load(const std::filesystem::path& file,
                                             const Manifest& manifest, PluginHostImpl& host,
                                             std::string& problem) {
    const std::shared_ptr<Module> module(new Module);
    module->host_ = &host;
    module->id_ = manifest.id;
    module->log_name_ = "plugin:" + manifest.id;
    module->marker_ = host.marker.add(manifest.id, file);

    const auto marker_before = host.marker.enter(module->marker_);  // constructors run in dlopen
    const auto* entry = map_entry(file, problem);
    host.marker.enter(marker_before);
    if (!entry)
        return Errc::unavailable;
    if (!module->judge_entry(*entry, manifest, problem))
        return Errc::mismatch;
    std::memcpy(&module->entry_, entry, std::min<std::size_t>(entry->size, sizeof module->entry_));

    fill_api(module->api_.table, host.options);
    module->api_.module = module.get();
    if (!module->start(manifest, problem))
        return Errc::unavailable;
    return module;
}

bool Module::judge_entry(const wg_plugin_entry& entry, const Manifest& manifest,
                         std::string& problem) {
    if (entry.magic != WG_MAGIC || entry.size < least_entry_size) {
        problem = "exports a waggle_plugin that is none; build it with the Waggle SDK";
        return false;
    }
    if (entry.abi_major != WG_ABI_MAJOR || entry.required_minor > WG_ABI_MINOR) {
        problem = fmt::format(
            "needs plugin interface {}.{} (its manifest says {}.{}) and this Waggle offers {}.{}; "
            "build it again",
            entry.abi_major, entry.required_minor, manifest.abi_major, manifest.requires_minor,
            WG_ABI_MAJOR, WG_ABI_MINOR);
        return false;
    }
    if (!entry.init || !entry.definition_count || !entry.definition || !entry.id ||
        !entry.version) {
        problem = "has an entry with null functions; build it with the Waggle SDK";
        return false;
    }
    if (manifest.id != entry.id || manifest.version != entry.version) {
        problem = fmt::format("calls itself {} {} but its manifest says {} {}; build it again",
                              entry.id, entry.version, manifest.id, manifest.version);
        return false;
    }
    return true;
}

bool Module::start(const Manifest& manifest, std::string& problem) {
    active_ = true;
    CallSite site{"init", {}, nullptr, {}, true};
    const auto status = call(site, [this] { return entry_.init(&api_.table); });
    if (status != WG_OK) {
        problem = fmt::format("failed to start ({}); ask its author, or remove it",
                              error_.empty() ? fmt::format("status {}", status) : error_);
        active_ = false;
        return false;
    }
    std::uint32_t count = 0;
    site.what = "definition_count";
    call(site, [&] {
        count = entry_.definition_count();
        return WG_OK;
    });
    if (count > most_definitions)
        problem = fmt::format("says it has {} definitions ({} at most); build it again", count,
                              most_definitions);
    else if (manifest.has_models && count != manifest.definitions.size())
        problem = fmt::format("has {} definitions but lists {}; build it again", count,
                              manifest.definitions.size());
    if (!problem.empty()) {
        deinit();
        return false;
    }
    definitions_.resize(count);
    return true;
}

std::shared_ptr<const Definition> Module::definition(std::uint32_t index) {
    if (index >= definitions_.size())
        return nullptr;
    auto& slot = definitions_[index];
    if (slot.asked || !is_active())
        return slot.definition;
    slot.asked = true;

    const wg_definition* data = nullptr;
    const CallSite site{"definition", {}, nullptr, {}, true};
    const auto status = call(site, [&] {
        data = entry_.definition(index);
        return data ? WG_OK : WG_NOT_FOUND;
    });
    if (status != WG_OK) {
        log::error(log_name_, "Definition {} cannot be used: {}", index,
                   error_.empty() ? "it is null" : error_);
        return nullptr;
    }
    std::string problem;
    if (auto checked = Definition::check(*data, shared_from_this(), problem))
        slot.definition = std::move(*checked);
    else
        log::error(log_name_, "Definition {} cannot be used: {}", index, problem);
    if (!slot.definition)
        ++errors_;
    return slot.definition;
}

std::uint32_t Module::definitions_used() const noexcept {
    return static_cast<std::uint32_t>(
        std::count_if(definitions_.begin(), definitions_.end(),
                      [](const Slot& slot) { return slot.definition != nullptr; }));
}

const void* Module::extension(const char* name) {
    const void* result = nullptr;
    if (entry_.get_extension && is_active())
        call({"get_extension", name, nullptr, {}, false}, [&] {
            result = entry_.get_extension(name);
            return WG_OK;
        });
    return result;
}

void Module::deinit() {
    if (!is_active())
        return;
    active_.store(false, std::memory_order_release);
    for (auto& slot : definitions_)
        slot = Slot{true, nullptr};  // what is still bound keeps its own
    if (entry_.deinit)
        call({"deinit", {}, nullptr, {}, false}, [this] {
            entry_.deinit();
            return WG_OK;
        });
}

wg_status Module::post(void (*run)(void*), void* user) {
    if (!run)
        return WG_INVALID;
    if (!is_active())
        return WG_CANCELLED;
    if (posted_.fetch_add(1) >= most_posted) {
        posted_.fetch_sub(1);
        return WG_BUSY;
    }
    boost::asio::post(host_->executor, [self = shared_from_this(), run, user] {
        self->posted_.fetch_sub(1);
        if (self->is_active())
            self->call({"post", {}, nullptr, {}, false}, [&] {
                run(user);
                return WG_OK;
            });
    });
    return WG_OK;
}

Module& Module::of(const wg_host* api) noexcept {
    static_assert(offsetof(Api, table) == 0);
    return *reinterpret_cast<const Api*>(api)->module;
}

Module::Guard::Guard(Module& module)
    : module_(module),
      before_(module.host_->current),
      marker_before_(module.host_->marker.enter(module.marker_)),
      start_(std::chrono::steady_clock::now()) {
    module.host_->current = &module;
    module.error_.clear();
}

Module::Guard::~Guard() {
    module_.host_->current = before_;
    module_.host_->marker.enter(marker_before_);
}

void Module::Guard::finish(const CallSite& site, wg_status status) {
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - start_;
    ++module_.calls_;
    module_.slowest_ = std::max(module_.slowest_, took);
    if (took > module_.host_->options.slow_callback)
        module_.report_slow(site, took);
    if (status == WG_ERROR || (status != WG_OK && !site.status_is_answer))
        module_.report_error(site, status);
}

void Module::report_error(const CallSite& site, wg_status status) {
    if (!worth_a_line(++errors_) || site.status_is_answer)
        return;
    log::error(log_name_, "{} failed: {}", describe(site, *host_),
               error_.empty() ? fmt::format("status {}", status) : error_);
}

void Module::report_slow(const CallSite& site, std::chrono::nanoseconds took) {
    if (worth_a_line(++slow_))
        log::warning(log_name_, "{} held the loop for {:.1f} ms", describe(site, *host_),
                     static_cast<double>(took.count()) / 1e6);
}

}  // namespace waggle::plugin
