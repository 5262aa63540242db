/*
 * The interface between Waggle and its plugins: plain C11 that is also C++20, with no dependency.
 * C++ authors include <waggle/sdk.hpp>, which wraps this and adds nothing to it.
 *
 * A plugin is a shared module with ONE visible symbol, the constant `waggle_plugin`. It is data and
 * not a function so that the host can judge magic, size and version before any function of the
 * plugin runs, and because a constant cannot fail. Two ELF sections say who the plugin is before it
 * is even loaded: `.waggle.manifest` (WG_MANIFEST: id, version, required interface) and
 * `.waggle.models` (added after linking by the build helper: which models each definition serves).
 * A plugin whose models are not on the network is never loaded.
 *
 * The contract, once for all functions
 *
 * Threads     [loop]  called by the host on its one loop thread; host functions marked so may only
 *                     be called from inside a call from the host.
 *             [any]   may be called from any thread; only `post` is.
 * Time        A callback returns at once. The host measures each one and names a plugin that holds
 *             the loop. Waiting is asking for a completion or a timer.
 * Memory      Whoever allocates frees. Views (wg_str, wg_bytes, wg_value, messages, replies) that one
 *             side passes live until the call returns; who wants to keep one copies it. Definitions
 *             and everything they point to stay valid and unchanged until deinit() has returned.
 * Errors      A wg_status, and `error` for the sentence. No exception crosses in either direction.
 * Growth      Structs start with their size, or stand in a wg_table that carries the size of its
 *             items; fields and functions are only appended; a reader looks no further than the size
 *             says. What is not marked optional must be set. Enumerations are open: a value that a
 *             reader does not know is ignored. wg_str, wg_bytes, wg_value, wg_member and wg_table
 *             never change.
 * Extensions  Optional abilities have a string id, "waggle.ota/1", and are asked for by it.
 * Replacement The host may replace a plugin between any two calls: everything under way completes
 *             once with WG_CANCELLED, timers are dropped, then deinit() runs.
 */
#ifndef WAGGLE_PLUGIN_H
#define WAGGLE_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Major 0 is the draft. The released interface will be 1.0, so that nothing built against the draft
 * can be taken for it. */
#define WG_ABI_MAJOR 0
#define WG_ABI_MINOR 3

#define WG_MAGIC 0x4C504757u /* "WGPL" as bytes on a little-endian machine */

#define WG_EXPORT __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------------
 * Statuses
 */

typedef uint32_t wg_status;
enum {
    WG_OK = 0,
    WG_ERROR = 1,     /* anything without a name of its own; `error` says what */
    WG_CANCELLED = 2, /* given up: the plugin is replaced, the device removed, the host stops */
    WG_TIMED_OUT = 3,
    WG_NOT_FOUND = 4,       /* no such entity, option, property, key, endpoint */
    WG_INVALID = 5,         /* an argument is outside what the function allows */
    WG_UNSUPPORTED = 6,     /* well formed, but this host or this device cannot */
    WG_REFUSED = 7,         /* the device answered with an error status */
    WG_DELIVERY_FAILED = 8, /* the radio could not deliver */
    WG_BUSY = 9,            /* a bound is reached; try later */
    WG_WRONG_THREAD = 10    /* not [any], and not called from inside a call from the host */
};

/* ------------------------------------------------------------------------------------------------
 * Views and values. These five never change.
 */

/* UTF-8, not terminated. {NULL, 0} is the absent text wherever text is optional. */
typedef struct wg_str {
    const char* data;
    size_t length;
} wg_str;

typedef struct wg_bytes {
    const uint8_t* data;
    size_t length;
} wg_bytes;

/* `count` structs of `item_size` bytes each, one after the other: the size of the struct as the
 * side that made the table knows it, so that items can grow. {NULL, 0, 0} is the empty table. */
typedef struct wg_table {
    const void* items;
    uint32_t count;
    uint32_t item_size;
} wg_table;

typedef uint32_t wg_kind;
enum {
    WG_NULL = 0,
    WG_BOOL = 1,
    WG_INT = 2,
    WG_DOUBLE = 3,
    WG_STRING = 4,
    WG_BYTES = 5,
    WG_ARRAY = 6,
    WG_OBJECT = 7
};

struct wg_member;

/* One value of any shape. `length` counts octets, items or members for the last four kinds. */
typedef struct wg_value {
    wg_kind kind;
    uint32_t length;
    union {
        bool boolean;
        int64_t integer;
        double number;
        const char* string; /* UTF-8, not terminated */
        const uint8_t* bytes;
        const struct wg_value* items;
        const struct wg_member* members;
    } as;
} wg_value;

typedef struct wg_member {
    wg_str name;
    wg_value value;
} wg_member;

/* ------------------------------------------------------------------------------------------------
 * Handles: numbers, never reused while the process lives. A stale one gives WG_NOT_FOUND.
 */

typedef uint64_t wg_entity;     /* a device, or a group; 0: none */
typedef uint64_t wg_call;       /* a set, get or configure that waits for its answer */
typedef uint64_t wg_ticket;     /* a request or timer under way; 0: none */
typedef struct wg_sink wg_sink; /* collects what one message gives; lives until the call returns */

