#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <boost/json/value.hpp>

#include "base/task_group.hpp"
#include "plugin/host.hpp"
#include "plugin/matcher.hpp"
#include "plugin/module.hpp"
#include "plugin/value.hpp"

/// What host.cpp and the functions that plugins call (host_api.cpp) share. Included by nobody else.
namespace waggle::plugin {

/// A set, get or configure that waits for its answer.
struct PendingCall {
    explicit PendingCall(const boost::asio::any_io_executor& executor) : done(executor) {}
    OneShot<CommandOutcome> done;
    CommandOutcome outcome;
    std::shared_ptr<Module> module;
    EntityRef entity;
};

/// A request or timer under way.
struct Ticket {
    std::shared_ptr<Module> module;
    wg_entity entity = 0;
    wg_request_kind request_kind = 0;
    wg_completion completion = nullptr;  ///< requests
    void (*run)(void*) = nullptr;        ///< timers
    void* user = nullptr;
    std::unique_ptr<Timer> timer;  ///< null: a request
};

struct StoreKey {
    wg_entity entity;
    wg_store_kind kind;
    std::string plugin, key;
    auto operator<=>(const StoreKey&) const = default;
};

struct PluginFile {
    PluginInfo info;
    std::shared_ptr<Module> module;
};

struct PluginHostImpl {
    PluginHostImpl(boost::asio::any_io_executor executor, PluginHostOptions options,
                   Services& services, Radio& radio, std::function<Device*(Ieee)> find_device,
                   std::function<Group*(GroupId)> find_group);

    // host_files.cpp
    void discover();
    void add_directory(const std::filesystem::path& directory, Origin origin);
    void add_file(const std::filesystem::path& file, Origin origin);
    void settle_overrides();
    void rebuild_index();
    Module* load(std::uint32_t file);
    void refuse(PluginFile& file, std::string problem);
    void collect_infos() const;

    // host.cpp
    std::shared_ptr<const Definition> choose_definition(const Device& device);
    BoundDevice* bind(Device& device);
    void unbind(Ieee device);
    wg_entity handle_of(const EntityRef& entity);
    const EntityRef* entity_of(wg_entity handle) const;
    BoundDevice* bound_of(wg_entity handle) const;
    /// What the definition says of an option nobody set; nullptr: nothing.
    const wg_value* default_of(const Definition& definition, std::string_view name) const;
    wg_call begin_call(const std::shared_ptr<Module>& module, const EntityRef& entity);
    void run_command(wg_call call, const EntityRef& target, const Definition& definition,
                     const wg_to_device& row, wg_to_device_fn function, const Command& command);
    wg_status answer(wg_call call, wg_status status, std::string_view text);
    void end_all_of(const Module& module);
    void end_all_of(wg_entity entity);

    // generator.cpp
    /// The generator of this file, loaded; nullptr: it has none.
    const wg_generator* generator_of(std::uint32_t file);
    std::shared_ptr<const Definition> generate(const Device& device);
    /// What the generator wants to know; valid until it is called again.
    wg_table wanted_by(const wg_generator& generator, Module& module, const Device& device);
    /// Reads of what generators want to know of the device and nobody knows yet.
    std::vector<RadioRequest> wanted_by_generators(const Device& device);

    // tickets.cpp
    wg_status start_request(Module& module, const wg_request& request, wg_completion done,
                            void* user, wg_ticket* ticket);
    wg_status start_timer(Module& module, wg_entity entity, std::uint32_t delay_ms,
                          void (*run)(void*), void* user, wg_ticket* ticket);
    void complete(wg_ticket ticket, const RadioReply& reply);
    void complete_cancelled(wg_ticket ticket);
    void fire(wg_ticket ticket);
    void cancel(const Module& module, wg_ticket ticket);

    bool on_loop() const noexcept { return std::this_thread::get_id() == loop; }

    boost::asio::any_io_executor executor;
    PluginHostOptions options;
    Services& services;
    Radio& radio;
    std::function<Device*(Ieee)> find_device;
    std::function<Group*(GroupId)> find_group;
    std::thread::id loop = std::this_thread::get_id();

    CrashMarker marker;
    std::vector<PluginFile> files;  ///< highest precedence first
    MatchIndex index;
    mutable std::vector<PluginInfo> infos;

    std::unordered_map<Ieee, std::unique_ptr<BoundDevice>> bound;
    std::unordered_map<wg_entity, EntityRef> entities;
    std::map<EntityRef, wg_entity> handles;
    std::unordered_map<wg_call, PendingCall> calls;
    std::unordered_map<wg_ticket, Ticket> tickets;
    std::map<StoreKey, boost::json::value> stored;
    /// By all that they follow from; devices of a kind share one.
    std::map<Bytes, std::weak_ptr<const Definition>> generated;
    std::uint64_t last_number = 0;  ///< of handles, calls and tickets alike

    Scratch scratch;
    Module* current = nullptr;  ///< in whose code the loop is
    unsigned depth = 0;
    TaskGroup tasks;
    std::shared_ptr<int> alive = std::make_shared<int>();  ///< for handlers that may come late
    bool stopping = false;
};

/// Fills the functions of the table.
void fill_api(wg_host& table, const PluginHostOptions& options);

/// Frees what views a call used, when it ends.
class ScratchScope {
  public:
    explicit ScratchScope(Scratch& scratch) noexcept : scratch_(scratch), mark_(scratch.mark()) {}
    ~ScratchScope() { scratch_.release(mark_); }
    ScratchScope(const ScratchScope&) = delete;
    ScratchScope& operator=(const ScratchScope&) = delete;

  private:
    Scratch& scratch_;
    Scratch::Mark mark_;
};

}  // namespace waggle::plugin

/// What `emit` writes to.
struct wg_sink {
    waggle::plugin::Emissions* out;
    const waggle::plugin::Definition* definition;
    waggle::EndpointId endpoint;
};
