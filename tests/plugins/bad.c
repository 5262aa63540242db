/* Plugins that are wrong, one way each: compiled with -DBAD_<WAY>. Their models are "bad.<way>". */
#include <waggle/plugin.h>

#define ID "org.example." WAY

#if defined(BAD_OTHER_MAJOR)
#define MANIFEST "{\"id\":\"" ID "\",\"version\":\"1.0.0\",\"abi\":[9,0],\"requires\":0}"
#elif defined(BAD_NEWER_MINOR)
#define MANIFEST    \
    "{\"id\":\"" ID \
    "\",\"version\":\"1.0.0\",\"abi\":[" WG_TEXT(WG_ABI_MAJOR) ",99],\"requires\":99}"
#elif defined(BAD_GARBAGE_MANIFEST)
#define MANIFEST "{\"id\":\"" ID "\",\"version\":7,,}"
#elif !defined(BAD_NO_MANIFEST)
WG_MANIFEST(ID, "Bad", "1.0.0", "Apache-2.0", "");
#endif
#ifdef MANIFEST
__attribute__((section(WG_SECTION_MANIFEST), used)) static const char manifest[] = MANIFEST;
#endif

#ifdef BAD_UNRESOLVED
void function_of_nobody(void);
#endif

static const wg_str models[] = {WG_STR("bad." WAY)};
static const wg_host* host;

static wg_status init(const wg_host* the_host) {
    host = the_host;
#ifdef BAD_UNRESOLVED
    function_of_nobody();
#endif
#ifdef BAD_INIT_FAILS
    host->error(host, wg_make_str("the stars are not right"));
    return WG_ERROR;
#else
    return WG_OK;
#endif
}

static wg_status convert(const wg_message* message, wg_sink* sink, const void* user) {
    const wg_value fine = wg_int(1);
    (void)user;
    host->emit(host, sink, wg_make_str("fine"), &fine, 0);
#ifdef BAD_CRASHES
    __builtin_trap();
#endif
#ifdef BAD_EMITS_GARBAGE
    static const wg_value cycle[1] = {{.kind = WG_ARRAY, .length = 1, .as.items = cycle}};
    wg_value value = wg_null();
    value.kind = WG_STRING;
    value.length = 1000000;
    host->emit(host, sink, wg_make_str("null_text"), &value, 0);
    value.as.string = "\xff\xfe";
    value.length = 2;
    host->emit(host, sink, wg_make_str("no_utf8"), &value, 0);
    host->emit(host, sink, wg_make_str("cycle"), cycle, 0);
    value = wg_int(2);
    host->emit(host, sink, (wg_str){NULL, 5}, &value, 0);
    host->emit(host, NULL, wg_make_str("no_sink"), &value, 0);
    host->emit(host, sink, wg_make_str("no_value"), NULL, 0);
    value.kind = 4711;
    host->emit(host, sink, wg_make_str("newer_kind"), &value, 0);
    host->publish(host, 4711, NULL, 5);
    host->publish(host, message->device, NULL, 5);
    host->answer(host, 4711, WG_OK, (wg_str){NULL, 7});
    host->request(host, NULL, NULL, NULL, NULL);
#endif
    (void)message;
    return WG_OK;
}

#ifdef BAD_HUGE_COUNT
static const wg_expose exposes[1];
#define EXPOSES \
    { exposes, 0xFFFFFFFFu, sizeof(wg_expose) }
#elif defined(BAD_NULL_TABLE)
#define EXPOSES \
    { NULL, 3, sizeof(wg_expose) }
#elif defined(BAD_ITEM_SIZE)
static const wg_expose exposes[2];
#define EXPOSES \
    { exposes, 2, 3 }
#elif defined(BAD_ENUM)
static const wg_expose exposes[] = {{.size = sizeof(wg_expose), .type = 4711, .name = WG_STR("x")}};
#define EXPOSES WG_TABLE(exposes)
#elif defined(BAD_DEEP)
extern const wg_expose exposes[1];
__attribute__((visibility("hidden")))
const wg_expose exposes[1] = {{.size = sizeof(wg_expose),
                               .type = WG_EXPOSE_COMPOSITE,
                               .name = WG_STR("x"),
                               .features = {exposes, 1, sizeof(wg_expose)}}};
#define EXPOSES WG_TABLE(exposes)
#else
#define EXPOSES \
    { NULL, 0, 0 }
#endif

static const wg_from_device from_device[] = {{
    .cluster = 6,
    .command = WG_ANY_COMMAND,
    .kinds = 0xFFFFFFFFu,
    .name = WG_STR("convert"),
#ifndef BAD_NULL_CONVERTER
    .convert = convert,
#endif
}};

static const wg_definition bad = {
#ifdef BAD_TINY_DEFINITION
    .size = 8,
#else
    .size = sizeof(wg_definition),
#endif
    .model = WG_STR("BAD-1"),
    .vendor = WG_STR("Bad"),
    .description = WG_STR("Bad"),
    .zigbee_models = WG_TABLE(models),
    .exposes = EXPOSES,
    .from_device = WG_TABLE(from_device),
};

static uint32_t definition_count(void) {
#ifdef BAD_ENDLESS
    return 0xFFFFFFFFu;
#else
    return 1;
#endif
}
static const wg_definition* definition(uint32_t index) {
    (void)index;
#ifdef BAD_NULL_DEFINITION
    return NULL;
#else
    return &bad;
#endif
}

#ifndef BAD_NO_SYMBOL
const wg_plugin_entry waggle_plugin = {
#ifdef BAD_MAGIC
    .magic = 0x0BADF00D,
#else
    .magic = WG_MAGIC,
#endif
    .size = sizeof(wg_plugin_entry),
#ifdef BAD_LYING_ENTRY
    .abi_major = 9,
#else
    .abi_major = WG_ABI_MAJOR,
#endif
    .abi_minor = WG_ABI_MINOR,
    .required_minor = WG_ABI_MINOR,
#ifdef BAD_OTHER_ID
    .id = "org.example.somebody.else",
#else
    .id = ID,
#endif
    .version = "1.0.0",
#ifndef BAD_NULL_ENTRY
    .init = init,
#endif
    .definition_count = definition_count,
    .definition = definition,
};
#endif
