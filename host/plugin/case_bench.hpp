#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/result.hpp"

/// A plugin and one pretended device at a time, without network or radio: what case files and
/// `waggle plugin convert` run on. Time stands still but for the steps that wait.
namespace waggle::plugin {

/// What came of one step. `sent` in order:
///     {"endpoint", "cluster", "frame": "14 5F11 tt 02 …"}     tt: the sequence number
///     {"group", "cluster", "frame"}
///     {"endpoint", "cluster", "bind": true}  or "unbind", with "group" where it is one
///     {"endpoint", "cluster", "reporting": [{"attribute", "minimum", "maximum", "change"}]}
struct StepResult {
    boost::json::array published;
    boost::json::array sent;
    boost::json::array errors;  ///< sentences, of commands and of preparing the device
};

class CaseBench {
  public:
    /// @param configuration_version  `version` of the configuration file; 0: none
    CaseBench(const std::filesystem::path& plugin, std::uint32_t configuration_version);
    ~CaseBench();

    /// Why the plugin cannot be used; "" when it can.
    std::string problem() const;

    /// Puts another device in place, as a case file describes it, with its options and state.
    /// Throws what Boost.JSON throws where a member is missing or of another kind.
    void place(const boost::json::object& device, boost::json::object options,
               boost::json::object state);

    std::string model() const;               ///< of the definition that matched; "" none
    boost::json::object definition() const;  ///< as in bridge/devices; empty: none matched
    std::string power_source() const;        ///< of the device as it stands now

    /// Runs a step [cases.hpp].
    StepResult run(const boost::json::object& step);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// "1C 5F 11": as it stands in StepResult::sent.
std::string plain_hex(std::string_view text);

}  // namespace waggle::plugin
