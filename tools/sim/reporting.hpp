/// Configured reporting of one device: minimum and maximum interval, reportable change
/// [ZCL8 2.5.7].
#pragma once

#include <map>

#include <boost/json/fwd.hpp>

#include "description.hpp"
#include "scheduler.hpp"

namespace waggle::sim {

class Device;

struct ReportConfiguration {
    std::uint8_t type = 0;
    std::uint16_t minimum = 0;  // s
    std::uint16_t maximum = 0;  // s, 0: no periodic report
    Bytes change;               // analog types only
};

class Reporting {
  public:
    static constexpr std::uint16_t off = 0xFFFF;  // as maximum: no reports at all

    explicit Reporting(Device& device) : device_(device) {}

    void configure(const AttributeKey& key, ReportConfiguration configuration);
    [[nodiscard]] const ReportConfiguration* find(const AttributeKey& key) const;
    void value_changed(const AttributeKey& key);
    void clear();

    [[nodiscard]] boost::json::array save() const;
    void load(const boost::json::array& entries);

  private:
    struct Entry {
        ReportConfiguration configuration;
        Bytes reported;
        Scheduler::Clock::time_point last{};
        Scheduler::Handle minimum_timer = 0;
        Scheduler::Handle maximum_timer = 0;
    };

    void report(const AttributeKey& key, Entry& entry);
    void arm_maximum(const AttributeKey& key, Entry& entry);
    void stop(Entry& entry);
    [[nodiscard]] bool is_enough(const AttributeKey& key, const Entry& entry) const;

    Device& device_;
    std::map<AttributeKey, Entry> entries_;
};

}  // namespace waggle::sim
