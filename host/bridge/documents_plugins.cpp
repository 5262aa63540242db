// OpenSSL 3 calls what is older than EVP deprecated.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>
#include <openssl/sha.h>

#include "base/bytes.hpp"
#include "bridge/documents.hpp"
#include "bridge/json_writer.hpp"
#include "bridge/requests/requests.hpp"
#include "plugin/host.hpp"
#include "zigbee/clusters.hpp"

namespace waggle::bridge {
namespace {

/// OpenSSL's function itself, not by way of EVP: that loads its providers, its configuration and
/// its error texts, 2 MB of a process that needs nothing else of them.
std::string sha256_of_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    SHA256_CTX state;
    if (!file || SHA256_Init(&state) != 1)
        return "";
    std::array<char, 16 * 1024> block;
    while (file.read(block.data(), block.size()) || file.gcount() > 0)
        SHA256_Update(&state, block.data(), static_cast<std::size_t>(file.gcount()));
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> sum;
    SHA256_Final(sum.data(), &state);
    return to_hex(sum);
}

/// Sums of files, computed once for each version of a file.
const std::string& sha256(const std::filesystem::path& path) {
    struct Known {
        std::filesystem::file_time_type changed;
        std::string sum;
    };
    static std::map<std::filesystem::path, Known> sums;
    std::error_code ignored;
    const auto changed = std::filesystem::last_write_time(path, ignored);
    auto& known = sums[path];
    if (known.sum.empty() || known.changed != changed)
        known = {changed, sha256_of_file(path)};
    return known.sum;
}

std::set<std::string> models(const plugin::Manifest& manifest) {
    std::set<std::string> found;
    for (const auto& definition : manifest.definitions)
        found.insert(definition.model);
    return found;
}

void text_unless_empty(JsonWriter& writer, std::string_view key, std::string_view text) {
    if (!text.empty())
        writer.key(key).text(text);
}

void write_plugin(JsonWriter& writer, const plugin::PluginInfo& info) {
    const auto& manifest = info.manifest;
    writer.begin_object();
    writer.key("abi").text(fmt::format("{}.{}", manifest.abi_major, manifest.abi_minor));
    writer.key("callbacks").number(static_cast<std::int64_t>(info.calls));
    writer.key("definitions").begin_array();
    for (const auto& model : models(manifest))
        writer.text(model);
    writer.end_array();
    writer.key("definitions_used").number(std::int64_t{info.definitions_used});
    writer.key("errors").number(static_cast<std::int64_t>(info.errors));
    text_unless_empty(writer, "homepage", manifest.homepage);
    text_unless_empty(writer, "id", manifest.id);
    text_unless_empty(writer, "licence", manifest.licence);
    text_unless_empty(writer, "name", manifest.name);
    writer.key("origin").text(to_string(info.origin));
    writer.key("path").text(info.path.string());
    text_unless_empty(writer, "problem", info.problem);
    writer.key("sha256").text(sha256(info.path));
    writer.key("slowest_callback_us")
        .number(static_cast<std::int64_t>(info.slowest.count() / 1000));
    writer.key("state").text(to_string(info.state));
    text_unless_empty(writer, "version", manifest.version);
    writer.end_object();
}

}  // namespace

void write_plugins(std::string& out, Context& context) {
    JsonWriter writer(out);
    writer.begin_array();
    for (const auto& info : context.plugins.plugins())
        write_plugin(writer, info);
    writer.end_array();
}

void write_definitions(std::string& out, Context& context) {
    JsonWriter writer(out);
    writer.begin_object();
    writer.key("actions").begin_array();
    for (const auto& name : action_names(context))
        writer.text(name);
    writer.end_array();
    writer.key("clusters").raw(zcl::definitions_json());
    writer.key("custom_clusters").begin_object().end_object();
    writer.end_object();
}

}  // namespace waggle::bridge
