#include "store/settings.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include <boost/json/value.hpp>

namespace waggle::store {
namespace {

namespace json = boost::json;

/// Reads members of one object into fields; what is absent, null or of another type leaves the
/// field's default. The schema was checked before.
class Section {
  public:
    explicit Section(const json::object* object) : object_(object) {}

    Section section(std::string_view key) const {
        const auto* value = find(key);
        return Section(value == nullptr ? nullptr : value->if_object());
    }

    void read(std::string_view key, bool& field) const {
        if (const auto* value = find(key); value != nullptr && value->is_bool())
            field = value->get_bool();
    }
    void read(std::string_view key, std::string& field) const {
        if (const auto* value = find(key); value != nullptr && value->is_string())
            field = value->get_string();
    }
    template <class Number>
    requires std::is_arithmetic_v<Number>
    void read(std::string_view key, Number& field) const {
        if (const auto* value = find(key); value != nullptr && value->is_number())
            field = fitted<Number>(value->to_number<double>());
    }
    template <class Value>
    void read(std::string_view key, std::optional<Value>& field) const {
        const auto* value = find(key);
        if (value == nullptr || value->is_null())
            return;
        Value inner{};
        read(key, inner);
        field = inner;
    }
    void read(std::string_view key, std::vector<std::string>& field) const {
        if (const auto* array = list(key)) {
            field.clear();
            for (const auto& element : *array)
                if (element.is_string())
                    field.emplace_back(element.get_string());
        }
    }
    void read(std::string_view key, std::vector<std::uint8_t>& field) const {
        if (const auto* array = list(key)) {
            field.clear();
            for (const auto& element : *array)
                if (element.is_number())
                    field.push_back(fitted<std::uint8_t>(element.to_number<double>()));
        }
    }
    void read(std::string_view key, json::object& field) const {
        if (const auto* value = find(key); value != nullptr && value->is_object())
            field = value->get_object();
    }
    const json::object* object() const { return object_; }

  private:
    const json::value* find(std::string_view key) const {
        return object_ == nullptr ? nullptr : object_->if_contains(key);
    }
    const json::array* list(std::string_view key) const {
        const auto* value = find(key);
        return value == nullptr ? nullptr : value->if_array();
    }
    template <class Number>
    static Number fitted(double value) {
        if constexpr (std::is_floating_point_v<Number>) {
            return value;
        } else {
            const auto low = static_cast<double>(std::numeric_limits<Number>::min());
            const auto high = static_cast<double>(std::numeric_limits<Number>::max());
            return static_cast<Number>(std::clamp(std::round(value), low, high));
        }
    }

