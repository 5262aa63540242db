/// Zigbee Device Profile: the requests that endpoint 0 of every node answers.
///
/// Payloads stand in the specification's format, without the sequence number, so that the
/// co-processor's MT commands and the virtual devices share one server.
#pragma once

#include <optional>

#include "bytes.hpp"

namespace waggle::sim::zdp {

namespace cluster {
inline constexpr std::uint16_t nwk_address = 0x0000, ieee_address = 0x0001,
                               node_descriptor = 0x0002, power_descriptor = 0x0003,
                               simple_descriptor = 0x0004, active_endpoints = 0x0005,
                               match_descriptors = 0x0006, device_announce = 0x0013, bind = 0x0021,
                               unbind = 0x0022, clear_all_bindings = 0x002B, lqi_table = 0x0031,
                               routing_table = 0x0032, binding_table = 0x0033, leave = 0x0034,
                               permit_joining = 0x0036, nwk_update = 0x0038;
inline constexpr std::uint16_t response = 0x8000;
}  // namespace cluster

enum class Status : std::uint8_t {
    success = 0x00,
    invalid_request = 0x80,
    device_not_found = 0x81,
    invalid_endpoint = 0x82,
    not_active = 0x83,
    not_supported = 0x84,
    no_match = 0x86,
    no_entry = 0x88,
    table_full = 0x8C,
};

struct SimpleDescriptor {
    std::uint8_t endpoint = 0;
    std::uint16_t profile = 0;
    std::uint16_t device = 0;
    std::uint8_t version = 0;
    std::vector<std::uint16_t> in;
    std::vector<std::uint16_t> out;
};

struct Binding {
    static constexpr std::uint8_t to_group = 1, to_ieee = 3;
    std::uint8_t endpoint = 0;
    std::uint16_t cluster = 0;
    std::uint8_t mode = to_ieee;
    std::uint64_t target = 0;  // IEEE address or group id
    std::uint8_t target_endpoint = 0;

    bool operator==(const Binding&) const = default;
};

struct Neighbour {
    std::uint64_t ieee = 0;
    std::uint16_t nwk = 0;
    std::uint8_t type = 0;  // 0 coordinator, 1 router, 2 end device
    bool rx_on_when_idle = true;
    std::uint8_t relationship = 3;    // 0 parent, 1 child, 2 sibling, 3 none
    std::uint8_t permit_joining = 2;  // 0 no, 1 yes, 2 unknown
    std::uint8_t depth = 1;
    std::uint8_t lqi = 0;
};

struct Route {
    std::uint16_t destination = 0;
    std::uint8_t status = 0;  // 0 active
    std::uint16_t next_hop = 0;
};

/// What the server needs to know of the node it answers for.
class Node {
  public:
    virtual ~Node() = default;
    [[nodiscard]] virtual std::uint16_t nwk() const = 0;
    [[nodiscard]] virtual std::uint64_t ieee() const = 0;
    [[nodiscard]] virtual Bytes node_descriptor() const = 0;
    [[nodiscard]] virtual std::uint16_t power_descriptor() const = 0;
    [[nodiscard]] virtual std::vector<SimpleDescriptor> endpoints() const = 0;
    [[nodiscard]] virtual std::vector<std::uint16_t> children() const = 0;
    [[nodiscard]] virtual std::vector<Neighbour> neighbours() const = 0;
    [[nodiscard]] virtual std::vector<Route> routes() const = 0;
    [[nodiscard]] virtual std::vector<Binding>& bindings() = 0;
    [[nodiscard]] virtual std::size_t binding_table_size() const { return 40; }
    virtual void bindings_changed() {}
    virtual void leave(bool rejoin) = 0;
    virtual void permit_joining(std::uint8_t seconds) = 0;
    virtual void change_channel(std::uint32_t mask) { static_cast<void>(mask); }
};

/// The answer, or nothing where the request is not to be answered (wrong address, malformed).
[[nodiscard]] std::optional<Bytes> answer(Node& node, std::uint16_t cluster, View request);

}  // namespace waggle::sim::zdp