/* ------------------------------------------------------------------------------------------------
 * Messages from a device
 */

typedef uint32_t wg_message_kind; /* one bit each, so that a converter can want several */
enum {
    WG_REPORT = 1u << 0,        /* attributes the device reported */
    WG_READ_RESPONSE = 1u << 1, /* attributes the device was asked for; failed ones are left out */
    WG_COMMAND = 1u << 2,       /* a cluster command, client to server: remotes */
    WG_COMMAND_RESPONSE = 1u << 3, /* a cluster command, server to client */
    WG_READ = 1u << 4,             /* the device asks for attributes: ids without values */
    WG_WRITE = 1u << 5,            /* the device writes attributes */
    WG_RAW = 1u << 6               /* not decodable, or no table knows it: `payload` only */
};

/* ZCL data types are their numbers [ZCL8 table 2-10]; this one leaves the choice to the host. */
#define WG_TYPE_FROM_TABLE 0xFFu

typedef struct wg_attribute {
    uint16_t id;
    uint8_t type;   /* ZCL data type */
    uint8_t status; /* ZCL status, in replies; 0 is success [ZCL8 2.6.3] */
    uint32_t reserved;
    wg_value value; /* unsigned kinds, booleans, bitmaps, enums, times are WG_INT: a boolean keeps
                          its octet, because devices send 2 in one. uint64 above the int64 range wraps.
                          Octet strings are WG_BYTES, structures and lists WG_ARRAY. WG_NULL: the
                          type's non-value, by which the device says that it does not know. What is
                          outside the range of the standard is left out of a message. */
} wg_attribute;

typedef struct wg_parameter {
    wg_str name; /* as the cluster tables name it */
    uint8_t type;
    uint8_t reserved[7];
    wg_value value;
} wg_parameter;

typedef struct wg_message {
    uint32_t size;
    wg_message_kind kind; /* exactly one bit */
    wg_entity device;
    uint16_t cluster;
    uint16_t group;        /* 0: not a groupcast */
    uint16_t manufacturer; /* 0: none */
    uint8_t endpoint;      /* of the device */
    uint8_t link_quality;  /* 0..255 */
    uint8_t command;       /* command id */
    uint8_t sequence;      /* ZCL transaction sequence number */
    uint8_t broadcast;     /* 0 or 1 */
    uint8_t reserved;
    wg_str command_name; /* cluster commands that the tables know */
    wg_table attributes; /* wg_attribute, in the order received; an id may come twice */
    wg_table parameters; /* wg_parameter */
    wg_bytes payload;    /* what follows the ZCL header */
    wg_str suffix;       /* the endpoint's name, where the definition is multi-endpoint and has
                                    one for it: what WG_EMIT_ENDPOINT puts behind a name */
} wg_message;

/* ------------------------------------------------------------------------------------------------
 * Requests to a device or group
 */

typedef uint32_t wg_request_kind;
enum {
    WG_REQUEST_READ = 1,  /* attributes: ids */
    WG_REQUEST_WRITE = 2, /* attributes: ids, types, values */
    WG_REQUEST_WRITE_UNDIVIDED = 3,
    WG_REQUEST_WRITE_NO_RESPONSE = 4,
    WG_REQUEST_COMMAND = 5,             /* command, with parameters or payload */
    WG_REQUEST_CONFIGURE_REPORTING = 6, /* reportings */
    WG_REQUEST_BIND = 7,                /* cluster of the endpoint to the coordinator, or `group` */
    WG_REQUEST_UNBIND = 8,
    WG_REQUEST_READ_RESPONSE = 9, /* answers a WG_READ: attributes, and `sequence` */
    WG_REQUEST_ADD_TO_GROUP = 10, /* `group` */
    WG_REQUEST_REMOVE_FROM_GROUP = 11
};

enum {                                                /* wg_request.flags */
       WG_REQUEST_DISABLE_DEFAULT_RESPONSE = 1u << 0, /* commands; foundation frames always do */
       WG_REQUEST_NO_REPLY = 1u << 1,                 /* complete when the radio has delivered */
       WG_REQUEST_SERVER_TO_CLIENT = 1u << 2          /* direction of a command */
};

/* When a sleeping device is asked. */
typedef uint32_t wg_send_policy;
enum {
    WG_SEND_BY_COMMAND = 0, /* what fits the command */
    WG_SEND_IMMEDIATE = 1,
    WG_SEND_WHEN_AWAKE = 2
};

typedef struct wg_reporting {
    uint16_t cluster; /* used in definitions; a request has its own */
    uint16_t attribute;
    uint16_t manufacturer;     /* 0: none */
    uint8_t endpoint;          /* used in definitions, as in wg_binding */
    uint8_t type;              /* ZCL data type or WG_TYPE_FROM_TABLE */
    uint16_t minimum_interval; /* seconds */
    uint16_t maximum_interval; /* seconds; 0xFFFF stops reporting */
    uint32_t reserved;
    double reportable_change; /* in the attribute's unit; analog types only */
} wg_reporting;

