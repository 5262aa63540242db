// What a device remembers over a restart of the simulator.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "attribute_json.hpp"
#include "device.hpp"
#include "ota_client.hpp"
#include "zcl.hpp"

namespace waggle::sim {

namespace json = boost::json;

namespace {

json::object binding_to_json(const zdp::Binding& binding) {
    json::object object;
    object["endpoint"] = binding.endpoint;
    object["cluster"] = binding.cluster;
    object["mode"] = binding.mode;
    object["target"] = ieee_text(binding.target);
    object["target_endpoint"] = binding.target_endpoint;
    return object;
}

zdp::Binding binding_from_json(const json::value& value) {
    const json::object& object = object_of(value, "bindings");
    zdp::Binding binding;
    binding.endpoint = number<std::uint8_t>(object, "endpoint");
    binding.cluster = number<std::uint16_t>(object, "cluster");
    binding.mode = number<std::uint8_t>(object, "mode");
    binding.target = number<std::uint64_t>(object, "target");
    binding.target_endpoint = number<std::uint8_t>(object, "target_endpoint");
    return binding;
}

}  // namespace

json::object Device::save() const {
    json::object state;
    if (membership_) {
        state["extended_pan_id"] = ieee_text(membership_->extended_pan_id);
        state["network_key"] = to_hex(membership_->key);
        state["nwk"] = hex16(nwk_);
        state["parent"] = hex16(parent_);
        state["last_counter"] = last_counter_;
    }
    json::array attributes;
    for (const auto& [key, attribute] : attributes_) {
        if (!attribute.description->persistent || attribute.value == attribute.description->value)
            continue;
        json::object saved = key_to_json(key);
        saved["value"] = to_hex(attribute.value);
        attributes.push_back(std::move(saved));
    }
    json::array bindings;
    for (const zdp::Binding& binding : bindings_)
        bindings.push_back(binding_to_json(binding));
    json::array groups;
    for (const auto& [endpoint, members] : groups_)
        for (const std::uint16_t group : members)
            groups.push_back(json::array{endpoint, group});
    state["attributes"] = std::move(attributes);
    state["bindings"] = std::move(bindings);
    state["groups"] = std::move(groups);
    state["reporting"] = reporting_.save();
    if (ota_)
        state["firmware"] = ota_->version();
    if (!memory_.empty()) {
        json::object memory;
        for (const auto& [name, bytes] : memory_)
            memory[name] = to_hex(bytes);
        state["memory"] = std::move(memory);
    }
    return state;
}

void Device::load(const json::object& state) {
    if (state.contains("extended_pan_id")) {
        Membership network;
        network.extended_pan_id = number<std::uint64_t>(state, "extended_pan_id");
        network.key = from_hex(text(state, "network_key")).value_or(Bytes{});
        membership_ = std::move(network);
        nwk_ = number<std::uint16_t>(state, "nwk");
        parent_ = number<std::uint16_t>(state, "parent");
        last_counter_ = number<std::uint32_t>(state, "last_counter");
    }
    if (const json::array* attributes = optional_array(state, "attributes"))
        for (const json::value& value : *attributes) {
            const json::object& saved = object_of(value, "attributes");
            const auto bytes = from_hex(text(saved, "value"));
            const auto found = attributes_.find(key_from_json(saved));
            if (bytes && found != attributes_.end())
                found->second.value = *bytes;
        }
    if (const json::array* bindings = optional_array(state, "bindings"))
        for (const json::value& value : *bindings)
            bindings_.push_back(binding_from_json(value));
    if (const json::array* groups = optional_array(state, "groups"))
        for (const json::value& value : *groups)
            if (value.is_array() && value.get_array().size() == 2)
                groups_[number_of<std::uint8_t>(value.get_array()[0], "groups")].insert(
                    number_of<std::uint16_t>(value.get_array()[1], "groups"));
    if (const json::value* memory = state.if_contains("memory"))
        for (const auto& [name, value] : object_of(*memory, "memory"))
            memory_[std::string(name)] = from_hex(text_of(value, "memory")).value_or(Bytes{});
    if (ota_ && state.contains("firmware"))
        ota_->set_version(number<std::uint32_t>(state, "firmware"));
    if (const json::array* entries = optional_array(state, "reporting"))
        reporting_.load(*entries);
}

}  // namespace waggle::sim
