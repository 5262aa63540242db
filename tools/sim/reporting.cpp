#include "reporting.hpp"

#include <cmath>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "attribute_json.hpp"
#include "device.hpp"
#include "zcl.hpp"

namespace waggle::sim {

namespace json = boost::json;

void Reporting::configure(const AttributeKey& key, ReportConfiguration configuration) {
    if (const auto found = entries_.find(key); found != entries_.end()) {
        stop(found->second);
        entries_.erase(found);
    }
    if (configuration.maximum != off) {
        Entry& entry = entries_[key];
        entry.configuration = std::move(configuration);
        if (const Attribute* attribute = device_.find(key))
            entry.reported = attribute->value;
        arm_maximum(key, entry);
    }
    device_.air().state_changed();
}

const ReportConfiguration* Reporting::find(const AttributeKey& key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second.configuration;
}

void Reporting::value_changed(const AttributeKey& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end())
        return;
    Entry& entry = found->second;
    if (!is_enough(key, entry) || entry.minimum_timer != 0)
        return;
    const auto earliest = entry.last + std::chrono::seconds(entry.configuration.minimum);
    const auto now = device_.air().time().now();
    if (now >= earliest) {
        report(key, entry);
        return;
    }
    entry.minimum_timer = device_.air().time().after(earliest - now, [this, key] {
        const auto due = entries_.find(key);
        if (due == entries_.end())
            return;
        due->second.minimum_timer = 0;
        report(key, due->second);
    });
}

void Reporting::clear() {
    for (auto& [key, entry] : entries_)
        stop(entry);
    entries_.clear();
}

void Reporting::report(const AttributeKey& key, Entry& entry) {
    const Attribute* attribute = device_.find(key);
    if (!attribute)
        return;
    entry.reported = attribute->value;
    entry.last = device_.air().time().now();
    arm_maximum(key, entry);
    device_.send_report(key);
}

void Reporting::arm_maximum(const AttributeKey& key, Entry& entry) {
    Scheduler& scheduler = device_.air().time();
    scheduler.cancel(entry.maximum_timer);
    entry.maximum_timer = 0;
    if (entry.configuration.maximum == 0)
        return;
    entry.maximum_timer =
        scheduler.after(std::chrono::seconds(entry.configuration.maximum), [this, key] {
            if (const auto due = entries_.find(key); due != entries_.end())
                report(key, due->second);
        });
}

void Reporting::stop(Entry& entry) {
    Scheduler& scheduler = device_.air().time();
    scheduler.cancel(entry.minimum_timer);
    scheduler.cancel(entry.maximum_timer);
    entry.minimum_timer = 0;
    entry.maximum_timer = 0;
}

bool Reporting::is_enough(const AttributeKey& key, const Entry& entry) const {
    const Attribute* attribute = device_.find(key);
    if (!attribute || attribute->value == entry.reported)
        return false;
    const auto now = zcl::to_number(entry.configuration.type, attribute->value);
    const auto before = zcl::to_number(entry.configuration.type, entry.reported);
    const auto change = zcl::to_number(entry.configuration.type, entry.configuration.change);
    if (!zcl::is_analog(entry.configuration.type) || !now || !before || !change)
        return true;
    return std::abs(*now - *before) >= *change;
}

json::array Reporting::save() const {
    json::array entries;
    for (const auto& [key, entry] : entries_) {
        json::object saved = key_to_json(key);
        saved["type"] = entry.configuration.type;
        saved["minimum"] = entry.configuration.minimum;
        saved["maximum"] = entry.configuration.maximum;
        saved["change"] = to_hex(entry.configuration.change);
        entries.push_back(std::move(saved));
    }
    return entries;
}

void Reporting::load(const json::array& entries) {
    for (const json::value& value : entries) {
        const json::object& saved = object_of(value, "reporting");
        ReportConfiguration configuration;
        configuration.type = number<std::uint8_t>(saved, "type");
        configuration.minimum = number<std::uint16_t>(saved, "minimum");
        configuration.maximum = number<std::uint16_t>(saved, "maximum");
        configuration.change = from_hex(text(saved, "change")).value_or(Bytes{});
        configure(key_from_json(saved), std::move(configuration));
    }
}

}  // namespace waggle::sim