typedef struct wg_request {
    uint32_t size;
    wg_request_kind kind;
    wg_entity entity;
    uint16_t cluster;
    uint16_t manufacturer; /* 0: none */
    uint16_t group;
    uint8_t endpoint; /* of a device; 0: its default endpoint; ignored for groups */
    uint8_t command;
    uint8_t sequence;
    uint8_t source_endpoint; /* 0: the host's first */
    uint8_t reserved[2];
    uint32_t flags;
    wg_send_policy policy;
    uint32_t timeout_ms; /* for the answer; 0: the host's default, 10 s */
    wg_table attributes; /* wg_attribute */
    wg_table parameters; /* wg_parameter; encoded by the host's cluster tables */
    wg_bytes payload;    /* a command's octets, instead of parameters: where no table knows the
                                   command, or values cannot say what it holds */
    wg_table reportings; /* wg_reporting */
} wg_request;

/* What became of a request. */
typedef struct wg_reply {
    uint32_t size;
    wg_status status;
    uint8_t zcl_status; /* with WG_REFUSED [ZCL8 2.6.3] */
    uint8_t command;    /* of the answer */
    uint8_t reserved[6];
    wg_str message;      /* for people, when status is not WG_OK */
    wg_table attributes; /* wg_attribute: read responses, with a status each */
    wg_table parameters; /* wg_parameter: the answering command */
    wg_bytes payload;
} wg_reply;

/* [loop] Called exactly once for each request that was accepted. */
typedef void (*wg_completion)(const wg_reply* reply, void* user);

/* ------------------------------------------------------------------------------------------------
 * Exposes: what a device offers, in zigbee2mqtt's terms
 */

typedef uint32_t wg_expose_type;
enum {
    WG_EXPOSE_BINARY = 1,
    WG_EXPOSE_NUMERIC = 2,
    WG_EXPOSE_ENUM = 3,
    WG_EXPOSE_TEXT = 4,
    WG_EXPOSE_LIST = 5,
    WG_EXPOSE_COMPOSITE = 6,
    WG_EXPOSE_SWITCH = 7,
    WG_EXPOSE_LIGHT = 8,
    WG_EXPOSE_LOCK = 9,
    WG_EXPOSE_COVER = 10,
    WG_EXPOSE_FAN = 11,
    WG_EXPOSE_CLIMATE = 12
};

enum {                            /* wg_expose.access */
       WG_ACCESS_STATE = 1u << 0, /* present in the published state */
       WG_ACCESS_SET = 1u << 1,
       WG_ACCESS_GET = 1u << 2
};

typedef uint32_t wg_category;
enum { WG_CATEGORY_NONE = 0, WG_CATEGORY_CONFIG = 1, WG_CATEGORY_DIAGNOSTIC = 2 };

enum { /* wg_expose.present: which of the numbers count */
       WG_HAS_MIN = 1u << 0,
       WG_HAS_MAX = 1u << 1,
       WG_HAS_STEP = 1u << 2,
       WG_HAS_LENGTH_MIN = 1u << 3,
       WG_HAS_LENGTH_MAX = 1u << 4
};

typedef struct wg_preset {
    wg_str name;
    wg_value value; /* number or text */
    wg_str description;
} wg_preset;

typedef struct wg_expose {
    uint32_t size;
    wg_expose_type type;
    wg_str name;     /* absent on the specific kinds (switch … climate) */
    wg_str label;    /* absent: made from the name */
    wg_str property; /* absent: the name; on specific kinds none */
    wg_str description;
    wg_str endpoint; /* endpoint name; `property` carries the suffix already */
    wg_str unit;
    uint32_t access; /* 0 on specific kinds */
    wg_category category;
    uint32_t present;
    uint32_t reserved;
    double value_min, value_max, value_step;
    uint32_t length_min, length_max;
    wg_value value_on, value_off, value_toggle; /* WG_NULL: none */
    wg_table values;                            /* wg_value: of an enum */
    wg_table presets;                           /* wg_preset */
    wg_table features;      /* wg_expose: composite and specific kinds; list: one item type */
    wg_value homeassistant; /* object of discovery hints, or WG_NULL */
} wg_expose;

/* A device option that the user may set, and what it is when they did not. */
typedef struct wg_option {
    const wg_expose* expose; /* access WG_ACCESS_SET */
    wg_value default_value;  /* WG_NULL: unset */
    /* Where the configuration file carries `version` and it is at least this, the default is
     * `newer_default`; 0: no such rule. Lets a plugin keep an old default for those who rely on it. */
    uint32_t newer_from_version;
    uint32_t reserved;
    wg_value newer_default;
} wg_option;

/* ------------------------------------------------------------------------------------------------
 * Matching
 */

typedef struct wg_endpoint_match {
    uint8_t id;
    uint8_t has_profile, has_device_id, has_inputs, has_outputs; /* 0 or 1 */
    uint8_t reserved[3];
    uint16_t profile;
    uint16_t device_id;
    uint32_t reserved2;
    wg_table inputs; /* uint16_t, compared as a set */
    wg_table outputs;
} wg_endpoint_match;

