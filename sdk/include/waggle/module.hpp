#pragma once

#include <array>
#include <memory>

#include <waggle/build.hpp>

/// The plugin itself. In one file:
///
///     WAGGLE_PLUGIN(.id = "com.example.acme", .name = "ACME", .version = "1.0.0",
///                   .definitions = {plug, dimmer});
#pragma GCC visibility push(hidden)
namespace waggle {

/// Makes definitions of what devices say of themselves. Both functions may ask the device for its
/// endpoints, clusters and known attributes.
struct Generator {
    /// What it wants to know; the host reads what it has no value of before it asks for a definition.
    std::vector<Reading> (*wants)(const Device& device);
    /// Nothing: it can make nothing of the device.
    std::optional<Definition> (*define)(const Device& device);
    /// The same as the source of a plugin. Optional.
    std::optional<std::string> (*source)(const Device& device) = nullptr;
};

/// What an Action sends: to whoever hears it, on every channel in turn; nobody answers.
struct InterPanCommand {
    std::uint16_t cluster = 0;
    std::uint16_t manufacturer = 0;  ///< 0: none
    std::uint8_t command = 0;
    Bytes payload = {};  ///< what follows the ZCL header
};

/// What a user may ask for by name (bridge/request/action) and is about no device of the network.
struct Action {
    const char* name;
    /// Throws Refused where the parameters are wrong.
    InterPanCommand (*make)(const ValueView& parameters, std::uint64_t extended_pan_id);
};

struct Plugin {
    const char* id;  ///< reverse domain name, lower case: who else may override it
    const char* name = "";
    const char* version;  ///< "1.0.0"
    const char* licence = "";
    const char* homepage = "";
    std::uint16_t needs_minor = WG_ABI_MINOR;  ///< the oldest interface minor it can do with
    std::initializer_list<Definition (*)()> definitions = {};
    /// Definitions for devices that no definition is for, see waggle::Generator.
    const Generator* generator = nullptr;
    std::initializer_list<Action> actions = {};
    void (*start)() = nullptr;  ///< after the host is known
    void (*stop)() = nullptr;
};

namespace detail {

constexpr std::size_t length_of(const char* text) {
    std::size_t length = 0;
    while (text[length] != '\0')
        ++length;
    return length;
}

/// Writes the manifest's JSON to `out`, or only measures when that is null.
class ManifestWriter {
  public:
    constexpr explicit ManifestWriter(char* out) : out_(out) {}

    constexpr std::size_t write(const Plugin& plugin) {
        text("{");
        member("id", plugin.id);
        member(",\"name", plugin.name);
        member(",\"version", plugin.version);
        member(",\"licence", plugin.licence);
        member(",\"homepage", plugin.homepage);
        text(",\"abi\":[");
        number(WG_ABI_MAJOR);
        text(",");
        number(WG_ABI_MINOR);
        text("],\"requires\":");
        number(plugin.needs_minor);
        const bool acts = plugin.actions.size() != 0;
        if (plugin.generator && !acts)
            text(",\"provides\":[\"" WG_EXTENSION_GENERATOR "\"]");
        if (plugin.generator && acts)
            text(",\"provides\":[\"" WG_EXTENSION_GENERATOR "\",\"" WG_EXTENSION_ACTIONS "\"]");
        if (!plugin.generator && acts)
            text(",\"provides\":[\"" WG_EXTENSION_ACTIONS "\"]");
        if (acts)
            actions(plugin);
        text("}");
        return length_;
    }

  private:
    constexpr void put(char c) {
        if (out_)
            out_[length_] = c;
        ++length_;
    }
    constexpr void text(const char* of) {
        for (; *of != '\0'; ++of)
            put(*of);
    }
    constexpr void number(unsigned value) {
        if (value >= 10)
            number(value / 10);
        put(static_cast<char>('0' + value % 10));
    }
    constexpr void actions(const Plugin& plugin) {
        text(",\"actions\":[");
        for (const auto& action : plugin.actions) {
            text(&action == plugin.actions.begin() ? "\"" : ",\"");
            text(action.name);
            text("\"");
        }
        text("]");
    }
    /// `name` may start with the comma and quote that separate it from what came before.
    constexpr void member(const char* name, const char* value) {
        if (*name != ',')
            put('"');
        text(name);
        text("\":\"");
        for (; *value != '\0'; ++value) {
            if (*value == '"' || *value == '\\')
                put('\\');
            put(static_cast<unsigned char>(*value) < 0x20 ? ' ' : *value);
        }
        put('"');
    }

