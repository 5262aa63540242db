/*
 * Prints, as JSON, which models each definition of a plugin serves: what the build helper puts into
 * the section .waggle.models. Runs the plugin's init and asks for every definition, against a host
 * that knows no device. Usage: waggle-models PLUGIN.so
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <waggle/plugin.h>

static void say_error(const wg_host* host, wg_str text) {
    (void)host;
    fprintf(stderr, "%.*s\n", (int)text.length, text.data);
}
static void say_log(const wg_host* host, wg_log_level level, wg_str text) {
    (void)level;
    say_error(host, text);
}
static const void* no_extension(const wg_host* host, const char* id) {
    (void)host, (void)id;
    return NULL;
}
static uint64_t no_time(const wg_host* host) {
    (void)host;
    return 0;
}
static wg_status no_post(const wg_host* host, void (*run)(void*), void* user) {
    (void)host, (void)run, (void)user;
    return WG_UNSUPPORTED;
}
static wg_status no_emit(const wg_host* host, wg_sink* sink, wg_str name, const wg_value* value,
                         uint32_t flags) {
    (void)host, (void)sink, (void)name, (void)value, (void)flags;
    return WG_UNSUPPORTED;
}
static wg_status no_publish(const wg_host* host, wg_entity entity, const wg_member* properties,
                            uint32_t count) {
    (void)host, (void)entity, (void)properties, (void)count;
    return WG_NOT_FOUND;
}
static wg_status no_info(const wg_host* host, wg_entity entity, wg_entity_info* out) {
    (void)host, (void)entity, (void)out;
    return WG_NOT_FOUND;
}
static wg_status no_endpoint(const wg_host* host, wg_entity entity, uint32_t index,
                             wg_endpoint_info* out) {
    (void)host, (void)entity, (void)index, (void)out;
    return WG_NOT_FOUND;
}
static wg_status no_value(const wg_host* host, wg_entity entity, wg_str name, wg_value* out) {
    (void)host, (void)entity, (void)name, (void)out;
    return WG_NOT_FOUND;
}
static wg_status no_attribute(const wg_host* host, wg_entity entity, uint8_t endpoint,
                              uint16_t cluster, uint16_t attribute, wg_value* out) {
    (void)host, (void)entity, (void)endpoint, (void)cluster, (void)attribute, (void)out;
    return WG_NOT_FOUND;
}
static wg_status no_request(const wg_host* host, const wg_request* request, wg_completion done,
                            void* user, wg_ticket* ticket) {
    (void)host, (void)request, (void)done, (void)user, (void)ticket;
    return WG_NOT_FOUND;
}
static void no_cancel(const wg_host* host, wg_ticket ticket) {
    (void)host, (void)ticket;
}
static wg_status no_answer_state(const wg_host* host, wg_call call, wg_entity entity,
                                 const wg_member* properties, uint32_t count) {
    (void)host, (void)call, (void)entity, (void)properties, (void)count;
    return WG_NOT_FOUND;
}
static wg_status no_answer(const wg_host* host, wg_call call, wg_status status, wg_str text) {
    (void)host, (void)call, (void)status, (void)text;
    return WG_NOT_FOUND;
}
static wg_status no_stored(const wg_host* host, wg_entity entity, wg_store_kind kind, wg_str key,
                           wg_value* out) {
    (void)host, (void)entity, (void)kind, (void)key, (void)out;
    return WG_NOT_FOUND;
}
static wg_status no_store(const wg_host* host, wg_entity entity, wg_store_kind kind, wg_str key,
                          const wg_value* value) {
    (void)host, (void)entity, (void)kind, (void)key, (void)value;
    return WG_NOT_FOUND;
}
static wg_status no_timer(const wg_host* host, wg_entity entity, uint32_t delay_ms,
                          void (*run)(void*), void* user, wg_ticket* ticket) {
    (void)host, (void)entity, (void)delay_ms, (void)run, (void)user, (void)ticket;
    return WG_NOT_FOUND;
}
static void no_change(const wg_host* host, wg_entity device) {
    (void)host, (void)device;
}

static const wg_host nobody = {
    .size = sizeof(wg_host),
    .abi_major = WG_ABI_MAJOR,
    .abi_minor = WG_ABI_MINOR,
    .version = "waggle-models",
    .get_extension = no_extension,
    .error = say_error,
    .log = say_log,
    .now_ms = no_time,
    .post = no_post,
    .emit = no_emit,
    .publish = no_publish,
    .entity_info = no_info,
    .endpoint_info = no_endpoint,
    .option = no_value,
    .state = no_value,
    .attribute = no_attribute,
    .request = no_request,
    .cancel = no_cancel,
    .answer_state = no_answer_state,
    .answer = no_answer,
    .store_get = no_stored,
    .store_set = no_store,
    .timer = no_timer,
    .exposes_changed = no_change,
};

static void print_text(wg_str text) {
    putchar('"');
    for (size_t i = 0; i < text.length; ++i) {
        const unsigned char c = (unsigned char)text.data[i];
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

/* One list member; `first` says whether a comma is due. */
static void print_item(wg_str text, bool* first) {
    if (!*first)
        putchar(',');
    *first = false;
    print_text(text);
}

