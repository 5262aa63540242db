#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// What a plugin says of itself before it is loaded: JSON in two sections of its ELF file.
///
///     .waggle.manifest   {"id", "name", "version", "licence", "homepage", "abi": [major, minor],
///                         "requires": minor, "provides": ["waggle.generator/1", …],
///                         "actions": ["name", …]}
///                                                 written by WG_MANIFEST or WAGGLE_PLUGIN
///     .waggle.models     [{"model", "vendor", "zigbee_models": […], "fingerprints": [model or
///     null, …],
///                          "manufacturers": […]}, …]   in the order of definition indices; added
///                          after
///                         linking by the build helper, not mapped when the plugin is loaded
///
/// A sidecar file was rejected: two files can be copied one without the other.
namespace waggle::plugin {

struct ManifestDefinition {
    std::string model, vendor;
    std::vector<std::string> zigbee_models;  ///< also model ids of fingerprints
    std::vector<std::string> manufacturers;  ///< of fingerprints and definitions without a model id
    bool matches_anything = false;           ///< a fingerprint with neither
    bool operator==(const ManifestDefinition&) const = default;
};

struct Manifest {
    std::string id, name, version, licence, homepage;
    std::uint16_t abi_major = 0, abi_minor = 0, requires_minor = 0;
    std::vector<std::string> provides;            ///< ids of extensions
    std::vector<std::string> actions;             ///< names, see wg_actions
    bool has_models = false;                      ///< .waggle.models is there
    std::vector<ManifestDefinition> definitions;  ///< by definition index
};

/// Reads the manifest out of the bytes of a file. On error `problem` is one sentence without the
/// file's name: what the file needs, what this host offers, what to do.
/// Errc::malformed   not an ELF shared module, or damaged, or a manifest that is no manifest
/// Errc::mismatch    another machine, word size or byte order; another major; a newer minor
/// Errc::not_found   no manifest: not a Waggle plugin
[[nodiscard]] Result<Manifest> read_manifest(ByteView file, std::string& problem);

/// The same from a file, which is mapped, not read.
[[nodiscard]] Result<Manifest> read_manifest(const std::filesystem::path& file,
                                             std::string& problem);

}  // namespace waggle::plugin
