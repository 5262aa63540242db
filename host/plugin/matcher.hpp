#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "network/device.hpp"
#include "plugin/manifest.hpp"
#include "waggle/plugin.h"

/// Which definitions may serve a device, without asking every definition, and whether one does
/// [exposes.md 1, zigbee2mqtt's rules].
namespace waggle::plugin {

/// A definition by plugin (as the host numbers them) and index in it.
struct DefinitionRef {
    std::uint32_t plugin = 0;
    std::uint32_t index = 0;
    bool operator==(const DefinitionRef&) const = default;
};

/// Lower case, without the first NUL and what follows it, and without blanks around: the form in
/// which model ids are looked up when the text as it came is unknown.
std::string normalised_model(std::string_view model_id);

/// Model id and manufacturer -> definitions, in the order of precedence of their plugins.
class MatchIndex {
  public:
    void clear();
    /// Plugins are added highest precedence first.
    void add(std::uint32_t plugin, const std::vector<ManifestDefinition>& definitions);
    /// By model id; if no definition has it, or the device has none, by manufacturer and those that
    /// match on other things.
    std::vector<DefinitionRef> candidates(const Device& device) const;
    std::size_t size() const noexcept { return models_.size(); }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    using Map = std::unordered_map<std::string, std::vector<DefinitionRef>, Hash, std::equal_to<>>;
    Map models_, manufacturers_;
    std::vector<DefinitionRef> anything_;
};

bool fingerprint_matches(const wg_fingerprint& fingerprint, const Device& device);

/// The definition's list of manufacturers, when it has one, names the device's.
bool manufacturer_allowed(const wg_definition& definition, const Device& device);

/// Chooses among loaded candidates (null ones are skipped); the position, or candidates.size().
/// A single candidate with model ids wins directly; otherwise the fingerprint with the highest
/// priority, the first on ties; then the first with exactly this model id.
std::size_t choose(const std::vector<const wg_definition*>& candidates, const Device& device);

/// What the manifest should say of a definition; used where a plugin brings no list of models.
ManifestDefinition describe(const wg_definition& definition);

}  // namespace waggle::plugin
