#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

#include <boost/json/object.hpp>

#include "store/failure.hpp"

/// state.json: the last known state of every device ("0x...") and group (decimal id), as
/// zigbee2mqtt writes it, four spaces of indentation.
namespace waggle::store {

class StateFile {
  public:
    explicit StateFile(std::filesystem::path path) : path_(std::move(path)) {}

    /// Empty when there is no file. A file that does not parse is kept aside and logged; the
    /// generation before takes its place, and without one it counts as empty.
    boost::json::object load();

    /// Writes only when the text differs from what was last read or written.
    [[nodiscard]] Outcome<> save(const boost::json::object& states);

    const std::filesystem::path& path() const noexcept { return path_; }

  private:
    std::optional<boost::json::object> load_previous() const;

    std::filesystem::path path_;
    std::uint64_t last_hash_ = 0;  ///< 0 = unknown
};

}  // namespace waggle::store
