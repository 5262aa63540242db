#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "store/failure.hpp"

/// Older layouts of configuration.yaml, brought to the present one step at a time.
namespace waggle::store {

inline constexpr int current_version = 5;

struct Migration {
    int from = current_version;         ///< the file's own version; 1 when it names none
    std::vector<std::string> notes;     ///< what changed in meaning, for the log
    bool resets_update_states = false;  ///< `update` goes from every entry of state.json
};

/// Changes `configuration` in place. Fails for a version that nobody knows. Icons in base64 become
/// files below `data_directory`, unless that is empty.
[[nodiscard]] Outcome<Migration> migrate(boost::json::object& configuration,
                                         const std::filesystem::path& data_directory);

}  // namespace waggle::store