/* Every field that is present must agree. */
typedef struct wg_fingerprint {
    uint32_t size;
    int32_t priority; /* the highest matching wins, the first on ties */
    wg_str model_id, manufacturer_name, power_source, date_code, software_build_id;
    wg_str device_type;   /* "Router", "EndDevice" */
    wg_str ieee_pattern;  /* ECMAScript regular expression, searched in "0x00158d…" */
    int32_t manufacturer; /* node descriptor; -1: any */
    int32_t hardware_version, application_version, stack_version, zcl_version; /* -1: any */
    uint32_t reserved;
    wg_table endpoints; /* wg_endpoint_match; when present these are all the device has */
} wg_fingerprint;

/* The same device under another name. */
typedef struct wg_white_label {
    uint32_t size;
    uint32_t reserved;
    wg_str vendor, model, description; /* absent vendor, description: the definition's */
    wg_table fingerprints;             /* wg_fingerprint; empty: only documentation */
} wg_white_label;

/* ------------------------------------------------------------------------------------------------
 * Converters and lifecycle
 */

/* [loop] One message, decoded. Emit properties into `sink`: they are merged with those of the other
 * converters and published once when all have run; `publish` goes out at once, before them.
 * An error status is logged with plugin, device and converter, and counted. */
typedef wg_status (*wg_from_device_fn)(const wg_message* message, wg_sink* sink, const void* user);

#define WG_ANY_COMMAND 0xFFFFu

typedef struct wg_from_device {
    uint16_t cluster;
    uint16_t command; /* id, or WG_ANY_COMMAND; only for the command kinds */
    uint8_t endpoint; /* 0: any */
    uint8_t reserved[3];
    uint32_t kinds; /* wg_message_kind bits */
    uint32_t reserved2;
    wg_str name; /* for logs */
    wg_from_device_fn convert;
    const void* user; /* passed back */
} wg_from_device;

/* One key of a command from the user. */
typedef struct wg_set {
    uint32_t size;
    uint8_t endpoint; /* the one addressed; 0 for groups */
    uint8_t is_group;
    uint8_t reserved[2];
    wg_call call;
    wg_entity entity;
    wg_str endpoint_name; /* absent unless the user addressed one by name */
    wg_str key;           /* without the endpoint suffix */
    wg_value value;       /* of a get: WG_NULL */
    wg_value message;     /* object: everything the user sent, suffixes of this endpoint removed */
} wg_set;

/* [loop] Starts what is to be done and returns. The call is answered once, now or later, with
 * `answer`. Returning an error without having answered is an answer. */
typedef wg_status (*wg_to_device_fn)(const wg_set* set, const void* user);

typedef struct wg_to_device {
    wg_table keys;       /* wg_str; empty: every key */
    wg_table endpoints;  /* wg_str endpoint names this one is for; empty: all */
    wg_str name;         /* for logs */
    wg_to_device_fn set; /* NULL: cannot be set */
    wg_to_device_fn get; /* NULL: cannot be read */
    const void* user;
} wg_to_device;

/* [loop] Prepares a device after its interview, and again when the definition's revision grew. Bindings
 * and reportings of the definition have been done by then. Answered with `answer` like a set. */
typedef struct wg_configure {
    wg_status (*run)(wg_entity device, wg_call call, const void* user);
    const void* user;
} wg_configure;

typedef uint32_t wg_event_type;
enum {
    WG_EVENT_STARTED = 1u << 0, /* the host came up, or the plugin was loaded for a device */
    WG_EVENT_STOPPED = 1u << 1, /* the host stops, or the plugin is replaced */
    WG_EVENT_JOINED = 1u << 2,
    WG_EVENT_INTERVIEWED = 1u << 3,
    WG_EVENT_ANNOUNCED = 1u << 4,
    WG_EVENT_ADDRESS_CHANGED = 1u << 5,
    WG_EVENT_OPTIONS_CHANGED = 1u << 6,
    WG_EVENT_REMOVED = 1u << 7, /* the handle is stale once this returns */
    WG_EVENT_MESSAGE = 1u << 8  /* any message, also those no converter wants */
};

typedef struct wg_event {
    uint32_t size;
    wg_event_type type; /* exactly one bit */
    wg_entity device;
    const wg_message* message; /* WG_EVENT_MESSAGE only */
} wg_event;

typedef struct wg_event_handler {
    uint32_t events; /* wg_event_type bits */
    uint32_t reserved;
    wg_status (*handle)(const wg_event* event, const void* user); /* [loop] */
    const void* user;
} wg_event_handler;

/* ------------------------------------------------------------------------------------------------
 * Definitions
 */

typedef struct wg_endpoint_name {
    wg_str name; /* "left"; "default": the one meant when none is named */
    uint8_t id;
    uint8_t reserved[7];
} wg_endpoint_name;

/* Instead of an endpoint, in bindings, reportings and readings: each endpoint whose inputs list the
 * cluster, or the first of those. None has it: the device cannot be prepared. */
