#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>

/// Logging behind one small border, so that spdlog is compiled in one file only.
///
/// A line has a level, a namespace that says which part speaks ("znp", "network", "mqtt", and for
/// a plugin "plugin:org.waggle.xiaomi"; parts are separated by colons), and a sentence. Text is
/// formatted only when the levels let the line pass. Loop thread only: other threads post to the loop.
namespace waggle::log {

enum class Level { error, warning, info, debug };

std::string_view to_string(Level level) noexcept;

/// Sees every line that passes the levels; used by bridge/logging. Must not log.
using Tap = std::function<void(Level, std::string_view ns, std::string_view message)>;

struct Options {
    Level level = Level::info;
    std::map<std::string, Level, std::less<>> namespaced_levels;  ///< longest colon-prefix wins
    std::string debug_ignore;  ///< regular expression of namespaces whose debug is dropped
    bool console = true;
    bool console_json = false;
    std::string file;    ///< path; empty for none
    bool rotate = true;  ///< 10 MB, three files
    bool syslog = false;
    std::string timestamp_format = "%Y-%m-%d %H:%M:%S";  ///< strftime form
};

/// Throws std::runtime_error when the file cannot be opened or debug_ignore is no regular expression,
/// and then changes nothing. May be called again.
void configure(const Options& options);
void set_level(Level level);
void set_namespaced_levels(std::map<std::string, Level, std::less<>> levels);
void set_debug_ignore(const std::string& regex);
Level level() noexcept;
void set_tap(Tap tap, bool with_debug);
void flush();

bool enabled(Level level, std::string_view ns) noexcept;
void write(Level level, std::string_view ns, std::string_view message);
void vwrite(Level level, std::string_view ns, fmt::string_view format, fmt::format_args args);

template <class... Args>
void error(std::string_view ns, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::error, ns))
        vwrite(Level::error, ns, format, fmt::make_format_args(args...));
}
template <class... Args>
void warning(std::string_view ns, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::warning, ns))
        vwrite(Level::warning, ns, format, fmt::make_format_args(args...));
}
template <class... Args>
void info(std::string_view ns, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::info, ns))
        vwrite(Level::info, ns, format, fmt::make_format_args(args...));
}
template <class... Args>
void debug(std::string_view ns, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::debug, ns))
        vwrite(Level::debug, ns, format, fmt::make_format_args(args...));
}

}  // namespace waggle::log