    char* out_;
    std::size_t length_ = 0;
};

template <const Plugin& plugin>
constexpr auto manifest_text() {
    constexpr auto length = ManifestWriter(nullptr).write(plugin);
    std::array<char, length + 1> text{};
    ManifestWriter(text.data()).write(plugin);
    return text;
}

constexpr bool is_generator(const Plugin& plugin) {
    return plugin.generator != nullptr;
}
constexpr bool has_source(const Plugin& plugin) {
    return plugin.generator != nullptr && plugin.generator->source != nullptr;
}
constexpr bool has_actions(const Plugin& plugin) {
    return plugin.actions.size() != 0;
}

/// The functions behind the entry.
template <const Plugin& plugin>
struct Entry {
    using List = std::vector<std::unique_ptr<Built>>;
    static List& built() {
        static List list(plugin.definitions.size());
        return list;
    }
    static wg_status init(const wg_host* table) {
        host = table;
        return guarded([] {
            if (plugin.start)
                plugin.start();
        });
    }
    static void deinit() {
        guarded([] {
            if (plugin.stop)
                plugin.stop();
        });
    }
    static std::uint32_t count() { return static_cast<std::uint32_t>(plugin.definitions.size()); }
    static const wg_definition* definition(std::uint32_t index) {
        if (index >= plugin.definitions.size())
            return nullptr;
        const wg_definition* result = nullptr;
        guarded([&] {
            auto& place = built()[index];
            if (!place)
                place = std::make_unique<Built>(plugin.definitions.begin()[index]());
            result = &place->data();
        });
        return result;
    }
    static std::vector<std::unique_ptr<Built>>& generated() {
        static std::vector<std::unique_ptr<Built>> list;
        return list;
    }
    static wg_table wants(wg_entity device) {
        static std::vector<wg_reading> list;
        list.clear();
        guarded([&] {
            for (const auto& item : plugin.generator->wants(Device(device)))
                list.push_back({item.cluster, item.attribute, item.manufacturer, item.endpoint, 0});
        });
        return {list.data(), static_cast<std::uint32_t>(list.size()), sizeof(wg_reading)};
    }
    static const wg_definition* define(wg_entity device) {
        const wg_definition* result = nullptr;
        guarded([&] {
            if (auto made = plugin.generator->define(Device(device)))
                result =
                    &generated().emplace_back(std::make_unique<Built>(std::move(*made)))->data();
        });
        return result;
    }
    static void release(const wg_definition* definition) {
        std::erase_if(generated(), [&](const auto& built) { return &built->data() == definition; });
    }
    static const char* source(wg_entity device) {
        static std::string text;
        text.clear();
        guarded([&] {
            if (auto made = plugin.generator->source(Device(device)))
                text = std::move(*made);
        });
        return text.empty() ? nullptr : text.c_str();
    }
    static wg_status make_command(wg_str name, const wg_value* parameters,
                                  std::uint64_t extended_pan_id, wg_inter_pan_command* out) {
        static InterPanCommand made;
        return guarded([&] {
            for (const auto& action : plugin.actions) {
                if (view(name) != action.name)
                    continue;
                made = action.make(ValueView(*parameters), extended_pan_id);
                *out = {made.cluster,
                        made.manufacturer,
                        made.command,
                        {},
                        {made.payload.data(), made.payload.size()}};
                return;
            }
            throw Refused("there is no such action");
        });
    }
    static const void* extension(const char* name) {
        if constexpr (is_generator(plugin)) {
            static constexpr wg_generator generator{sizeof(wg_generator),
                                                    0,
                                                    wants,
                                                    define,
                                                    release,
                                                    has_source(plugin) ? source : nullptr};
            if (std::string_view(name) == WG_EXTENSION_GENERATOR)
                return &generator;
        }
        if constexpr (has_actions(plugin)) {
            static constexpr wg_actions actions{sizeof(wg_actions), 0, make_command};
            if (std::string_view(name) == WG_EXTENSION_ACTIONS)
                return &actions;
        }
        return nullptr;
    }
    static constexpr wg_plugin_entry make() {
        return {WG_MAGIC,
                sizeof(wg_plugin_entry),
                WG_ABI_MAJOR,
                WG_ABI_MINOR,
                plugin.needs_minor,
                0,
                plugin.id,
                plugin.version,
                init,
                deinit,
                count,
                definition,
                is_generator(plugin) || has_actions(plugin) ? extension : nullptr};
    }
};

}  // namespace detail
}  // namespace waggle
#pragma GCC visibility pop

/// The arguments are the fields of waggle::Plugin, by name.
#define WAGGLE_PLUGIN(...)                                                                      \
    namespace {                                                                                 \
    constexpr ::waggle::Plugin waggle_plugin_description{__VA_ARGS__};                          \
    __attribute__((section(WG_SECTION_MANIFEST), used)) constexpr auto waggle_plugin_manifest = \
        ::waggle::detail::manifest_text<waggle_plugin_description>();                           \
    }                                                                                           \
    const wg_plugin_entry waggle_plugin = ::waggle::detail::Entry<waggle_plugin_description>::make()