#define WG_EVERY_ENDPOINT 0xFFu
#define WG_FIRST_ENDPOINT 0xFEu
/* The same for bindings of what a remote sends: each endpoint whose outputs list the cluster. */
#define WG_EVERY_CLIENT_ENDPOINT 0xFDu

typedef struct wg_binding {
    uint16_t cluster;
    uint8_t endpoint; /* 0: the default endpoint; WG_EVERY_ENDPOINT, WG_FIRST_ENDPOINT */
    uint8_t reserved[5];
} wg_binding;

enum { /* wg_reading.flags */
       /* In the frame of the one before it, where that is of the same cluster and endpoint. */
       WG_READING_JOINED = 1u << 0
};

/* An attribute to read once when the device is prepared, after it was asked to report it: what it says
 * is published like any answer, that it cannot be read is no failure. */
typedef struct wg_reading {
    uint16_t cluster;
    uint16_t attribute;
    uint16_t manufacturer; /* 0: none */
    uint8_t endpoint;      /* as in wg_binding */
    uint8_t flags;         /* WG_READING_… */
} wg_reading;

typedef uint32_t wg_cluster_edit_kind;
enum { WG_ADD_INPUT = 1, WG_ADD_OUTPUT = 2, WG_REMOVE_INPUT = 3, WG_REMOVE_OUTPUT = 4 };

/* Corrects what a device says of itself; applied when it is configured. */
typedef struct wg_cluster_edit {
    wg_cluster_edit_kind kind;
    uint16_t cluster;
    uint8_t endpoint;
    uint8_t reserved;
} wg_cluster_edit;

/* wg_ota.flags: a block has as many octets as the device asks for, unless the user names a size for it. */
enum { WG_OTA_DEVICE_CHOOSES_SIZE = 1 };

/* Which images fit, where the device's own answers do not say it, and how it wants them. */
typedef struct wg_ota {
    uint32_t size;
    uint32_t
        block_timeout; /* seconds that it may stay silent in the middle; 0: as configured. Since 0.3 */
    wg_str model_id, manufacturer_name, header_string; /* each optional: the image must name this */
    int32_t hardware_version_min, hardware_version_max; /* -1: any */
    uint8_t maximum_data_size; /* octets in a block, at most; 0: as configured. Since 0.3 */
    uint8_t flags;             /* WG_OTA_… Since 0.3 */
    uint8_t reserved[6];
} wg_ota;

/* Something the owner of a device should know. */
typedef struct wg_note {
    wg_str option; /* present: said once, in the log, where this option is set for the device */
    wg_str text;   /* one sentence; also stands in the generated device page */
} wg_note;

enum { /* wg_definition.flags */
       /* Several endpoints send the same property: emitted names get the endpoint's name as suffix
     * (WG_EMIT_ENDPOINT). */
       WG_DEFINITION_MULTI_ENDPOINT = 1u << 0,
       /* Commands go out with the default response disabled: the device sends none. */
       WG_DEFINITION_NO_DEFAULT_RESPONSE = 1u << 1,
       /* The host sends this device no default responses: they confuse it. */
       WG_DEFINITION_SEND_NO_DEFAULT_RESPONSE = 1u << 2,
       /* `power_source` counts only where the device says none, or that it does not know. */
       WG_DEFINITION_POWER_SOURCE_IF_UNKNOWN = 1u << 3,
       /* What it was asked to report is lost with its power: the host asks again when it announces
     * itself. */
       WG_DEFINITION_FORGETS_REPORTING = 1u << 4,
       /* The device works though its interview ends early: it falls asleep, or does not enrol. */
       WG_DEFINITION_INTERVIEW_MAY_FAIL = 1u << 5,
       /* A router that sends on what end devices say under its own address, as a groupcast whose
     * group is the end device's network address. */
       WG_DEFINITION_RELAYS_AS_GROUP = 1u << 6
};

typedef struct wg_definition {
    uint32_t size;
    uint32_t flags;
    uint32_t revision; /* published as version 0.0.<revision>; more: configure again */
    uint32_t reserved;
    wg_str model, vendor, description;
    wg_str icon; /* optional; $model and $zigbeeModel are replaced */

    wg_table zigbee_models;      /* wg_str: Zigbee model ids */
    wg_table manufacturer_names; /* wg_str: when present, the device's must be one of them */
    wg_table fingerprints;       /* wg_fingerprint */
    wg_table white_labels;       /* wg_white_label */

    wg_table exposes; /* wg_expose, without linkquality */
    /* Optional: exposes that depend on the device. Returns a table that stays valid until the next
     * call for any device of this plugin. [loop] */
    wg_table (*exposes_of)(wg_entity device, const void* user);
    const void* exposes_user;
    wg_table options; /* wg_option */

    wg_table endpoints;  /* wg_endpoint_name */
    wg_table unsuffixed; /* wg_str: properties that never get an endpoint suffix */

    wg_table from_device; /* wg_from_device, run in this order */
    wg_table to_device;   /* wg_to_device, the first that fits is used */
    wg_table configure;   /* wg_configure, run one after the other */
    wg_table events;      /* wg_event_handler */

    wg_table bindings;   /* wg_binding */
    wg_table reportings; /* wg_reporting */

    wg_str device_type; /* quirk: "EndDevice" where the device says otherwise; absent: as it says */
    wg_str power_source;         /* quirk: likewise */
    wg_table cluster_edits;      /* wg_cluster_edit */
    uint32_t request_timeout_ms; /* quirk: 0: the host's default */
    uint32_t checkin_interval_s; /* quirk: how often it asks for messages, seconds; 0: as it says */

    const wg_ota* ota; /* NULL: firmware cannot be updated */
    wg_table notes;    /* wg_note */
    wg_value meta;     /* object of traits, see wg_host.trait; WG_NULL: none */
    wg_table readings; /* wg_reading */
} wg_definition;

