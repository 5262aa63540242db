#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "store/configuration.hpp"
#include "store/yaml_document.hpp"

/// configuration.yaml and the files it refers to, as one object: `'!secret key'` stands for the
/// value of `key` in secret.yaml, `devices: devices.yaml` (or a list of names) for what is in that
/// file. Writing takes each value back to where it came from.
///
/// The files are the user's and may change while the program runs: saving reads them again and
/// carries over only what the program itself changed.
namespace waggle::store {

class ConfigurationFiles {
  public:
    explicit ConfigurationFiles(std::filesystem::path main_file);

    /// Reads everything. What is wrong goes to `problems`. `elsewhere` names the files of devices
    /// and groups in place of what configuration.yaml says of them.
    boost::json::object load(std::vector<ConfigurationProblem>& problems,
                             const boost::json::object& elsewhere = {});

    /// Of every file that was read, see atomic_file.hpp.
    void clear_interrupted_writes() const;

    /// Writes the files whose content differs. On failure some may have been written.
    [[nodiscard]] Outcome<> save(const boost::json::object& configuration);

    /// Where the value at `path` stands; the main file for what is nowhere.
    ConfigurationProblem place_of(const KeyPath& path) const;

    const std::filesystem::path& main_file() const noexcept { return main_file_; }

  private:
    struct Reference {
        KeyPath path;
        std::string file, key, text;
    };
    struct File {
        YamlDocument document;  ///< as last read or written; the value is always a map
        bool exists = false;
    };

    std::filesystem::path path_of(const std::string& name) const;
    File* open(const std::string& name, const ConfigurationProblem& referrer,
               std::vector<ConfigurationProblem>& problems);
    void resolve_references(boost::json::object& configuration,
                            std::vector<ConfigurationProblem>& problems);
    void read_split(std::string_view section, boost::json::object& configuration,
                    std::vector<ConfigurationProblem>& problems);
    boost::json::object split_content(const std::vector<std::string>& names, std::size_t index,
                                      const boost::json::object& entities) const;
    [[nodiscard]] Outcome<> write(const std::string& name, const boost::json::object& wanted,
                                  bool secret);

    std::filesystem::path main_file_;
    std::string main_name_;
    std::map<std::string, File> files_;  ///< by name
    std::vector<Reference> references_;
    std::map<std::string, std::vector<std::string>> split_;  ///< section -> file names
};

/// "!secret key" -> file name and key; nothing for other texts.
std::optional<std::pair<std::string, std::string>> parse_reference(std::string_view text);

}  // namespace waggle::store