    const json::object* object_;
};

void read(const Section& in, Settings::HomeAssistant& out) {
    in.read("enabled", out.enabled);
    in.read("discovery_topic", out.discovery_topic);
    in.read("status_topic", out.status_topic);
    in.read("legacy_action_sensor", out.legacy_action_sensor);
    in.read("experimental_event_entities", out.experimental_event_entities);
}

void read(const Section& in, Settings::Availability& out) {
    in.read("enabled", out.enabled);
    const auto active = in.section("active");
    active.read("timeout", out.active.timeout);
    active.read("max_jitter", out.active.max_jitter);
    active.read("backoff", out.active.backoff);
    active.read("pause_on_backoff_gt", out.active.pause_on_backoff_gt);
    in.section("passive").read("timeout", out.passive.timeout);
}

void read(const Section& in, Settings::Mqtt& out) {
    in.read("base_topic", out.base_topic);
    in.read("server", out.server);
    in.read("user", out.user);
    in.read("password", out.password);
    in.read("client_id", out.client_id);
    in.read("ca", out.ca);
    in.read("key", out.key);
    in.read("cert", out.cert);
    in.read("reject_unauthorized", out.reject_unauthorized);
    in.read("server_name", out.server_name);
    in.read("keepalive", out.keepalive);
    in.read("version", out.version);
    in.read("include_device_information", out.include_device_information);
    in.read("force_disable_retain", out.force_disable_retain);
    in.read("maximum_packet_size", out.maximum_packet_size);
}

void read(const Section& in, Settings::Serial& out) {
    in.read("port", out.port);
    in.read("adapter", out.adapter);
    in.read("baudrate", out.baudrate);
    in.read("rtscts", out.rtscts);
    in.read("disable_led", out.disable_led);
}

void read(const Section& in, Settings::Ota& out) {
    in.read("update_check_interval", out.update_check_interval);
    in.read("disable_automatic_update_check", out.disable_automatic_update_check);
    in.read("zigbee_ota_override_index_location", out.zigbee_ota_override_index_location);
    in.read("image_block_request_timeout", out.image_block_request_timeout);
    in.read("image_block_response_delay", out.image_block_response_delay);
    in.read("default_maximum_data_size", out.default_maximum_data_size);
}

void read(const Section& in, Settings::Frontend& out) {
    in.read("enabled", out.enabled);
    in.read("package", out.package);
    in.read("port", out.port);
    in.read("host", out.host);
    in.read("auth_token", out.auth_token);
    in.read("url", out.url);
    in.read("base_url", out.base_url);
    in.read("ssl_cert", out.ssl_cert);
    in.read("ssl_key", out.ssl_key);
    in.read("notification_filter", out.notification_filter);
    in.read("disable_ui_serving", out.disable_ui_serving);
}

void read_logging(const Section& in, Settings::Advanced& out) {
    in.read("log_output", out.log_output);
    in.read("log_level", out.log_level);
    if (const auto* levels = in.section("log_namespaced_levels").object())
        for (const auto& level : *levels)
            if (level.value().is_string())
                out.log_namespaced_levels.insert_or_assign(std::string(level.key()),
                                                           std::string(level.value().get_string()));
    in.read("log_debug_namespace_ignore", out.log_debug_namespace_ignore);
    in.read("log_debug_to_mqtt_frontend", out.log_debug_to_mqtt_frontend);
    in.read("log_directory", out.log_directory);
    in.read("log_file", out.log_file);
    in.read("log_rotation", out.log_rotation);
    in.read("log_symlink_current", out.log_symlink_current);
    in.read("log_directories_to_keep", out.log_directories_to_keep);
    in.read("log_console_json", out.log_console_json);
    in.read("log_syslog", out.log_syslog);
    in.read("timestamp_format", out.timestamp_format);
}

void read(const Section& in, Settings::Advanced& out) {
    read_logging(in, out);
    in.read("pan_id", out.pan_id);
    in.read("ext_pan_id", out.ext_pan_id);
    in.read("network_key", out.network_key);
    in.read("channel", out.channel);
    in.read("adapter_concurrent", out.adapter_concurrent);
    in.read("adapter_delay", out.adapter_delay);
    in.read("transmit_power", out.transmit_power);
    in.read("cache_state", out.cache_state);
    in.read("cache_state_persistent", out.cache_state_persistent);
    in.read("cache_state_send_on_startup", out.cache_state_send_on_startup);
    in.read("elapsed", out.elapsed);
    in.read("enable_external_js", out.enable_external_js);
    std::string word;
    in.read("last_seen", word);
    out.last_seen = word == "ISO_8601"         ? LastSeen::iso_8601
                    : word == "ISO_8601_local" ? LastSeen::iso_8601_local
                    : word == "epoch"          ? LastSeen::epoch
                                               : LastSeen::disable;
    in.read("output", word);
    out.output = word == "attribute"            ? Output::attribute
                 : word == "attribute_and_json" ? Output::attribute_and_json
                                                : Output::json;
}

Entities read_entities(const Section& in) {
    Entities entities;
    if (in.object() == nullptr)
        return entities;
    for (const auto& member : *in.object()) {
        EntityEntry entry;
        entry.id = member.key();
        if (const auto* options = member.value().if_object())
            entry.options = *options;
        Section(&entry.options).read("friendly_name", entry.friendly_name);
        entry.options.erase("friendly_name");
        if (entry.friendly_name.empty())
            entry.friendly_name = entry.id;
        entities.emplace(entry.id, std::move(entry));
    }
    return entities;
}

const json::value* option(const json::object& options, std::string_view key) {
    return options.if_contains(key);
}

}  // namespace

Settings read_settings(const json::object& merged) {
    const Section in(&merged);
    Settings out;
    in.read("version", out.version);
    read(in.section("homeassistant"), out.homeassistant);
    read(in.section("availability"), out.availability);
    read(in.section("mqtt"), out.mqtt);
    read(in.section("serial"), out.serial);
    in.read("passlist", out.passlist);
    in.read("blocklist", out.blocklist);
    read(in.section("ota"), out.ota);
    read(in.section("frontend"), out.frontend);
    read(in.section("advanced"), out.advanced);
    const auto health = in.section("health");
    health.read("interval", out.health.interval);
    health.read("reset_on_check", out.health.reset_on_check);
    in.read("map_options", out.map_options);
    in.read("device_options", out.device_options);
    out.devices = read_entities(in.section("devices"));
    out.groups = read_entities(in.section("groups"));
    return out;
}

std::optional<bool> bool_option(const json::object& options, std::string_view key) {
    const auto* value = option(options, key);
    return value != nullptr && value->is_bool() ? std::optional(value->get_bool()) : std::nullopt;
}

std::optional<double> number_option(const json::object& options, std::string_view key) {
    const auto* value = option(options, key);
    return value != nullptr && value->is_number() ? std::optional(value->to_number<double>())
                                                  : std::nullopt;
}

std::optional<std::string_view> text_option(const json::object& options, std::string_view key) {
    const auto* value = option(options, key);
    return value != nullptr && value->is_string()
               ? std::optional<std::string_view>(value->get_string())
               : std::nullopt;
}

std::vector<std::string> text_list_option(const json::object& options, std::string_view key) {
    std::vector<std::string> texts;
    Section(&options).read(key, texts);
    return texts;
}

}  // namespace waggle::store