static void print_models(const wg_definition* definition) {
    bool first = true;
    fputs(",\"zigbee_models\":[", stdout);
    for (uint32_t i = 0; i < definition->zigbee_models.count; ++i)
        print_item(*(const wg_str*)wg_item(&definition->zigbee_models, i), &first);
    for (uint32_t i = 0; i < definition->fingerprints.count; ++i) {
        const wg_fingerprint* print = wg_item(&definition->fingerprints, i);
        if (print->model_id.length != 0)
            print_item(print->model_id, &first);
    }
    putchar(']');
}

/* Manufacturers by which a device without a known model id may find the definition. */
static bool print_manufacturers(const wg_definition* definition) {
    bool first = true, anything = false;
    fputs(",\"manufacturers\":[", stdout);
    for (uint32_t i = 0; i < definition->fingerprints.count; ++i) {
        const wg_fingerprint* print = wg_item(&definition->fingerprints, i);
        if (print->model_id.length != 0)
            continue;
        if (print->manufacturer_name.length != 0)
            print_item(print->manufacturer_name, &first);
        else
            anything = true;
    }
    if (definition->zigbee_models.count == 0 && definition->fingerprints.count == 0)
        for (uint32_t i = 0; i < definition->manufacturer_names.count; ++i)
            print_item(*(const wg_str*)wg_item(&definition->manufacturer_names, i), &first);
    putchar(']');
    return anything;
}

static int print_definitions(const wg_plugin_entry* entry) {
    const uint32_t count = entry->definition_count();
    putchar('[');
    for (uint32_t i = 0; i < count; ++i) {
        const wg_definition* definition = entry->definition(i);
        if (definition == NULL) {
            fprintf(stderr, "definition %u is null\n", i);
            return 1;
        }
        fputs(i == 0 ? "{\"model\":" : ",\n{\"model\":", stdout);
        print_text(definition->model);
        fputs(",\"vendor\":", stdout);
        print_text(definition->vendor);
        print_models(definition);
        const bool anything = print_manufacturers(definition);
        printf("%s}", anything ? ",\"anything\":true" : "");
    }
    puts("]");
    return ferror(stdout) || fflush(stdout) != 0;
}

int main(int argc, char** argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s PLUGIN.so\n", argv[0]);
        return 2;
    }
    void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    const wg_plugin_entry* entry = library ? dlsym(library, "waggle_plugin") : NULL;
    if (entry == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    if (entry->magic != WG_MAGIC || entry->abi_major != WG_ABI_MAJOR ||
        entry->init(&nobody) != WG_OK) {
        fprintf(stderr, "%s: not a plugin for interface %d.%d, or it does not start\n", argv[1],
                WG_ABI_MAJOR, WG_ABI_MINOR);
        return 1;
    }
    return print_definitions(entry);
}
