#include <cstring>
#include <string>
#include <string_view>

#include <waggle/plugin.h>

// A plugin for the engine's tests, against the bare interface: a switch of two relays (endpoints 2,
// "default", and 3, "left") with a button (endpoint 4) and a temperature; and a light that only
// shows what it offers.

WG_MANIFEST("org.waggle.test.engine", "Engine test", "1.0.0", "Apache-2.0", "https://example.org");

namespace {

const wg_host* host = nullptr;

constexpr std::uint16_t basic = 0x0000, on_off = 0x0006, temperature = 0x0402;
constexpr std::uint8_t left = 3, button = 4;

wg_str str(std::string_view text) {
    return {text.data(), text.size()};
}
wg_value text_value(std::string_view text) {
    return wg_string(str(text));
}
std::string_view text_of(const wg_value& value) {
    return value.kind == WG_STRING ? std::string_view(value.as.string, value.length)
                                   : std::string_view();
}

const wg_attribute* attribute(const wg_message* message, std::uint16_t id) {
    const wg_attribute* found = nullptr;
    for (std::uint32_t i = 0; i < message->attributes.count; ++i) {
        const auto* item = static_cast<const wg_attribute*>(wg_item(&message->attributes, i));
        if (item->id == id)
            found = item;
    }
    return found;
}

wg_status relay(const wg_message* message, wg_sink* sink, const void*) {
    const auto* value = attribute(message, 0);
    if (!value || message->endpoint == button)
        return WG_OK;
    const auto state = text_value(value->value.as.integer ? "ON" : "OFF");
    return host->emit(host, sink, str(message->endpoint == left ? "state_left" : "state"), &state,
                      0);
}

/// Two events of one message: the first goes out by itself, before the result.
wg_status press(const wg_message* message, wg_sink* sink, const void*) {
    if (!attribute(message, 0))
        return WG_OK;
    const wg_member first = {str("action"), text_value("single")};
    host->publish(host, message->device, &first, 1);
    const auto second = text_value("release");
    return host->emit(host, sink, str("action"), &second, 0);
}

wg_status measure(const wg_message* message, wg_sink* sink, const void*) {
    const auto* value = attribute(message, 0);
    if (!value)
        return WG_OK;
    const auto degrees = wg_double(static_cast<double>(value->value.as.integer) / 1000);
    return host->emit(host, sink, str("temperature"), &degrees, 0);
}

wg_status fails(const wg_message*, wg_sink*, const void*) {
    host->error(host, str("cannot be converted"));
    return WG_ERROR;
}

struct Pending {
    wg_call call;
    std::string key, value;
};

void answered(const wg_reply* reply, void* user) {
    auto* pending = static_cast<Pending*>(user);
    if (reply->status == WG_OK && !pending->value.empty()) {
        const wg_member member = {str(pending->key), text_value(pending->value)};
        host->answer_state(host, pending->call, 0, &member, 1);
    }
    host->answer(host, pending->call, reply->status, reply->message);
    delete pending;
}

wg_status send(wg_request& request, const wg_set* set, std::string key, std::string value) {
    request.size = sizeof request;
    request.entity = set->entity;
    request.endpoint = set->endpoint;
    auto* pending = new Pending{set->call, std::move(key), std::move(value)};
    const auto status = host->request(host, &request, answered, pending, nullptr);
    if (status != WG_OK)
        delete pending;
    return status;
}

wg_status set_state(const wg_set* set, const void*) {
    const auto value = text_of(set->value);
    constexpr std::string_view values[] = {"OFF", "ON", "TOGGLE"};
    for (std::uint8_t command = 0; command < 3; ++command) {
        if (value.size() != values[command].size() ||
            strncasecmp(value.data(), values[command].data(), value.size()) != 0)
            continue;
        wg_request request{};
        request.kind = WG_REQUEST_COMMAND;
        request.cluster = on_off;
        request.command = command;
        return send(request, set, "state", command == 2 ? "" : std::string(values[command]));
    }
    host->error(host, str("Value is not allowed, expected one of on, off, toggle"));
    return WG_INVALID;
}

wg_status get_state(const wg_set* set, const void*) {
    static wg_attribute wanted{};
    wg_request request{};
    request.kind = WG_REQUEST_READ;
    request.cluster = on_off;
    request.attributes = {&wanted, 1, sizeof wanted};
    return send(request, set, "", "");
}

wg_status set_mode(const wg_set* set, const void*) {
    wg_attribute mode{};
    mode.id = 0xFF22;
    mode.type = 0x20;
    mode.value = wg_int(text_of(set->value) == "decoupled" ? 0xFE : 0x12);
    wg_request request{};
    request.kind = WG_REQUEST_WRITE;
    request.cluster = basic;
    request.manufacturer = 0x115F;
    request.attributes = {&mode, 1, sizeof mode};
    return send(request, set, "mode", std::string(text_of(set->value)));
}

/// Asks for the location's description; the device's answer decides.
wg_status configure(wg_entity device, wg_call call, const void*) {
    wg_set set{};
    set.entity = device;
    set.endpoint = 1;
    set.call = call;
    wg_attribute wanted{};
    wanted.id = 0x0010;
    wg_request request{};
    request.kind = WG_REQUEST_READ;
    request.cluster = basic;
    request.attributes = {&wanted, 1, sizeof wanted};
    return send(request, &set, "", "");
}

/// Keeps the events it saw, as a text of letters.
wg_status event(const wg_event* event, const void*) {
    wg_value seen = wg_null();
    std::string letters;
    if (host->store_get(host, event->device, WG_STORE_PERSISTENT, str("events"), &seen) == WG_OK)
        letters = text_of(seen);
    char letter = 'a';
    for (auto bits = event->type; bits > 1; bits >>= 1)
        ++letter;
    letters += letter;
    const auto value = text_value(letters);
    return host->store_set(host, event->device, WG_STORE_PERSISTENT, str("events"), &value);
}

wg_from_device converter(std::uint16_t cluster, std::uint8_t endpoint, wg_from_device_fn convert) {
    wg_from_device row{};
    row.cluster = cluster;
    row.command = WG_ANY_COMMAND;
    row.endpoint = endpoint;
    row.kinds = WG_REPORT | WG_READ_RESPONSE;
    row.name = str("test");
    row.convert = convert;
    return row;
}

wg_expose numeric(std::string_view name) {
    wg_expose expose{};
    expose.size = sizeof expose;
    expose.type = WG_EXPOSE_NUMERIC;
    expose.name = str(name);
    expose.property = str(name);
    expose.access = WG_ACCESS_STATE;
    return expose;
}

wg_endpoint_name endpoint(std::string_view name, std::uint8_t id) {
    wg_endpoint_name row{};
    row.name = str(name);
    row.id = id;
    return row;
}

const wg_str models[] = {WG_STR("test.switch")};
const wg_expose exposes[] = {numeric("temperature")};
const wg_endpoint_name endpoints[] = {endpoint("system", 1), endpoint("default", 2),
                                      endpoint("left", left)};
const wg_from_device from_device[] = {converter(on_off, 0, relay), converter(on_off, button, press),
                                      converter(temperature, 0, fails),
                                      converter(temperature, 0, measure)};
const wg_str state_keys[] = {WG_STR("state"), WG_STR("brightness")};
const wg_str mode_keys[] = {WG_STR("mode")};
const wg_to_device to_device[] = {
    {WG_TABLE(state_keys), {}, WG_STR("state"), set_state, get_state, nullptr},
    {WG_TABLE(mode_keys), {}, WG_STR("mode"), set_mode, nullptr, nullptr},
};
const wg_configure configures[] = {{configure, nullptr}};
const wg_event_handler events[] = {{0xFF, 0, event, nullptr}};
const wg_note notes[] = {{WG_STR("debounce"), WG_STR("Presses get lost with debounce.")}};

wg_expose feature(std::string_view name, std::string_view property) {
    auto expose = numeric(name);
    expose.property = str(property);
    return expose;
}

const wg_str light_models[] = {WG_STR("test.light")};
const wg_expose light_features[] = {feature("state", "state"), feature("brightness", "brightness"),
                                    feature("color_xy", "color")};

wg_expose make_light() {
    wg_expose expose{};
    expose.size = sizeof expose;
    expose.type = WG_EXPOSE_LIGHT;
    expose.features = WG_TABLE(light_features);
    return expose;
}
const wg_expose light_exposes[] = {make_light()};

/// It does not report what bound remotes do to it.
wg_value light_traits() {
    static const wg_member members[] = {{str("pollWhenBound"), wg_bool(true)}};
    wg_value traits{};
    traits.kind = WG_OBJECT;
    traits.length = 1;
    traits.as.members = members;
    return traits;
}

wg_definition make_light_definition() {
    wg_definition definition{};
    definition.size = sizeof definition;
    definition.revision = 1;
    definition.model = str("TEST-2");
    definition.vendor = str("Waggle");
    definition.description = str("Light of the tests");
    definition.zigbee_models = WG_TABLE(light_models);
    definition.exposes = WG_TABLE(light_exposes);
    definition.meta = light_traits();
    return definition;
}

wg_definition make_definition() {
    static const wg_ota ota{sizeof(wg_ota), 0, {}, {}, {}, -1, -1, 0, 0, {}};
    wg_definition definition{};
    definition.size = sizeof definition;
    definition.revision = 1;
    definition.model = str("TEST-1");
    definition.vendor = str("Waggle");
    definition.description = str("Switch of the tests");
    definition.zigbee_models = WG_TABLE(models);
    definition.exposes = WG_TABLE(exposes);
    definition.endpoints = WG_TABLE(endpoints);
    definition.from_device = WG_TABLE(from_device);
    definition.to_device = WG_TABLE(to_device);
    definition.configure = WG_TABLE(configures);
    definition.events = WG_TABLE(events);
    definition.notes = WG_TABLE(notes);
    definition.device_type = str("EndDevice");
    definition.meta = wg_null();
    definition.ota = &ota;
    return definition;
}
const wg_definition definition = make_definition();
const wg_definition light_definition = make_light_definition();

wg_status init(const wg_host* given) {
    host = given;
    return WG_OK;
}
void deinit() {
    host = nullptr;
}
std::uint32_t definition_count() {
    return 2;
}
const wg_definition* definition_at(std::uint32_t index) {
    return index == 0 ? &definition : index == 1 ? &light_definition : nullptr;
}

}  // namespace

extern "C" {
extern const wg_plugin_entry waggle_plugin __attribute__((visibility("default")));
const wg_plugin_entry waggle_plugin = {
    WG_MAGIC,
    sizeof(wg_plugin_entry),
    WG_ABI_MAJOR,
    WG_ABI_MINOR,
    WG_ABI_MINOR,
    0,
    "org.waggle.test.engine",
    "1.0.0",
    init,
    deinit,
    definition_count,
    definition_at,
    nullptr,
};
}