/* ------------------------------------------------------------------------------------------------
 * The host, as a plugin sees it
 */

typedef uint32_t wg_log_level;
enum { WG_LOG_ERROR = 0, WG_LOG_WARNING = 1, WG_LOG_INFO = 2, WG_LOG_DEBUG = 3 };

typedef uint32_t wg_store_kind;
enum {
    WG_STORE_VOLATILE = 0,  /* gone when the host stops; survives replacement of the plugin */
    WG_STORE_PERSISTENT = 1 /* written to the data directory */
};

enum { /* emit flags */
       WG_EMIT_ENDPOINT =
           1u << 0, /* suffix the name with the sending endpoint's, where the definition is
                                   multi-endpoint and the name is not in its `unsuffixed` */
       /* The same for the value, a text: action "on" of endpoint "left" is "on_left". */
       WG_EMIT_ENDPOINT_VALUE = 1u << 1
};

typedef struct wg_entity_info {
    uint32_t size; /* set by the caller */
    uint8_t is_group;
    uint8_t default_endpoint;
    uint16_t group; /* group id */
    uint64_t ieee;
    uint16_t network_address;
    uint16_t manufacturer; /* node descriptor; 0: unknown */
    int32_t hardware_version, application_version, stack_version, zcl_version; /* -1: unknown */
    uint32_t endpoint_count; /* of a group: members */
    wg_str friendly_name;
    wg_str model_id, manufacturer_name, power_source, date_code,
        software_build_id; /* as the device said */
    wg_str device_type;    /* "Router", "EndDevice" */
    wg_str model, vendor;  /* of the definition */
} wg_entity_info;

typedef struct wg_endpoint_info {
    uint32_t size; /* set by the caller */
    uint8_t id;
    uint8_t reserved;
    uint16_t profile, device_id;
    uint16_t reserved2;
    wg_entity device;         /* of a group's member: that device */
    wg_str name;              /* the definition's name for it, if any */
    wg_table inputs, outputs; /* uint16_t cluster ids */
} wg_endpoint_info;

/* One for each plugin, valid until deinit() has returned. Every function takes it first. All are
 * [loop] except `post`. Views they hand out live until the callback from which they were called
 * returns. */
typedef struct wg_host wg_host;
struct wg_host {
    uint32_t size;
    uint16_t abi_major, abi_minor;
    const char* version;            /* of the host program, for people */
    uint32_t configuration_version; /* `version` of the configuration file; 0: none */
    uint32_t reserved;

    /* An optional ability, by id; NULL: this host does not have it. */
    const void* (*get_extension)(const wg_host* host, const char* id);

    /* The sentence for the error that the callback under way is about to return. Copied. */
    void (*error)(const wg_host* host, wg_str text);
    void (*log)(const wg_host* host, wg_log_level level, wg_str text);

    /* Milliseconds of a clock that only goes forward; no relation to the time of day. */
    uint64_t (*now_ms)(const wg_host* host);

    /* [any] Calls run(user) on the loop thread soon. WG_BUSY: too many wait (1024). After deinit()
     * began it returns WG_CANCELLED and calls nothing. */
    wg_status (*post)(const wg_host* host, void (*run)(void* user), void* user);

    /* Adds a property to the result of the message being converted; the last value of a name wins.
     * WG_INVALID: no name, or a value nested deeper than 16. */
    wg_status (*emit)(const wg_host* host, wg_sink* sink, wg_str name, const wg_value* value,
                      uint32_t flags);

    /* Publishes these properties of the entity now, merged with its cached state like any result. */
    wg_status (*publish)(const wg_host* host, wg_entity entity, const wg_member* properties,
                         uint32_t count);

    /* WG_NOT_FOUND: stale handle, or no such endpoint or member (`index` from 0). */
    wg_status (*entity_info)(const wg_host* host, wg_entity entity, wg_entity_info* out);
    wg_status (*endpoint_info)(const wg_host* host, wg_entity entity, uint32_t index,
                               wg_endpoint_info* out);

    /* The user's setting for this entity, else the general one, else the definition's default.
     * WG_NOT_FOUND: none of these. */
    wg_status (*option)(const wg_host* host, wg_entity entity, wg_str name, wg_value* out);

