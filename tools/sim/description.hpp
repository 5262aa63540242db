/// What a virtual device is: the contents of a file in devices/, checked.
///
/// README.md describes the format. Everything is data but `behaviours`, which name code in
/// behaviour/.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>

#include <boost/json/value.hpp>

#include "bytes.hpp"
#include "ota_description.hpp"

namespace waggle::sim {

/// `manufacturer` 0 is the standard attribute.
struct AttributeKey {
    std::uint8_t endpoint = 0;
    std::uint16_t cluster = 0;
    std::uint16_t manufacturer = 0;
    std::uint16_t id = 0;

    auto operator<=>(const AttributeKey&) const = default;
};

struct AttributeDescription {
    AttributeKey key;
    std::string name;
    std::uint8_t type = 0;
    Bytes value;
    bool readable = true;
    bool writable = false;
    bool reportable = true;
    /// Sent to the coordinator at every change, without binding or configured reporting, as many
    /// Xiaomi devices do.
    bool unsolicited = false;
    bool persistent = true;
    /// More records in every report of it: Lumi's relays say why they switched.
    Bytes report_with;
};

struct EndpointDescription {
    std::uint8_t id = 1;
    std::uint16_t profile = 0x0104;
    std::uint16_t device = 0;
    std::uint8_t version = 0;
    std::vector<std::uint16_t> in;
    std::vector<std::uint16_t> out;
    std::vector<std::string> behaviours;
    /// How its behaviours go about it: seconds of a motor's way, watts of a load.
    std::map<std::string, double> settings;

    [[nodiscard]] double setting(const std::string& name, double fallback) const {
        const auto found = settings.find(name);
        return found == settings.end() ? fallback : found->second;
    }
};

struct Condition {
    AttributeKey key;
    Bytes equals;
};

/// One step of a gesture.
struct Step;
using Steps = std::vector<Step>;

/// Bytes as they go on the air; 0x100 stands where the sequence number goes.
struct FrameTemplate {
    std::uint8_t endpoint = 1;
    std::uint16_t cluster = 0;
    std::vector<std::uint16_t> bytes;
    bool to_bound = false;
    /// The cluster whose bindings count for `to_bound`, if not the frame's own: remotes send all
    /// their commands to where genOnOff is bound.
    std::optional<std::uint16_t> bindings_of;
    std::optional<std::uint16_t> group;
};

struct SendStep {
    FrameTemplate frame;
};
struct DelayStep {
    std::chrono::milliseconds delay{0};
};
struct SetStep {
    AttributeKey key;
    Bytes value;
    bool toggle = false;
    bool quiet = false;
};
struct ReportStep {
    AttributeKey key;
};
struct AnnounceStep {};
struct LeaveStep {};
/// Goes on with `otherwise` unless the host has written `value` within the time.
struct AwaitWriteStep {
    AttributeKey key;
    Bytes value;
    std::chrono::milliseconds within{0};
    std::vector<Step> otherwise;
};

struct Step {
    std::vector<Condition> when;
    std::variant<SendStep, DelayStep, SetStep, ReportStep, AnnounceStep, LeaveStep, AwaitWriteStep>
        action;
};

struct SleepDescription {
    bool sleepy = false;
    std::chrono::milliseconds poll{0};  // 0: polls only around its own transmissions
    std::chrono::milliseconds awake_after_join{20'000};
    std::chrono::milliseconds awake_after_send{1'000};
};

/// Listens between networks, and answers touchlink commands.
struct TouchlinkDescription {
    std::uint8_t channel = 11;  // while it is not on the coordinator's network
    bool factory_new = true;    // or in a network of somebody else's
};

enum class LogicalType : std::uint8_t { coordinator = 0, router = 1, end_device = 2 };

struct Description {
    std::string name;
    std::uint64_t ieee = 0;
    LogicalType logical_type = LogicalType::router;
    /// Whether it really routes; some devices only say that they do.
    bool routes = true;
    std::uint16_t manufacturer = 0;
    std::uint8_t mac_capabilities = 0x8E;
    Bytes node_descriptor;  // 13 bytes, made from the above unless given
    std::uint16_t power_descriptor = 0xC110;
    std::uint8_t lqi = 120;
    std::uint8_t binding_table = 40;  // how many bindings it can keep
    bool zigbee3 = true;              // asks the trust centre for a link key of its own
    SleepDescription sleep;
    std::optional<TouchlinkDescription> touchlink;
    std::optional<OtaDescription> ota;
    std::vector<EndpointDescription> endpoints;
    std::vector<AttributeDescription> attributes;
    std::map<std::string, Steps> gestures;
    std::vector<std::string> after_join;  // gestures
    std::vector<FrameTemplate> burst;

    bool rx_on_when_idle() const { return mac_capabilities & 0x08; }
};

/// A sentence naming the place in the document.
class DescriptionError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// @throws DescriptionError
[[nodiscard]] Description parse_description(const boost::json::value& document);
[[nodiscard]] Description load_description(const std::string& path);

}  // namespace waggle::sim
