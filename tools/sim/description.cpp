#include "description.hpp"

#include <fstream>
#include <sstream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "gesture_description.hpp"
#include "json_fields.hpp"
#include "zcl.hpp"

namespace waggle::sim {

namespace {

namespace json = boost::json;

std::vector<std::uint16_t> cluster_list(const json::object& object, std::string_view key) {
    std::vector<std::uint16_t> clusters;
    const json::array* list = optional_array(object, key);
    if (!list)
        return clusters;
    for (const json::value& item : *list)
        clusters.push_back(number_of<std::uint16_t>(item, key));
    return clusters;
}

AttributeDescription parse_attribute(std::uint8_t endpoint, const json::value& value) {
    const json::object& object = object_of(value, "attributes");
    AttributeDescription attribute;
    attribute.key.endpoint = endpoint;
    attribute.key.cluster = number<std::uint16_t>(object, "cluster");
    attribute.key.id = number<std::uint16_t>(object, "id");
    attribute.key.manufacturer = number<std::uint16_t>(object, "manufacturer", 0);
    attribute.name = text(object, "name", "");
    attribute.readable = flag(object, "readable", true);
    attribute.writable = flag(object, "writable", false);
    attribute.reportable = flag(object, "reportable", true);
    attribute.unsolicited = flag(object, "unsolicited", false);
    attribute.persistent = flag(object, "persistent", true);
    if (object.contains("report_with")) {
        auto records = from_hex(text(object, "report_with"));
        if (!records)
            throw DescriptionError("report_with must be records in hexadecimal");
        attribute.report_with = std::move(*records);
    }
    const std::string type_name = text(object, "type");
    const auto type = zcl::type_by_name(type_name);
    if (!type)
        throw DescriptionError("attribute type '" + type_name + "' is not known");
    attribute.type = *type;
    const auto value_field = object.find("value");
    if (value_field == object.end())
        throw DescriptionError("an attribute of cluster " + hex16(attribute.key.cluster) +
                               " has no value");
    const auto bytes = zcl::from_json(attribute.type, value_field->value());
    if (!bytes)
        throw DescriptionError("the value of attribute " + hex16(attribute.key.id) +
                               " of cluster " + hex16(attribute.key.cluster) + " is not a " +
                               type_name);
    attribute.value = *bytes;
    return attribute;
}

void parse_endpoint(const json::value& value, Description& device) {
    const json::object& object = object_of(value, "endpoints");
    EndpointDescription endpoint;
    endpoint.id = number<std::uint8_t>(object, "id");
    endpoint.profile = number<std::uint16_t>(object, "profile", 0x0104);
    endpoint.device = number<std::uint16_t>(object, "device", 0);
    endpoint.version = number<std::uint8_t>(object, "version", 0);
    endpoint.in = cluster_list(object, "in");
    endpoint.out = cluster_list(object, "out");
    if (const json::array* names = optional_array(object, "behaviours"))
        for (const json::value& name : *names)
            endpoint.behaviours.push_back(text_of(name, "behaviours"));
    if (const json::value* settings = object.if_contains("settings"))
        for (const auto& [name, number] : object_of(*settings, "settings")) {
            if (!number.is_number())
                throw DescriptionError("the setting '" + std::string(name) + "' must be a number");
            endpoint.settings[std::string(name)] = number.to_number<double>();
        }
    if (const json::array* attributes = optional_array(object, "attributes"))
        for (const json::value& attribute : *attributes)
            device.attributes.push_back(parse_attribute(endpoint.id, attribute));
    device.endpoints.push_back(std::move(endpoint));
}

LogicalType parse_type(const std::string& name) {
    if (name == "router")
        return LogicalType::router;
    if (name == "end_device")
        return LogicalType::end_device;
    throw DescriptionError("type '" + name + "' must be router or end_device");
}

void parse_sleep(const json::object& object, SleepDescription& sleep) {
    const auto found = object.find("sleepy");
    if (found == object.end())
        return;
    const json::object& details = object_of(found->value(), "sleepy");
    const auto milliseconds = [&](const char* key, std::chrono::milliseconds fallback) {
        return std::chrono::milliseconds(
            number<std::uint32_t>(details, key, static_cast<std::uint32_t>(fallback.count())));
    };
    sleep.sleepy = true;
    sleep.poll = milliseconds("poll_ms", sleep.poll);
    sleep.awake_after_join = milliseconds("awake_after_join_ms", sleep.awake_after_join);
    sleep.awake_after_send = milliseconds("awake_after_send_ms", sleep.awake_after_send);
}

void parse_touchlink(const json::object& object, Description& device) {
    const auto found = object.find("touchlink");
    if (found == object.end())
        return;
    const json::object& details = object_of(found->value(), "touchlink");
    TouchlinkDescription touchlink;
    touchlink.channel = number<std::uint8_t>(details, "channel", touchlink.channel);
    touchlink.factory_new = flag(details, "factory_new", touchlink.factory_new);
    if (touchlink.channel < 11 || touchlink.channel > 26)
        throw DescriptionError("the channel of touchlink must be 11 to 26");
    device.touchlink = touchlink;
}

/// [Zigbee 2.3.2.3]: type, bands, MAC capabilities, manufacturer, sizes.
Bytes default_node_descriptor(const Description& device) {
    Writer out;
    out.u8(static_cast<unsigned>(device.logical_type)).u8(0x40).u8(device.mac_capabilities);
    out.u16(device.manufacturer).u8(0x52).u16(0x0052).u16(0x2C00).u16(0x0052).u8(0x00);
    return out.take();
}

void parse_identity(const json::object& object, Description& device) {
    device.name = text(object, "name");
    device.ieee = number<std::uint64_t>(object, "ieee");
    device.logical_type = parse_type(text(object, "type", "router"));
    const bool is_router = device.logical_type == LogicalType::router;
    device.routes = flag(object, "routes", is_router);
    device.manufacturer = number<std::uint16_t>(object, "manufacturer", 0);
    device.mac_capabilities =
        number<std::uint8_t>(object, "mac_capabilities", is_router ? 0x8E : 0x80);
    device.lqi = number<std::uint8_t>(object, "lqi", 120);
    device.binding_table = number<std::uint8_t>(object, "binding_table", 40);
    device.zigbee3 = flag(object, "zigbee3", true);
    device.power_descriptor = number<std::uint16_t>(object, "power_descriptor", 0xC110);
    parse_sleep(object, device.sleep);
    parse_touchlink(object, device);
    device.node_descriptor = default_node_descriptor(device);
    if (object.contains("node_descriptor")) {
        const auto bytes = from_hex(text(object, "node_descriptor"));
        if (!bytes || bytes->size() != device.node_descriptor.size())
            throw DescriptionError("node_descriptor must be 13 bytes in hexadecimal");
        device.node_descriptor = *bytes;
    }
}

void parse_gestures(const json::object& object, Description& device) {
    const AttributeTypes types(device.attributes);
    if (const auto found = object.find("gestures"); found != object.end())
        for (const auto& [name, steps] : object_of(found->value(), "gestures"))
            device.gestures.emplace(name, parse_steps(steps, types));
    if (const json::array* names = optional_array(object, "after_join"))
        for (const json::value& name : *names)
            device.after_join.push_back(text_of(name, "after_join"));
    for (const std::string& name : device.after_join)
        if (!device.gestures.contains(name))
            throw DescriptionError("after_join names the gesture '" + name +
                                   "', which is not described");
    if (const json::array* frames = optional_array(object, "burst"))
        for (const json::value& frame : *frames)
            device.burst.push_back(parse_frame(frame));
}

}  // namespace

Description parse_description(const json::value& document) {
    const json::object& object = object_of(document, "a device file");
    Description device;
    parse_identity(object, device);
    const json::array* endpoints = optional_array(object, "endpoints");
    if (!endpoints || endpoints->empty())
        throw DescriptionError("a device needs at least one entry in endpoints");
    for (const json::value& endpoint : *endpoints)
        parse_endpoint(endpoint, device);
    parse_gestures(object, device);
    if (const auto* ota = object.if_contains("ota"))
        device.ota = parse_ota(*ota);
    return device;
}

Description load_description(const std::string& path) {
    std::ifstream file(path);
    if (!file)
        throw DescriptionError(path + ": cannot be opened");
    std::ostringstream content;
    content << file.rdbuf();
    boost::system::error_code error;
    const json::value document = json::parse(content.str(), error);
    if (error)
        throw DescriptionError(path + ": is not JSON: " + error.message());
    try {
        return parse_description(document);
    } catch (const DescriptionError& problem) {
        throw DescriptionError(path + ": " + problem.what());
    }
}

}  // namespace waggle::sim
