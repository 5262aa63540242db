#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

/// What a command's payload means, before anything is looked up on the network [mqtt-api 4].
namespace waggle::engine {

/// Without an attribute: a JSON object, or one of the bare words on, off, toggle, open, close,
/// stop, lock, unlock in any case, which stand for {"state": <as sent>}. With one: JSON, else the
/// raw text, as that attribute's value. nullopt: neither.
std::optional<boost::json::object> parse_command_payload(std::string_view attribute,
                                                         std::string_view payload);

/// The keys in the order in which they are carried out. Lights differ in whether they take colours
/// while off: what switches goes first, or last when it switches off. The order within each group
/// is zigbee2mqtt's, whose sort reverses the group in front.
std::vector<std::string> command_order(const boost::json::object& message);

/// "state_left" is key "state" of endpoint "left"; the endpoint is empty without a suffix that is
/// one of `endpoint_names`. The longest suffix wins.
struct SuffixedKey {
    std::string_view key, endpoint;
};
SuffixedKey split_key(std::string_view key, std::span<const std::string> endpoint_names) noexcept;

/// `message` with the suffix of this endpoint taken from its keys.
boost::json::object without_suffix(const boost::json::object& message, std::string_view endpoint);

/// The same keys with "_<endpoint>" behind them.
boost::json::object with_suffix(const boost::json::object& state, std::string_view endpoint);

}  // namespace waggle::engine
