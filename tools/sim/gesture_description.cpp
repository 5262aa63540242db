#include "gesture_description.hpp"

#include "json_fields.hpp"
#include "zcl.hpp"

namespace waggle::sim {

namespace {

namespace json = boost::json;

constexpr std::uint16_t sequence_mark = 0x100;

AttributeKey parse_key(const json::object& object) {
    AttributeKey key;
    key.endpoint = number<std::uint8_t>(object, "endpoint");
    key.cluster = number<std::uint16_t>(object, "cluster");
    key.id = number<std::uint16_t>(object, "attribute");
    key.manufacturer = number<std::uint16_t>(object, "manufacturer", 0);
    return key;
}

Bytes parse_value(const json::object& object, std::string_view field, const AttributeKey& key,
                  const AttributeTypes& types) {
    const auto found = object.find(field);
    if (found == object.end())
        throw DescriptionError("'" + std::string(field) + "' is missing in a gesture");
    const auto bytes = zcl::from_json(types.of(key), found->value());
    if (!bytes)
        throw DescriptionError("'" + std::string(field) + "' does not fit attribute " +
                               hex16(key.id) + " in a gesture");
    return *bytes;
}

/// "18 TT 0A …": TT is the place of the sequence number.
std::vector<std::uint16_t> parse_template(std::string_view text) {
    std::vector<std::uint16_t> bytes;
    while (true) {
        const auto mark = text.find("TT");
        const auto fixed = from_hex(text.substr(0, mark));
        if (!fixed)
            throw DescriptionError(
                "a frame must be bytes in hexadecimal, with TT for the "
                "sequence number");
        bytes.insert(bytes.end(), fixed->begin(), fixed->end());
        if (mark == std::string_view::npos)
            return bytes;
        bytes.push_back(sequence_mark);
        text.remove_prefix(mark + 2);
    }
}

SetStep parse_set(const json::object& object, const AttributeTypes& types) {
    SetStep step;
    step.key = parse_key(object);
    step.toggle = flag(object, "toggle", false);
    step.quiet = flag(object, "quiet", false);
    if (!step.toggle)
        step.value = parse_value(object, "value", step.key, types);
    else if (types.of(step.key) != 0x10)
        throw DescriptionError("only a bool can be toggled");
    return step;
}

AwaitWriteStep parse_await(const json::object& object, const AttributeTypes& types) {
    AwaitWriteStep step;
    step.key = parse_key(object);
    step.value = parse_value(object, "value", step.key, types);
    step.within = std::chrono::milliseconds(number<std::uint32_t>(object, "within_ms", 2000));
    if (const auto found = object.find("otherwise"); found != object.end())
        step.otherwise = parse_steps(found->value(), types);
    return step;
}

std::vector<Condition> parse_conditions(const json::object& object, const AttributeTypes& types) {
    std::vector<Condition> conditions;
    const auto found = object.find("when");
    if (found == object.end())
        return conditions;
    const auto add = [&](const json::value& value) {
        const json::object& condition = object_of(value, "when");
        const AttributeKey key = parse_key(condition);
        conditions.push_back({key, parse_value(condition, "equals", key, types)});
    };
    if (!found->value().is_array())
        add(found->value());
    else
        for (const json::value& value : found->value().get_array())
            add(value);
    return conditions;
}

Step parse_step(const json::value& value, const AttributeTypes& types) {
    const json::object& object = object_of(value, "gestures");
    Step step;
    step.when = parse_conditions(object, types);
    if (const auto send = object.find("send"); send != object.end())
        step.action = SendStep{parse_frame(send->value())};
    else if (object.contains("delay_ms"))
        step.action =
            DelayStep{std::chrono::milliseconds(number<std::uint32_t>(object, "delay_ms"))};
    else if (const auto set = object.find("set"); set != object.end())
        step.action = parse_set(object_of(set->value(), "set"), types);
    else if (const auto report = object.find("report"); report != object.end())
        step.action = ReportStep{parse_key(object_of(report->value(), "report"))};
    else if (const auto await = object.find("await_write"); await != object.end())
        step.action = parse_await(object_of(await->value(), "await_write"), types);
    else if (object.contains("announce"))
        step.action = AnnounceStep{};
    else if (object.contains("leave"))
        step.action = LeaveStep{};
    else
        throw DescriptionError(
            "a step of a gesture needs one of send, delay_ms, set, report, await_write, "
            "announce, leave");
    return step;
}

}  // namespace

AttributeTypes::AttributeTypes(const std::vector<AttributeDescription>& attributes) {
    for (const AttributeDescription& attribute : attributes)
        types_.emplace(attribute.key, attribute.type);
}

std::uint8_t AttributeTypes::of(const AttributeKey& key) const {
    const auto found = types_.find(key);
    if (found == types_.end())
        throw DescriptionError("a gesture names attribute " + hex16(key.id) + " of cluster " +
                               hex16(key.cluster) + " on endpoint " + std::to_string(key.endpoint) +
                               ", which is not described");
    return found->second;
}

Steps parse_steps(const json::value& value, const AttributeTypes& types) {
    if (!value.is_array())
        throw DescriptionError("a gesture must be a list of steps");
    Steps steps;
    for (const json::value& step : value.get_array())
        steps.push_back(parse_step(step, types));
    return steps;
}

FrameTemplate parse_frame(const json::value& value) {
    const json::object& object = object_of(value, "send");
    FrameTemplate frame;
    frame.endpoint = number<std::uint8_t>(object, "endpoint");
    frame.cluster = number<std::uint16_t>(object, "cluster");
    frame.to_bound = flag(object, "to_bound", false);
    if (object.contains("group"))
        frame.group = number<std::uint16_t>(object, "group");
    if (object.contains("bindings_of"))
        frame.bindings_of = number<std::uint16_t>(object, "bindings_of");
    frame.bytes = parse_template(text(object, "frame"));
    return frame;
}

}  // namespace waggle::sim
