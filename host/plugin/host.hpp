#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>

#include "base/async.hpp"
#include "network/device.hpp"
#include "network/network.hpp"
#include "plugin/definition.hpp"
#include "plugin/manifest.hpp"
#include "plugin/services.hpp"

/// The plugin host: finds plugins, keeps an index of what each serves without loading it, loads
/// those whose devices are on the network, and stands between the engine and their code.
///
///     PluginHost host(executor, options, services, radio);
///     host.discover();                            // reads manifests only
///     BoundDevice* bound = host.bind(device);     // may load a plugin; nullptr: no definition
///     ...
///     host.find(ieee)->convert(message, emissions);   // the hot path: no coroutine, no allocation
///
/// Every call into a plugin is guarded (exceptions, time), counted, and noted in a file that
/// outlives a crash. Loop thread only.
namespace waggle::plugin {

/// The properties that one message gave, reused from message to message: its JSON lives in a buffer
/// of its own, so that filling it costs no allocation in the usual case. Copy out what is kept.
class Emissions {
  public:
    Emissions() : memory_(buffer_, sizeof buffer_) { object_.emplace(&memory_); }
    Emissions(const Emissions&) = delete;
    Emissions& operator=(const Emissions&) = delete;

    boost::json::object& properties() noexcept { return *object_; }
    bool empty() const noexcept { return object_->empty(); }
    void clear() noexcept {
        object_.reset();
        memory_.release();
        object_.emplace(&memory_);
    }

  private:
    unsigned char buffer_[4096];
    boost::json::monotonic_resource memory_;
    std::optional<boost::json::object> object_;
};

/// One key of a command from the user, see wg_set. Built by name, then moved.
struct Command {
    Command() = default;
    EndpointId endpoint = 0;      ///< resolved; 0 for groups
    std::string endpoint_name;    ///< "" unless one was addressed by name
    std::string key;              ///< without suffix
    boost::json::value value;     ///< null for a get
    boost::json::object message;  ///< everything the user sent, this endpoint's suffixes removed
};

/// What became of it. `states` in the order the plugin gave them; no endpoint suffix added yet.
struct CommandOutcome {
    CommandOutcome() = default;
    bool ok = false;
    std::string message;  ///< for the log line, when not ok
    std::vector<std::pair<EntityRef, boost::json::object>> states;
};

/// A device that has a definition. Owned by PluginHost; the pointer is valid until unbind() or the
/// plugin's replacement, so nobody keeps it across a suspension.
class BoundDevice {
  public:
    const Definition& definition() const noexcept { return *definition_; }
    Ieee ieee() const noexcept { return ieee_; }
    wg_entity handle() const noexcept { return handle_; }

    /// Whether any converter wants this cluster and kind (at any endpoint): what zigbee2mqtt means
    /// by "no converter available".
    bool converts(ClusterId cluster, wg_message_kind kind) const noexcept {
        return !definition_->from_device(cluster, kind).empty();
    }

    /// Runs the converters that fit the message, in order; their properties are added to `out`.
    /// What a converter publishes at once goes through Services::publish before this returns. What
    /// one converter does wrong is logged and counted, and the next one runs.
    void convert(const ZclMessage& message, Emissions& out);

    /// WG_EVENT_…; costs nothing when the definition does not want it. Messages: convert() does it.
    void event(wg_event_type type);

    /// Corrections of what the device says of itself (type, power source, clusters, time-outs);
    /// true when database.db has to be written. Call at bind for devices that are configured
    /// already (fields that only live with the process), and before configure().
    bool apply_quirks(Device& device) const;

    /// Options of the device changed, or it was bound: says the definition's notes that apply now.
    void options_changed();

  private:
    friend class PluginHost;
    friend struct PluginHostImpl;
    BoundDevice() = default;

