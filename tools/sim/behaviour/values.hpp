/// What the behaviours share: a cluster's attributes as numbers, commands to the host.
#pragma once

#include "behaviour.hpp"

namespace waggle::sim {

/// The attributes of one cluster of one endpoint. Those a device file does not describe read as
/// the fallback, and setting them does nothing.
class Values {
  public:
    Values(Device& device, std::uint8_t endpoint, std::uint16_t cluster)
        : device_(device), endpoint_(endpoint), cluster_(cluster) {}

    [[nodiscard]] bool has(std::uint16_t id) const { return device_.find(key(id)) != nullptr; }
    [[nodiscard]] double number(std::uint16_t id, double fallback = 0) const;
    [[nodiscard]] int integer(std::uint16_t id, int fallback = 0) const;
    void set(std::uint16_t id, double value, Change change = Change::reported) const;
    void watch(std::uint16_t id, std::function<void()> watcher) const;

    [[nodiscard]] Device& device() const { return device_; }
    [[nodiscard]] std::uint8_t endpoint() const { return endpoint_; }
    [[nodiscard]] AttributeKey key(std::uint16_t id) const {
        return AttributeKey{endpoint_, cluster_, 0, id};
    }
    [[nodiscard]] Motions::Key motion(std::uint8_t part = 0) const {
        return Motions::Key{endpoint_, cluster_, part};
    }

  private:
    Device& device_;
    std::uint8_t endpoint_;
    std::uint16_t cluster_;
};

/// The options that level and colour commands end with: a mask and what to put in its place for
/// this command [ZCL8 3.10.2.4.1.3].
[[nodiscard]] bool executes_if_off(const Values& cluster, std::uint16_t options, Reader& in);

/// A command of the cluster's server to the coordinator, or only to what is bound. It leaves after
/// the answer to the request that is being served.
enum class Notify { coordinator, bound };
void notify(const Values& cluster, std::uint8_t command, Bytes payload, Notify whom);

/// A setting of the endpoint's description.
[[nodiscard]] double setting(Device& device, std::uint8_t endpoint, const char* name,
                             double fallback);

}  // namespace waggle::sim