    /* A property of the entity's cached state. WG_NOT_FOUND: nothing is cached under this name. */
    wg_status (*state)(const wg_host* host, wg_entity entity, wg_str property, wg_value* out);

    /* The last value of an attribute that was reported, read or written. WG_NOT_FOUND: none yet. */
    wg_status (*attribute)(const wg_host* host, wg_entity entity, uint8_t endpoint,
                           uint16_t cluster, uint16_t attribute, wg_value* out);

    /* Starts a request; everything it points to is copied. With WG_OK `done` (optional) is called
     * once, never before this returns; with anything else it is not called.
     * WG_BUSY: 64 of this plugin are under way for the entity. `ticket` is optional. */
    wg_status (*request)(const wg_host* host, const wg_request* request, wg_completion done,
                         void* user, wg_ticket* ticket);

    /* Gives a request or timer up: a request completes with WG_CANCELLED soon, a timer is dropped
     * without a call. Not known any more: nothing happens. */
    void (*cancel)(const wg_host* host, wg_ticket ticket);

    /* State that a set brings about, published when the whole command is done (option `optimistic`
     * permitting). `entity` 0: the one that was set; otherwise a member of the group that was. */
    wg_status (*answer_state)(const wg_host* host, wg_call call, wg_entity entity,
                              const wg_member* properties, uint32_t count);

    /* Ends a set, get or configure. `text` says what was wrong, for people. WG_NOT_FOUND: answered before. */
    wg_status (*answer)(const wg_host* host, wg_call call, wg_status status, wg_str text);

    /* A small store for each entity, apart for each plugin: 64 keys, 4 KiB a value (WG_BUSY above).
     * Setting WG_NULL erases. */
    wg_status (*store_get)(const wg_host* host, wg_entity entity, wg_store_kind kind, wg_str key,
                           wg_value* out);
    wg_status (*store_set)(const wg_host* host, wg_entity entity, wg_store_kind kind, wg_str key,
                           const wg_value* value);

    /* Calls run(user) once after `delay_ms`. Dropped when the entity (0: none) is removed. WG_BUSY:
     * 1024 of this plugin run already. */
    wg_status (*timer)(const wg_host* host, wg_entity entity, uint32_t delay_ms,
                       void (*run)(void* user), void* user, wg_ticket* ticket);

    /* What exposes_of would say about the device has changed: publish it again. */
    void (*exposes_changed)(const wg_host* host, wg_entity device);

    /* A trait of a device: the member of that name in its definition's `meta`, whichever plugin the
     * definition is from. A setter that serves a group asks for those of the members: one frame must
     * suit all. WG_NOT_FOUND: no definition, or it does not say. Since 0.1. */
    wg_status (*trait)(const wg_host* host, wg_entity device, wg_str name, wg_value* out);
};

/* ------------------------------------------------------------------------------------------------
 * Extension of a plugin: definitions for devices that no definition is for. A plugin that has it
 * says so in its manifest ("provides"); it is loaded when such a device is there.
 */

#define WG_EXTENSION_GENERATOR "waggle.generator/1"

typedef struct wg_generator {
    uint32_t size;
    uint32_t reserved;

    /* [loop] The attributes that `define` wants to know: wg_reading, with endpoints by number. Valid
     * until the next call. The host reads those it has no value of; what a device does not answer
     * stays unknown. */
    wg_table (*wants)(wg_entity device);

    /* [loop] A definition for this device, from its identity, its endpoints and the attributes that
     * `wants` named, and nothing else: devices in which these are equal share it. NULL: the plugin
     * can make nothing of it. Valid until `release`. It is published as generated, and matches
     * nothing: what it says of models is not looked at. */
    const wg_definition* (*define)(wg_entity device);

    /* [loop] The host is done with a definition that `define` gave. */
    void (*release)(const wg_definition* definition);

    /* [loop] The definition that `define` would give as the source of a plugin, in whichever language
     * the author of a plugin would begin with; compiles as it stands. NULL: none. Valid until the next
     * call. Optional. Since 0.1. */
    const char* (*source)(wg_entity device);
} wg_generator;

/* ------------------------------------------------------------------------------------------------
 * Extension of a plugin: actions, which a user asks for by name and which are about no device of the
 * network. The manifest has their names ("actions"), so that they are known while the plugin is not
 * loaded.
 */

#define WG_EXTENSION_ACTIONS "waggle.actions/1"

/* A command to whoever hears it, in a network or not (inter-PAN, as touchlink has it): broadcast on
 * every channel in turn; nobody answers. */
typedef struct wg_inter_pan_command {
    uint16_t cluster;
    uint16_t manufacturer; /* 0: none */
    uint8_t command;
    uint8_t reserved[3];
    wg_bytes payload; /* what follows the ZCL header */
} wg_inter_pan_command;

typedef struct wg_actions {
    uint32_t size;
    uint32_t reserved;

    /* [loop] What `action` sends, made of the user's parameters (an object). `extended_pan_id` is the
     * network's. WG_INVALID, after wg_host.error: what was wrong with the parameters. What `out` points
     * to is valid until the next call. */
    wg_status (*make)(wg_str action, const wg_value* parameters, uint64_t extended_pan_id,
                      wg_inter_pan_command* out);
} wg_actions;

