#include "store/configuration_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

#include "store/configuration.hpp"
#include "store/json_merge.hpp"
#include "store/json_text.hpp"

namespace waggle::store {
namespace {

namespace json = boost::json;

bool is_whole(const json::value& value, double low, double high) {
    if (!value.is_number())
        return false;
    const auto number = value.to_number<double>();
    return number == std::floor(number) && number >= low && number <= high;
}

class Checks {
  public:
    Checks(const json::object& configuration, std::vector<SchemaProblem>& problems)
        : configuration_(configuration), problems_(problems) {}

    void run() {
        number_list({"advanced", "network_key"}, 16);
        number_list({"advanced", "ext_pan_id"}, 8);
        pan_id();
        whole({"advanced", "channel"}, 11, 26);
        whole({"advanced", "transmit_power"}, -128, 127);
        whole({"frontend", "port"}, 1, 65535);
        whole({"serial", "baudrate"}, 1, 10'000'000);
        whole({"mqtt", "keepalive"}, 0, 65535);
        whole({"mqtt", "version"}, 3, 5);
        base_topic();
        entities("devices");
        entities("groups");
    }

  private:
    void report(KeyPath path, std::string allowed) {
        problems_.push_back({std::move(path), allowed, allowed, false});
    }

    void number_list(const KeyPath& path, std::size_t size) {
        const auto* value = value_at(configuration_, path);
        if (value == nullptr || *value == "GENERATE" || (!value->is_array() && !value->is_string()))
            return;
        const auto* list = value->if_array();
        const bool fits = list != nullptr && list->size() == size &&
                          std::all_of(list->begin(), list->end(),
                                      [](const json::value& v) { return is_whole(v, 0, 255); });
        if (!fits)
            report(path, "must be GENERATE or a list of " + std::to_string(size) +
                             " whole numbers from 0 to 255");
    }

    void pan_id() {
        const KeyPath path = {"advanced", "pan_id"};
        const auto* value = value_at(configuration_, path);
        if (value == nullptr || *value == "GENERATE" || is_whole(*value, 1, 65534))
            return;
        if (value->is_string() || (value->is_number() && !is_whole(*value, -1e9, 1e9)))
            report(path, "must be GENERATE or a whole number from 1 to 65534");
    }

    void whole(const KeyPath& path, double low, double high) {
        const auto* value = value_at(configuration_, path);
        if (value == nullptr || !value->is_number() || is_whole(*value, low, high))
            return;
        if (already_reported(path))
            return;
        std::string range;
        append_json_number(range, low);
        range += " to ";
        append_json_number(range, high);
        report(path, "must be a whole number from " + range);
    }

    bool already_reported(const KeyPath& path) const {
        return std::any_of(problems_.begin(), problems_.end(),
                           [&](const SchemaProblem& problem) { return problem.path == path; });
    }

    void base_topic() {
        const KeyPath path = {"mqtt", "base_topic"};
        const auto* value = value_at(configuration_, path);
        if (value == nullptr || !value->is_string())
            return;
        const std::string_view topic = value->get_string();
        const bool is_bad = topic.empty() || topic.front() == '/' || topic.back() == '/' ||
                            topic.find_first_of("+#") != std::string_view::npos;
        if (is_bad)
            report(path, "must be a text without + and # that neither begins nor ends with /");
        const auto* discovery = value_at(configuration_, {"homeassistant", "discovery_topic"});
        if (discovery != nullptr && *discovery == *value)
            report({"homeassistant", "discovery_topic"}, "must differ from mqtt.base_topic");
    }

    void entities(std::string_view section) {
        const auto* value = configuration_.if_contains(section);
        if (value == nullptr || !value->is_object())
            return;
        for (const auto& entry : value->get_object())
            if (entry.value().is_object())
                entity({std::string(section), std::string(entry.key())},
                       entry.value().get_object());
    }

