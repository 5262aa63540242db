#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plugin/crash_marker.hpp"
#include "plugin/definition.hpp"
#include "plugin/manifest.hpp"
#include "waggle/plugin.h"

/// A loaded plugin: its entry, its definitions, and the guard through which every call to it goes.
namespace waggle::plugin {

struct PluginHostImpl;

/// Says where in a plugin a call goes, for logs; formatted only when something is wrong.
struct CallSite {
    std::string_view what;  ///< "converter", "set", "timer", …
    std::string_view name;  ///< the row's name or the property, may be empty
    const Definition* definition = nullptr;
    Ieee device;                    ///< null: none
    bool status_is_answer = false;  ///< only WG_ERROR is the plugin's failure
};

class Module : public std::enable_shared_from_this<Module> {
  public:
    /// Maps the file (RTLD_NOW, RTLD_LOCAL), judges its entry, calls init. `problem` is one
    /// sentence without the file's name. A module that was once mapped stays so: dlclose runs
    /// thread-local destructors at bad moments and does nothing where a unique symbol is bound.
    [[nodiscard]] static Result<std::shared_ptr<Module>> load(const std::filesystem::path& file,
                                                              const Manifest& manifest,
                                                              PluginHostImpl& host,
                                                              std::string& problem);

    const std::string& id() const noexcept { return id_; }
    const std::string& log_name() const noexcept { return log_name_; }  ///< "plugin:<id>"
    bool is_active() const noexcept { return active_.load(std::memory_order_acquire); }

    std::uint32_t definition_count() const noexcept {
        return static_cast<std::uint32_t>(definitions_.size());
    }
    /// Asked of the plugin once; nullptr, and one line in the log, when it cannot be used.
    std::shared_ptr<const Definition> definition(std::uint32_t index);
    std::uint32_t definitions_used() const noexcept;

    const void* extension(const char* name);

    /// Calls `function`, a call into the plugin that returns a wg_status; exceptions become
    /// WG_ERROR. error() then holds the sentence, until the next call.
    template <class Function>
    wg_status call(const CallSite& site, Function&& function) {
        Guard guard(*this);
        wg_status status = WG_ERROR;
        try {
            status = function();
        } catch (const std::exception& thrown) {
            error_ = thrown.what();
        } catch (...) {
            error_ = "it threw something that is no std::exception";
        }
        guard.finish(site, status);
        return status;
    }
    const std::string& error() const noexcept { return error_; }
    void set_error(std::string_view text) { error_ = text; }

    /// Last call; the module is never called again. What is under way for it must be ended before.
    void deinit();

    std::uint64_t calls() const noexcept { return calls_; }
    std::uint64_t errors() const noexcept { return errors_; }
    std::chrono::nanoseconds slowest() const noexcept { return slowest_; }
    PluginHostImpl& host() const noexcept { return *host_; }

    /// From any thread.
    wg_status post(void (*run)(void*), void* user);

    /// The module whose table this is.
    static Module& of(const wg_host* api) noexcept;

  private:
    class Guard {
      public:
        explicit Guard(Module& module);
        ~Guard();
        void finish(const CallSite& site, wg_status status);

      private:
        Module& module_;
        Module* before_;
        std::uint32_t marker_before_;
        std::chrono::steady_clock::time_point start_;
    };
    struct Api {
        wg_host table{};
        Module* module = nullptr;
    };
    struct Slot {
        bool asked = false;
        std::shared_ptr<const Definition> definition;
    };

    Module() = default;
    bool judge_entry(const wg_plugin_entry& entry, const Manifest& manifest, std::string& problem);
    bool start(const Manifest& manifest, std::string& problem);
    void report_error(const CallSite& site, wg_status status);
    void report_slow(const CallSite& site, std::chrono::nanoseconds took);

    Api api_;
    wg_plugin_entry entry_{};
    PluginHostImpl* host_ = nullptr;
    std::string id_, log_name_, version_, error_;
    std::vector<Slot> definitions_;
    std::atomic<bool> active_ = false;
    std::atomic<std::uint32_t> posted_ = 0;
    std::uint32_t marker_ = 0;
    std::uint64_t calls_ = 0, errors_ = 0, slow_ = 0;
    std::chrono::nanoseconds slowest_{0};
};

}  // namespace waggle::plugin