/* ------------------------------------------------------------------------------------------------
 * The one symbol
 */

typedef struct wg_plugin_entry {
    uint32_t magic;          /* WG_MAGIC */
    uint32_t size;           /* sizeof(wg_plugin_entry) */
    uint16_t abi_major;      /* WG_ABI_MAJOR */
    uint16_t abi_minor;      /* WG_ABI_MINOR of the header it was built with */
    uint16_t required_minor; /* the oldest host minor it can do with */
    uint16_t reserved;
    const char* id;      /* as in the manifest: "org.waggle.xiaomi" */
    const char* version; /* "1.0.0" */

    /* [loop] First call; again only after deinit(). An error keeps the plugin out; `error` says why. */
    wg_status (*init)(const wg_host* host);
    /* [loop] Last call. Threads of the plugin have ended when it returns. Optional. */
    void (*deinit)(void);

    /* [loop] After init. A definition is asked for when a device on the network may need it, so a
     * plugin can build it then. NULL: there is no definition with this index. The number, and what
     * an index means, never change between init and deinit. */
    uint32_t (*definition_count)(void);
    const wg_definition* (*definition)(uint32_t index);

    /* [loop] An optional ability of the plugin, by id; NULL: it does not have it. Optional. */
    const void* (*get_extension)(const char* id);
} wg_plugin_entry;

/* What a plugin exports. It defines:  const wg_plugin_entry waggle_plugin = { … }; */
WG_EXPORT extern const wg_plugin_entry waggle_plugin;

#ifdef __cplusplus
} /* extern "C" */
#endif

/* ------------------------------------------------------------------------------------------------
 * Conveniences; nothing here crosses the boundary
 */

#define WG_SECTION_MANIFEST ".waggle.manifest"
#define WG_SECTION_MODELS ".waggle.models"

#define WG_TEXT_(x) #x
#define WG_TEXT(x) WG_TEXT_(x)

/* The manifest of a plugin written in C (one that provides an extension writes its own, with
 * "provides":["waggle.generator/1"]): string literals without quotes or backslashes in them. */
#define WG_MANIFEST(ID, NAME, VERSION, LICENCE, HOMEPAGE)                                      \
    __attribute__((section(WG_SECTION_MANIFEST), used)) static const char wg_manifest_text[] = \
        "{\"id\":\"" ID "\",\"name\":\"" NAME "\",\"version\":\"" VERSION                      \
        "\",\"licence\":\"" LICENCE "\",\"homepage\":\"" HOMEPAGE "\",\"abi\":[" WG_TEXT(      \
            WG_ABI_MAJOR) "," WG_TEXT(WG_ABI_MINOR) "],\"requires\":" WG_TEXT(WG_ABI_MINOR) "}"

/* Initialisers: `.model = WG_STR("X1")`, `.zigbee_models = WG_TABLE(models)` for an array. */
#define WG_STR(literal) \
    { literal, sizeof(literal) - 1 }
#define WG_TABLE(array) \
    { array, (uint32_t)(sizeof(array) / sizeof((array)[0])), (uint32_t)sizeof((array)[0]) }

/* Whether `pointer`, to a struct that starts with `size`, reaches to the end of `field`. */
#define WG_HAS(pointer, type, field) \
    ((pointer)->size >= offsetof(type, field) + sizeof((pointer)->field))

static inline wg_str wg_make_str(const char* text) {
    wg_str view = {text, 0};
    if (text != NULL)
        while (text[view.length] != '\0')
            ++view.length;
    return view;
}
static inline wg_value wg_null(void) {
    wg_value value;
    value.kind = WG_NULL;
    value.length = 0;
    value.as.integer = 0;
    return value;
}
static inline wg_value wg_bool(bool boolean) {
    wg_value value = wg_null();
    value.kind = WG_BOOL;
    value.as.boolean = boolean;
    return value;
}
static inline wg_value wg_int(int64_t integer) {
    wg_value value = wg_null();
    value.kind = WG_INT;
    value.as.integer = integer;
    return value;
}
static inline wg_value wg_double(double number) {
    wg_value value = wg_null();
    value.kind = WG_DOUBLE;
    value.as.number = number;
    return value;
}
static inline wg_value wg_string(wg_str text) {
    wg_value value = wg_null();
    value.kind = WG_STRING;
    value.length = (uint32_t)text.length;
    value.as.string = text.data;
    return value;
}
static inline wg_value wg_octets(wg_bytes bytes) {
    wg_value value = wg_null();
    value.kind = WG_BYTES;
    value.length = (uint32_t)bytes.length;
    value.as.bytes = bytes.data;
    return value;
}
/* The item of a table by index, as far as `table.count` allows; NULL beyond. */
static inline const void* wg_item(const wg_table* table, uint32_t index) {
    if (table->items == NULL || index >= table->count)
        return NULL;
    return (const char*)table->items + (size_t)index * table->item_size;
}

#endif /* WAGGLE_PLUGIN_H */
