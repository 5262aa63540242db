#include "plugin/manifest.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "plugin/elf.hpp"
#include "waggle/plugin.h"

namespace waggle::plugin {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_manifest = 16 * 1024;
constexpr std::size_t longest_models = 8 * 1024 * 1024;
constexpr std::size_t longest_text = 512;

std::optional<json::value> parse(ByteView section, std::size_t longest) {
    auto text = as_text(section);
    text = text.substr(0, text.find('\0'));  // a C literal brings its terminator along
    if (text.size() > longest)
        return std::nullopt;
    json::parse_options options;
    options.max_depth = 8;
    boost::system::error_code error;
    auto value = json::parse(text, error, {}, options);
    if (error)
        return std::nullopt;
    return value;
}

std::string text_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (!value || !value->is_string() || value->get_string().size() > longest_text)
        return {};
    return std::string(value->get_string());
}

std::optional<std::uint16_t> small_number(const json::value* value) {
    if (!value || !value->is_int64() || value->get_int64() < 0 || value->get_int64() > 0xFFFF)
        return std::nullopt;
    return static_cast<std::uint16_t>(value->get_int64());
}

/// Ids become file names, topics and log namespaces: reverse domain names and nothing else.
bool is_id(std::string_view id) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
    return !id.empty() && id.size() <= 100 && id.find_first_not_of(allowed) == id.npos &&
           id.front() != '.' && id.back() != '.';
}

bool read_texts(const json::object& object, std::string_view key, std::vector<std::string>& out) {
    const auto* list = object.if_contains(key);
    if (!list)
        return true;
    if (!list->is_array())
        return false;
    for (const auto& item : list->get_array()) {
        if (!item.is_string() || item.get_string().size() > longest_text)
            return false;
        out.emplace_back(item.get_string());
    }
    return true;
}

bool read_identity(const json::value& value, Manifest& out) {
    if (!value.is_object())
        return false;
    const auto& object = value.get_object();
    out.id = text_of(object, "id");
    out.name = text_of(object, "name");
    out.version = text_of(object, "version");
    out.licence = text_of(object, "licence");
    out.homepage = text_of(object, "homepage");
    const auto* abi = object.if_contains("abi");
    if (!abi || !abi->is_array() || abi->get_array().size() != 2)
        return false;
    const auto major = small_number(abi->get_array().if_contains(0));
    const auto minor = small_number(abi->get_array().if_contains(1));
    const auto requires_minor = small_number(object.if_contains("requires"));
    if (!major || !minor || !requires_minor || !is_id(out.id) || out.version.empty())
        return false;
    out.abi_major = *major;
    out.abi_minor = *minor;
    out.requires_minor = *requires_minor;
    return read_texts(object, "provides", out.provides) &&
           read_texts(object, "actions", out.actions);
}

bool read_definitions(const json::value& value, std::vector<ManifestDefinition>& out) {
    if (!value.is_array())
        return false;
    for (const auto& item : value.get_array()) {
        if (!item.is_object())
            return false;
        const auto& object = item.get_object();
        ManifestDefinition definition;
        definition.model = text_of(object, "model");
        definition.vendor = text_of(object, "vendor");
        const auto* anything = object.if_contains("anything");
        definition.matches_anything = anything && anything->is_bool() && anything->get_bool();
        if (definition.model.empty() ||
            !read_texts(object, "zigbee_models", definition.zigbee_models) ||
            !read_texts(object, "manufacturers", definition.manufacturers))
            return false;
        out.push_back(std::move(definition));
    }
    return true;
}

Result<void> check_version(const Manifest& manifest, std::string& problem) {
    if (manifest.abi_major != WG_ABI_MAJOR) {
        problem = fmt::format(
            "needs plugin interface {}.{} and this Waggle offers {}.{}; install the build of {} {}",
            manifest.abi_major, manifest.requires_minor, WG_ABI_MAJOR, WG_ABI_MINOR, manifest.id,
            manifest.abi_major > WG_ABI_MAJOR ? "for this version, or a newer Waggle"
                                              : "for this version");
        return Errc::mismatch;
    }
    if (manifest.requires_minor > WG_ABI_MINOR) {
        problem = fmt::format(
            "needs plugin interface {}.{} and this Waggle offers {}.{}; install a newer Waggle",
            manifest.abi_major, manifest.requires_minor, WG_ABI_MAJOR, WG_ABI_MINOR);
        return Errc::mismatch;
    }
    return {};
}

Errc bad_manifest(std::string& problem) {
    problem = fmt::format(
        "has a manifest that cannot be read; it needs id, version, abi and requires "
        "as the SDK for plugin interface {}.{} writes them: build it again",
        WG_ABI_MAJOR, WG_ABI_MINOR);
    return Errc::malformed;
}

}  // namespace

Result<Manifest> read_manifest(ByteView file, std::string& problem) {
    const auto elf = Elf::parse(file, problem);
    if (!elf)
        return elf.error();
    const auto identity = elf->section(WG_SECTION_MANIFEST);
    const auto models = elf->section(WG_SECTION_MODELS);
    if (!identity || !models) {
        problem = "is damaged or cut off; copy it again";
        return Errc::malformed;
    }
    if (!*identity) {
        problem =
            "is no Waggle plugin (it has no manifest); build it with the Waggle SDK, or remove it";
        return Errc::not_found;
    }

    Manifest manifest;
    const auto parsed = parse(**identity, longest_manifest);
    if (!parsed || !read_identity(*parsed, manifest))
        return bad_manifest(problem);
    if (auto version = check_version(manifest, problem); !version)
        return version.error();
    if (*models) {
        const auto list = parse(**models, longest_models);
        if (!list || !read_definitions(*list, manifest.definitions))
            return bad_manifest(problem);
        manifest.has_models = true;
    }
    return manifest;
}

Result<Manifest> read_manifest(const std::filesystem::path& file, std::string& problem) {
    namespace ipc = boost::interprocess;
    try {
        const ipc::file_mapping mapping(file.c_str(), ipc::read_only);
        const ipc::mapped_region region(mapping, ipc::read_only);
        const auto* bytes = static_cast<const std::uint8_t*>(region.get_address());
        return read_manifest(ByteView(bytes, region.get_size()), problem);
    } catch (const ipc::interprocess_exception& error) {
        std::error_code code;
        if (std::filesystem::is_regular_file(file, code) &&
            std::filesystem::file_size(file, code) == 0) {
            problem = "is empty; copy it again";
            return Errc::malformed;
        }
        problem = fmt::format("cannot be read ({}); check the file's permissions", error.what());
        return Errc::io_error;
    }
}

}  // namespace waggle::plugin
