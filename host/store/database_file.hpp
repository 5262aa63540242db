#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "store/failure.hpp"

/// database.db: one JSON object a line, no newline after the last, keys in the order given. The
/// file is zigbee2mqtt's and stays readable for it: same order, same text for every number and
/// string.
namespace waggle::store {

struct DatabaseContent {
    struct BadLine {
        std::size_t number = 0;  ///< from 1
        std::string reason;
    };
    std::vector<boost::json::object> entries;  ///< in file order; of one id the last wins
    std::vector<BadLine> bad_lines;
    std::filesystem::path damaged_copy;  ///< where the original was kept when lines were bad
    std::size_t from_previous = 0;       ///< entries that the generation before still had
};

/// Reads text; never fails: what cannot be used is listed.
DatabaseContent parse_database(std::string_view text);

/// A missing file is an empty database. Bad lines are logged, the good ones used, what they lack is
/// taken from the generation before, and the original is kept aside before anything can overwrite
/// it.
[[nodiscard]] Outcome<DatabaseContent> load_database(const std::filesystem::path& path);

std::string write_database(const std::vector<boost::json::object>& entries);
/// Readable to its owner only when there are keys in it; the generation before is kept.
[[nodiscard]] Outcome<> save_database_text(const std::filesystem::path& path,
                                           std::string_view text);
[[nodiscard]] Outcome<> save_database(const std::filesystem::path& path,
                                      const std::vector<boost::json::object>& entries);

}  // namespace waggle::store
