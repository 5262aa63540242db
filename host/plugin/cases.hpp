#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// Case files: what a device sends and what is to be published, what a user sets and which frames
/// go out. They stand beside a plugin's sources, need no network and no radio, and are run by
/// `waggle plugin test`.
///
///     {
///       "device": {                       identity and endpoints, as the interview finds them
///         "model_id", "manufacturer_name", "type", "power_source",
///         "endpoints": {"1": {"profile", "device_id", "inputs": [], "outputs": []}, …}
///       },
///       "model": "QBKG04LM",              the definition that must match
///       "cases": [{
///         "name": "a sentence",
///         "configuration_version": 0,     of the configuration file; 0: none
///         "options": {}, "state": {},     of the device, before the first step
///         "steps": [step, …]
///       }]
///     }
///
///     step: one of
///       "in": {"endpoint", "cluster", "frame": "18 2A 0A …", "group"?}     a ZCL frame from the
///       device "set": {key: value, …} | "get": key,  "endpoint"?: name            a command, all
///       its keys "configure": true "wait": milliseconds "event": WG_EVENT_… as a number
///     and what must come of it; absent means none
///       "published": [{…}, …]     in order: what converters publish at once, then the result
///       "sent": [{"endpoint", "cluster", "frame": "14 5F11 tt 02 …"}, …]   tt: the sequence
///       number;
///                                 for other requests see case_bench.hpp
///       "error": "sentence"       of a command
///     and how the device answers
///       "answer_status": 134      with this ZCL status; 0 when absent
///       "answer": "18 2A 01 …"    with this frame, whatever it is asked
///
/// A device answers reads from its endpoints' "attributes": {"1794": {"769": 1000}}, cluster and id
/// in decimal; a value is of the type that the tables say, or {"type", "value"} (octets in
/// hexadecimal). The others are not supported. "known", likewise, is what the host has cached.
///
/// State that is published is cached for the following steps of the case, except `action`, `click`.
namespace waggle::plugin {

struct CaseResult {
    std::string name;
    std::string problem;  ///< empty: passed
    bool passed() const noexcept { return problem.empty(); }
};

/// Runs all cases of a file against a plugin. An error, with `problem`, when the file cannot be
/// read or the plugin not be loaded; what a case finds is in its result.
[[nodiscard]] Result<std::vector<CaseResult>> run_cases(const std::filesystem::path& plugin,
                                                        std::string_view case_file,
                                                        std::string& problem);

/// Says what comes out instead of comparing it: `waggle plugin convert`, for tools that compare
/// with another program (tools/differential/).
class Converter {
  public:
    explicit Converter(const std::filesystem::path& plugin);
    ~Converter();

    /// One run as JSON: {"id", "device", "configuration_version", "options", "state", "steps"}, as
    /// in a case file. -> {"id", "model", … of the definition, "steps": [{"published", "sent",
    /// "errors"}], "power_source"}, or {"id", "error"}.
    std::string run(std::string_view line);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace waggle::plugin
