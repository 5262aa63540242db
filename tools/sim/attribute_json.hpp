/// Attribute keys in the state file and in the control protocol.
#pragma once

#include "json_fields.hpp"

namespace waggle::sim {

inline boost::json::object key_to_json(const AttributeKey& key) {
    boost::json::object object;
    object["endpoint"] = key.endpoint;
    object["cluster"] = key.cluster;
    object["attribute"] = key.id;
    if (key.manufacturer != 0)
        object["manufacturer"] = key.manufacturer;
    return object;
}

inline AttributeKey key_from_json(const boost::json::object& object) {
    AttributeKey key;
    key.endpoint = number<std::uint8_t>(object, "endpoint");
    key.cluster = number<std::uint16_t>(object, "cluster");
    key.id = number<std::uint16_t>(object, "attribute");
    key.manufacturer = number<std::uint16_t>(object, "manufacturer", 0);
    return key;
}

}  // namespace waggle::sim
