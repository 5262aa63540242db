#pragma once

#include <waggle/message.hpp>

/// Definitions as data. One device is one function that returns a Definition:
///
///     Definition plug() {
///         return {
///             .zigbee_models = {"ACME-PLUG-1"},
///             .model = "ACME-PLUG-1",
///             .vendor = "ACME",
///             .description = "Plug",
///             .extend = {on_off()},
///         };
///     }
///
/// It is called when a device on the network first needs it, so that a plugin for a thousand devices
/// costs memory for those that are there. Objects of static storage were tried and rejected: they are
/// all built when the plugin is loaded, and GCC 12 takes minutes to compile a few hundred in one file.
#pragma GCC visibility push(hidden)
namespace waggle {

enum class Kind : std::uint32_t {
    report = WG_REPORT,
    read_response = WG_READ_RESPONSE,
    state = WG_REPORT | WG_READ_RESPONSE,  ///< both: what a device says of an attribute
    command = WG_COMMAND,
    command_response = WG_COMMAND_RESPONSE,
    read = WG_READ,
    write = WG_WRITE,
    raw = WG_RAW,
};
constexpr Kind operator|(Kind a, Kind b) noexcept {
    return static_cast<Kind>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}

inline constexpr std::uint8_t any_endpoint = 0;

// Where to bind, report and read: each endpoint whose inputs list the cluster, or the first of them.
inline constexpr std::uint8_t every_endpoint = WG_EVERY_ENDPOINT;
inline constexpr std::uint8_t first_endpoint = WG_FIRST_ENDPOINT;
// For bindings only: each endpoint whose outputs list the cluster.
inline constexpr std::uint8_t every_client_endpoint = WG_EVERY_CLIENT_ENDPOINT;

struct FromDevice {
    std::uint16_t cluster = 0;
    Kind kinds = Kind::state;
    std::uint8_t endpoint = any_endpoint;
    std::function<void(const Message&, Publisher&)> convert = {};
    std::string name = {};  ///< for logs
    std::uint16_t command = WG_ANY_COMMAND;
    std::vector<std::string> endpoints = {};  ///< names; instead of `endpoint`
};

struct ToDevice {
    std::vector<std::string> keys = {};
    std::function<void(const Set&)> set = {};
    std::function<void(const Set&)> get = {};
    std::vector<std::string> endpoints = {};  ///< names; empty: all
};

enum class Access : std::uint32_t {
    none = 0,
    state = WG_ACCESS_STATE,
    set = WG_ACCESS_SET,
    get = WG_ACCESS_GET,
    state_set = WG_ACCESS_STATE | WG_ACCESS_SET,
    state_get = WG_ACCESS_STATE | WG_ACCESS_GET,
    all = WG_ACCESS_STATE | WG_ACCESS_SET | WG_ACCESS_GET,
};

enum class ExposeType : std::uint32_t {
    binary = WG_EXPOSE_BINARY,
    numeric = WG_EXPOSE_NUMERIC,
    enumeration = WG_EXPOSE_ENUM,
    text = WG_EXPOSE_TEXT,
    list = WG_EXPOSE_LIST,
    composite = WG_EXPOSE_COMPOSITE,
    switch_ = WG_EXPOSE_SWITCH,
    light = WG_EXPOSE_LIGHT,
    lock = WG_EXPOSE_LOCK,
    cover = WG_EXPOSE_COVER,
    fan = WG_EXPOSE_FAN,
    climate = WG_EXPOSE_CLIMATE,
};

enum class Category : std::uint32_t {
    none = WG_CATEGORY_NONE,
    config = WG_CATEGORY_CONFIG,
    diagnostic = WG_CATEGORY_DIAGNOSTIC,
};

struct Preset {
    std::string name;
    Value value;
    std::string description = {};
};

struct Expose {
    ExposeType type = ExposeType::text;
    std::string name = {};
    Access access = Access::none;
    std::string description = {};
    std::string label = {};     ///< empty: made from the name
    std::string property = {};  ///< empty: the name
    std::string endpoint = {};
    std::string unit = {};
    Category category = Category::none;
    std::optional<double> min = {}, max = {}, step = {};
    std::optional<std::uint32_t> length_min = {}, length_max = {};
    Value value_on = {}, value_off = {}, value_toggle = {};
    std::vector<Value> values = {};
    std::vector<Preset> presets = {};
    std::vector<Expose> features = {};
    Object homeassistant = {};
};

/// See wg_option.
struct Option {
    Expose expose;
    Value default_value = {};
    std::uint32_t newer_from_version = 0;
    Value newer_default = {};
    bool of_reports = false;  ///< listed after those of setting, as zigbee2mqtt does
};

struct Note {
    std::string option;  ///< said in the log where this option is set; empty: documentation only
    std::string text;
};

struct EndpointName {
    std::string name;
    std::uint8_t id = 0;
};

struct EndpointMatch {
    std::uint8_t id = 0;
    std::optional<std::uint16_t> profile = {}, device_id = {};
    std::optional<std::vector<std::uint16_t>> inputs = {}, outputs = {};
};

struct Fingerprint {
    std::string model_id = {}, manufacturer_name = {}, power_source = {}, date_code = {},
                software_build_id = {}, device_type = {}, ieee_pattern = {};
    std::int32_t manufacturer = -1, hardware_version = -1, application_version = -1,
                 stack_version = -1, zcl_version = -1;
    std::vector<EndpointMatch> endpoints = {};
    std::int32_t priority = 0;
};

struct WhiteLabel {
    std::string vendor, model, description = {};
    std::vector<Fingerprint> fingerprints = {};
};

struct Binding {
    std::uint16_t cluster = 0;
    std::uint8_t endpoint = 0;  ///< 0: the default endpoint; every_endpoint, first_endpoint
    std::vector<std::string> endpoints = {};  ///< names; instead of `endpoint`
};

struct Reporting {
    std::uint16_t cluster = 0;
    std::uint16_t attribute = 0;
    std::uint16_t minimum = 0, maximum = 3600;  ///< seconds
    double change = 0;
    std::uint8_t endpoint = 0;
    Type type = Type::from_table;
    std::uint16_t manufacturer = 0;
    std::vector<std::string> endpoints = {};
};

/// Read once when the device is prepared; that it cannot be read is no failure.
struct Reading {
    std::uint16_t cluster = 0;
    std::uint16_t attribute = 0;
    std::uint8_t endpoint = 0;
    std::uint16_t manufacturer = 0;
    std::vector<std::string> endpoints = {};
    bool joined = false;  ///< in one frame with the reading before it
};

enum class Direction : std::uint8_t { input, output };
struct ClusterEdit {
    std::uint8_t endpoint = 0;
    std::uint16_t cluster = 0;
    Direction direction = Direction::output;
    bool remove = false;
};

enum class DeviceType : std::uint8_t { as_announced, router, end_device };

/// What a device says of itself and should not be believed.
struct Quirks {
    DeviceType device_type = DeviceType::as_announced;
    std::string power_source = {};
    bool power_source_if_unknown = false;  ///< believed where the device says one
    std::vector<ClusterEdit> clusters = {};
    std::uint32_t request_timeout_ms = 0;
    std::uint32_t checkin_interval_s = 0;   ///< how often it asks for messages; 0: as it says
    bool no_default_response = false;       ///< it answers commands with none
    bool send_no_default_response = false;  ///< and wants none
    bool forgets_reporting = false;         ///< with its power
    bool interview_may_fail = false;        ///< it works all the same
    /// A router that sends on what end devices say under its own address, see
    /// WG_DEFINITION_RELAYS_AS_GROUP.
    bool relays_as_group = false;
};

struct Ota {
    std::string model_id = {}, manufacturer_name = {}, header_string = {};
    std::int32_t hardware_version_min = -1, hardware_version_max = -1;
    /// It may stay silent that long in the middle: some fetch in the background. 0: as configured.
    std::uint32_t block_timeout_s = 0;
    std::uint8_t maximum_data_size = 0;  ///< octets in a block that it takes; 0: as configured
    bool device_chooses_size = false;    ///< blocks are as large as it asks for
};

/// Prepares a device after its interview; ends with done() or fail(), now or later.
using Configure = std::function<void(Device, Answer)>;

struct EventHandler {
    std::uint32_t events = 0;  ///< WG_EVENT_… bits
    std::function<void(const wg_event&)> handle;
};

/// An expose that a device has while its option is true.
struct OptionalExpose {
    std::string option;
    Expose expose;
};

/// Parts of a definition that belong together: what a ready-made converter brings.
struct Extension {
    std::vector<Expose> exposes = {};
    std::vector<FromDevice> from_device = {};
    std::vector<ToDevice> to_device = {};
    std::vector<Option> options = {};
    std::vector<Configure> configure = {};
    std::vector<EventHandler> events = {};
    std::vector<Binding> bindings = {};
    std::vector<Reporting> reportings = {};
    std::vector<ClusterEdit> cluster_edits = {};
    std::optional<Ota> ota = {};
    std::vector<Reading> readings = {};
    std::vector<OptionalExpose> exposes_if = {};
    std::string power_source_if_unknown = {};  ///< "Battery", where the device does not say
    bool forgets_reporting = false;            ///< see Quirks
    Object traits = {};  ///< what setters that serve groups ask of the members, see Set::trait
};

/// How the exposes of extensions join the definition's own.
enum class ExposeOrder : std::uint8_t {
    actions_last,  ///< own exposes, then those of extensions, all actions as one enum at the end
    as_written,    ///< extensions in order, then own; nothing is moved
};

struct Definition {
    std::vector<std::string> zigbee_models = {};
    std::vector<std::string> manufacturer_names = {};
    std::vector<Fingerprint> fingerprints = {};
    std::string model;
    std::string vendor;
    std::string description;
    std::string icon = {};
    std::uint32_t revision = 0;  ///< greater than before: devices are configured again
    std::vector<WhiteLabel> white_labels = {};
    std::vector<EndpointName> endpoints = {};
    bool multi_endpoint = false;
    std::vector<std::string> unsuffixed = {};
    Quirks quirks = {};
    std::vector<Extension> extend = {};
    std::vector<FromDevice> from_device = {};
    std::vector<ToDevice> to_device = {};
    std::vector<Expose> exposes = {};
    ExposeOrder expose_order = ExposeOrder::actions_last;
    std::vector<Option> options = {};
    std::vector<Configure> configure = {};
    std::vector<EventHandler> events = {};
    std::vector<Binding> bindings = {};
    std::vector<Reporting> reportings = {};
    std::optional<Ota> ota = {};
    std::vector<Note> notes = {};
    std::vector<Reading> readings = {};
    std::vector<OptionalExpose> exposes_if = {};
    Object traits = {};
};

}  // namespace waggle
#pragma GCC visibility pop