    struct PluginHostImpl* host_ = nullptr;
    Ieee ieee_;
    wg_entity handle_ = 0;
    std::shared_ptr<const Definition> definition_;
    std::vector<bool> said_notes_;
};

/// What an action of a plugin sends, see wg_inter_pan_command.
struct InterPanCommand {
    ClusterId cluster = 0;
    ManufacturerCode manufacturer = 0;  ///< 0: none
    std::uint8_t command = 0;
    Bytes payload;
};

struct PluginHostOptions {
    std::vector<std::filesystem::path> built_in;  ///< see built_in_directories()
    std::filesystem::path user;                   ///< <data>/plugins
    std::vector<std::filesystem::path>
        extra;                           ///< --plugin-path, then WAGGLE_PLUGIN_PATH; also files
    std::filesystem::path crash_marker;  ///< <data>/plugin.running; empty: none
    std::uint32_t configuration_version = 0;        ///< `version` of configuration.yaml; 0: none
    std::chrono::microseconds slow_callback{5000};  ///< longer ones are reported
};

/// Where built-in plugins may stand: beside an installed binary, in the configured library
/// directory, or, when the binary runs from a build tree, the plugins built there.
std::vector<std::filesystem::path> built_in_directories();
std::vector<std::filesystem::path> split_path(std::string_view colon_separated);

enum class Origin : std::uint8_t { built_in, user, extra };
std::string_view to_string(Origin origin) noexcept;  ///< "built-in", "user", "path"

/// One file that was found. Also what `waggle plugin list` and bridge/plugins show.
struct PluginInfo {
    enum class State : std::uint8_t {
        indexed,  ///< known by its manifest, not loaded: none of its devices is here
        loaded,
        refused,      ///< `problem` says why
        overridden,   ///< another file of the same id comes first; `problem` names it
        quarantined,  ///< the host crashed inside it and the file has not changed since
    };
    std::filesystem::path path;
    Origin origin = Origin::built_in;
    State state = State::indexed;
    Manifest manifest;  ///< empty when it could not be read
    std::string problem;
    std::uint64_t calls = 0, errors = 0;
    std::chrono::nanoseconds slowest{0};
    std::uint32_t definitions_used = 0;
};
std::string_view to_string(PluginInfo::State state) noexcept;

class PluginHost {
  public:
    /// `services` and `radio` must outlive the host.
    PluginHost(boost::asio::any_io_executor executor, PluginHostOptions options, Services& services,
               Radio& radio, std::function<Device*(Ieee)> find_device,
               std::function<Group*(GroupId)> find_group);
    ~PluginHost();

    /// Reads the manifests of all files in all directories and builds the index. What is refused is
    /// logged with one sentence, kept in plugins(), and costs the others nothing.
    void discover();
    const std::vector<PluginInfo>& plugins() const;

    /// Chooses the definition [exposes.md 1] and binds the device to it, again if it was bound (its
    /// identity may have changed). nullptr: no plugin serves it, or the one that does failed to
    /// load.
    /// Where no definition is for the device, generators are asked.
    BoundDevice* bind(Device& device);
    /// Reads what generators want to know of a device that no definition is for. true: the device
    /// told something, so that bind() may give a better definition. Nothing to do: no turn is lost.
    [[nodiscard]] Awaitable<bool> learn(Ieee device);
    /// A definition for the device as the source of a plugin, from the first generator that has one;
    /// "": none.
    std::string source_for(const Device& device);

    /// Names of what plugins offer to do, sorted; none of them is loaded for that.
    std::vector<std::string> actions() const;
    /// What the action of that name sends. nullopt: no plugin has it, or `problem` says what was
    /// wrong.
    std::optional<InterPanCommand> make_action(std::string_view name,
                                               const boost::json::object& parameters,
                                               std::uint64_t extended_pan_id, std::string& problem);
    /// Its definition says that the interview does not have to come to its end.
    [[nodiscard]] bool interview_may_fail(const Device& device);
    void unbind(Ieee device);  ///< WG_EVENT_REMOVED is sent; timers and volatile store end
    BoundDevice* find(Ieee device) noexcept;

    /// Runs a setter or getter on a device or group. Waits for the plugin's answer (an hour at
    /// most: the device may sleep).
    [[nodiscard]] Awaitable<CommandOutcome> set(EntityRef target,
                                                std::shared_ptr<const Definition> definition,
                                                const wg_to_device* converter, Command command);
    [[nodiscard]] Awaitable<CommandOutcome> get(EntityRef target,
                                                std::shared_ptr<const Definition> definition,
                                                const wg_to_device* converter, Command command);
    std::shared_ptr<const Definition> definition_of(Ieee device) const;

    /// Bindings, reportings, then the definition's own functions. Call apply_quirks() first.
    /// @param problem  one sentence when it failed
    [[nodiscard]] Awaitable<Result<void>> configure(Ieee device, std::string& problem);

    /// The option as a plugin would see it, with the definition's default.
    std::optional<boost::json::value> option(Ieee device, std::string_view name) const;

    /// The exposes that apply to the device now; valid until the next call.
    wg_table exposes_of(const BoundDevice& bound) const;

    /// bridge/devices[].definition; empty when the device has none.
    boost::json::object definition_json(const Device& device, std::string_view user_icon) const;

    /// Cancels what is under way, sends WG_EVENT_STOPPED, deinits every plugin, newest first.
    Awaitable<void> stop();

  private:
    std::unique_ptr<struct PluginHostImpl> impl_;
};

/// What kind of message this is to a converter; WG_RAW when it could not be decoded, 0 when it is
/// nothing a converter can want (default responses, write responses, discovery).
wg_message_kind kind_of(const ZclMessage& message) noexcept;

}  // namespace waggle::plugin
