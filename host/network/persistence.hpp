#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "network/device.hpp"

/// Devices and groups as rows of database.db, in zigbee2mqtt's form: its keys, their order, names
/// of clusters and attributes where the tables have them and decimal ids where not, octets as
/// {"type":"Buffer","data":[…]}. What this program does not know is kept and written back, so that
/// zigbee2mqtt can open the same folder afterwards. Rows travel as JSON text, so that JSON values
/// stay in one file.
namespace waggle::network {

/// One row of the file. What is neither device nor group, or cannot be read as one, keeps its text.
struct Row {
    unsigned id = 0;
    std::unique_ptr<Device> device;
    std::unique_ptr<Group> group;
    std::string text;
};

struct LoadedRows {
    std::vector<Row> rows;  ///< in file order
    std::string problem;    ///< what was set aside, for users; empty: nothing
};

[[nodiscard]] Result<LoadedRows> load_rows(const std::string& path, std::string& problem);

/// Reads one line's text; tests and the fuzzer use it too. Errc::malformed for no JSON object with
/// a number as "id"; a row that is none of ours comes back as text.
[[nodiscard]] Result<Row> read_row(std::string_view line);

void append_row(std::string& out, const Device& device);
void append_row(std::string& out, const Group& group);

/// One member of a JSON object given as text, as JSON text; "" when it is not there.
std::string json_member(const std::string& object, std::string_view key);
/// The object with that member set, or without it when `value` is "". An invalid value is refused.
[[nodiscard]] Result<std::string> with_json_member(const std::string& object, std::string_view key,
                                                   std::string_view value);

}  // namespace waggle::network
