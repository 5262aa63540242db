/* A plugin in plain C: a lamp with a button. What C++ authors get from the facade is written out.
 */
#include <waggle/plugin.h>

WG_MANIFEST("org.example.c", "Example in C", "1.0.0", "Apache-2.0", "");

enum { on_off_cluster = 0x0006, on_off_attribute = 0x0000 };

static const wg_host* host;

static wg_status state_from_device(const wg_message* message, wg_sink* sink, const void* user) {
    static const wg_str property = WG_STR("state");
    const wg_str* words = user;
    for (uint32_t i = 0; i < message->attributes.count; ++i) {
        const wg_attribute* attribute = wg_item(&message->attributes, i);
        if (attribute->id != on_off_attribute || attribute->value.kind != WG_INT)
            continue;
        const wg_value word = wg_string(words[attribute->value.as.integer != 0]);
        return host->emit(host, sink, property, &word, 0);
    }
    return WG_OK;
}

static void state_is_set(const wg_reply* reply, void* user) {
    host->answer(host, (wg_call)(uintptr_t)user, reply->status, reply->message);
}

static wg_status set_state(const wg_set* set, const void* user) {
    const wg_str* words = user;
    wg_request request = {.size = sizeof request, .kind = WG_REQUEST_COMMAND};
    request.entity = set->entity;
    request.endpoint = set->endpoint;
    request.cluster = on_off_cluster;
    for (uint8_t command = 0; command < 2; ++command) {
        if (set->value.kind != WG_STRING || set->value.length != words[command].length ||
            set->value.as.string[1] != words[command].data[1])
            continue;
        request.command = command;
        return host->request(host, &request, state_is_set, (void*)(uintptr_t)set->call, NULL);
    }
    host->error(host, wg_make_str("ON and OFF are allowed"));
    return WG_INVALID;
}

static const wg_str words[2] = {WG_STR("OFF"), WG_STR("ON")};
static const wg_str models[] = {WG_STR("example.lamp")};
static const wg_str state_keys[] = {WG_STR("state")};
static const wg_from_device from_device[] = {{
    .cluster = on_off_cluster,
    .command = WG_ANY_COMMAND,
    .kinds = WG_REPORT | WG_READ_RESPONSE,
    .name = WG_STR("state"),
    .convert = state_from_device,
    .user = words,
}};
static const wg_to_device to_device[] = {{
    .keys = WG_TABLE(state_keys),
    .name = WG_STR("state"),
    .set = set_state,
    .user = words,
}};
static const wg_expose features[] = {{
    .size = sizeof(wg_expose),
    .type = WG_EXPOSE_BINARY,
    .name = WG_STR("state"),
    .access = WG_ACCESS_STATE | WG_ACCESS_SET,
    .value_on = {.kind = WG_STRING, .length = 2, .as.string = "ON"},
    .value_off = {.kind = WG_STRING, .length = 3, .as.string = "OFF"},
}};
static const wg_expose exposes[] = {{
    .size = sizeof(wg_expose),
    .type = WG_EXPOSE_LIGHT,
    .features = WG_TABLE(features),
}};
static const wg_definition lamp = {
    .size = sizeof(wg_definition),
    .model = WG_STR("LAMP-1"),
    .vendor = WG_STR("Example"),
    .description = WG_STR("Lamp"),
    .zigbee_models = WG_TABLE(models),
    .exposes = WG_TABLE(exposes),
    .from_device = WG_TABLE(from_device),
    .to_device = WG_TABLE(to_device),
};

static wg_status init(const wg_host* the_host) {
    host = the_host;
    return WG_OK;
}
static uint32_t definition_count(void) {
    return 1;
}
static const wg_definition* definition(uint32_t index) {
    return index == 0 ? &lamp : NULL;
}

const wg_plugin_entry waggle_plugin = {
    .magic = WG_MAGIC,
    .size = sizeof(wg_plugin_entry),
    .abi_major = WG_ABI_MAJOR,
    .abi_minor = WG_ABI_MINOR,
    .required_minor = WG_ABI_MINOR,
    .id = "org.example.c",
    .version = "1.0.0",
    .init = init,
    .definition_count = definition_count,
    .definition = definition,
};