    void entity(const KeyPath& path, const json::object& options) {
        const auto* name = options.if_contains("friendly_name");
        if (name != nullptr && name->is_string())
            friendly_name(path, std::string(name->get_string()));
        const auto* icon = options.if_contains("icon");
        if (icon != nullptr && icon->is_string()) {
            const std::string_view text = icon->get_string();
            if (!text.empty() && !text.starts_with("http://") && !text.starts_with("https://") &&
                !text.starts_with("device_icons/"))
                report(below(path, "icon"), "must begin with http://, https:// or device_icons/");
        }
        const auto* retention = options.if_contains("retention");
        const auto* version = value_at(configuration_, {"mqtt", "version"});
        const bool is_v5 =
            version != nullptr && version->is_number() && version->to_number<double>() == 5;
        if (path[0] == "devices" && retention != nullptr && *retention != 0 &&
            !retention->is_null() && !is_v5)
            report(below(path, "retention"), "needs mqtt.version: 5");
        if (path[0] == "groups" && !is_group_id(path[1]))
            report(path, "must have a whole number from 1 to 65535 as its key");
    }

    static bool is_group_id(const std::string& text) {
        return !text.empty() && text.size() <= 5 && text[0] != '0' &&
               std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
               std::stoi(text) <= 65535;
    }

    static KeyPath below(KeyPath path, std::string key) {
        path.push_back(std::move(key));
        return path;
    }

    void friendly_name(const KeyPath& path, const std::string& name) {
        auto place = below(path, "friendly_name");
        if (const auto problem = friendly_name_problem(name))
            report(place, *problem);
        const auto [first, is_new] = names_.emplace(name, path);
        if (!is_new)
            report(std::move(place), "Duplicate friendly_name '" + name +
                                         "' found, already used by " + first->second[0] + "." +
                                         first->second[1]);
    }

    const json::object& configuration_;
    std::vector<SchemaProblem>& problems_;
    std::map<std::string, KeyPath> names_;
};

/// Code points that zigbee2mqtt counts as control characters, in UTF-8.
bool has_control_character(std::string_view name) {
    const auto at = [&](std::size_t i) {
        return i < name.size() ? static_cast<unsigned char>(name[i]) : 0u;
    };
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto a = at(i), b = at(i + 1), c = at(i + 2);
        if (a < 0x20 || a == 0x7F || (a == 0xC2 && b >= 0x80 && b <= 0x9F))
            return true;
        if (a == 0xEF && b == 0xB7 && c >= 0x90 && c <= 0xAF)  // U+FDD0..U+FDEF
            return true;
        if (a == 0xEF && b == 0xBF && c >= 0xBE)  // U+FFFE, U+FFFF
            return true;
    }
    return false;
}

bool ends_with_slash_digits(std::string_view name) {
    const auto last = name.find_last_not_of("0123456789");
    return last != std::string_view::npos && name[last] == '/';
}

}  // namespace

std::optional<std::string> friendly_name_problem(std::string_view name) {
    const auto quoted = "('" + std::string(name) + "')";
    if (name.empty())
        return "friendly_name must be at least 1 char long";
    if (name.front() == '/' || name.back() == '/')
        return "friendly_name is not allowed to end or start with /";
    if (has_control_character(name))
        return "friendly_name is not allowed to contain control char";
    if (ends_with_slash_digits(name))
        return "Friendly name cannot end with a \"/DIGIT\" " + quoted;
    if (name.find_first_of("#+") != std::string_view::npos)
        return "MQTT wildcard (+ and #) not allowed in friendly_name " + quoted;
    return std::nullopt;
}

std::vector<SchemaProblem> check_configuration(const json::object& configuration,
                                               const Schema& schema) {
    auto problems = schema.check(configuration);
    Checks(configuration, problems).run();
    return problems;
}

std::vector<SchemaProblem> check_change(const json::object& configuration, const Schema& schema) {
    auto problems = check_configuration(configuration, schema);
    std::erase_if(problems, [](const SchemaProblem& problem) { return problem.is_required; });
    return problems;
}

}  // namespace waggle::store
