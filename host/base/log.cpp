#include "base/log.hpp"

#include <ctime>
#include <memory>
#include <optional>
#include <regex>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>

#include "base/syslog.hpp"

namespace waggle::log {
namespace {

/// What a line looks like where it goes.
enum class Form { text, json, bare };

struct Output {
    spdlog::sink_ptr sink;
    Form form;
};

struct State {
    Options options;
    std::vector<Output> outputs;
    /// Written before the first configure(), which says them again where they belong.
    std::vector<std::tuple<Level, std::string, std::string>> early;
    bool configured = false;
    std::unique_ptr<SyslogSender> server;  ///< absent: the system's own log
    std::string program = "waggle";        ///< there
    std::optional<std::regex> ignore;
    Tap tap;
    bool tap_debug = false;
    Level most_verbose = Level::info;  ///< no namespace is more verbose than this
};

State& state() {
    static State instance;
    return instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::error: return spdlog::level::err;
        case Level::warning: return spdlog::level::warn;
        case Level::info: return spdlog::level::info;
        case Level::debug: return spdlog::level::debug;
    }
    return spdlog::level::info;
}

void find_most_verbose(State& s) {
    s.most_verbose = s.options.level;
    for (const auto& [name, level] : s.options.namespaced_levels)
        s.most_verbose = std::max(s.most_verbose, level);
}

/// The level of the longest configured prefix of `ns` that ends at a colon or at its end.
Level level_of(const State& s, std::string_view ns) {
    if (s.options.namespaced_levels.empty())
        return s.options.level;
    for (auto prefix = ns;;) {
        if (const auto found = s.options.namespaced_levels.find(prefix);
            found != s.options.namespaced_levels.end())
            return found->second;
        const auto colon = prefix.rfind(':');
        if (colon == std::string_view::npos)
            return s.options.level;
        prefix = prefix.substr(0, colon);
    }
}

std::optional<std::regex> compile(const std::string& pattern) {
    if (pattern.empty())
        return std::nullopt;
    return std::regex(pattern);  // regex_error is a runtime_error
}

std::vector<Output> open_outputs(const Options& options) try {
    std::vector<Output> outputs;
    if (options.console)
        outputs.push_back({std::make_shared<spdlog::sinks::stdout_sink_st>(),
                           options.console_json ? Form::json : Form::text});
    if (!options.file.empty() && options.rotate)
        outputs.push_back({std::make_shared<spdlog::sinks::rotating_file_sink_st>(
                               options.file, 10 * 1024 * 1024, 3),
                           Form::text});
    else if (!options.file.empty())
        outputs.push_back(
            {std::make_shared<spdlog::sinks::basic_file_sink_st>(options.file), Form::text});
    if (options.syslog && !state().server)
        outputs.push_back(
            {std::make_shared<spdlog::sinks::syslog_sink_st>(state().program, 0, LOG_USER, false),
             Form::bare});
    for (const auto& output : outputs)
        output.sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
    return outputs;
} catch (const spdlog::spdlog_ex& error) {
    throw std::runtime_error(error.what());
}

/// Matching may fail where the pattern is too hard for the text; such a line is shown.
bool is_ignored(const std::regex& ignore, std::string_view ns) noexcept {
    try {
        return std::regex_search(ns.begin(), ns.end(), ignore);
    } catch (const std::regex_error&) {
        return false;
    }
}

std::string timestamp(const std::string& format) {
    const auto now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    char text[64];
    return {text, std::strftime(text, sizeof text, format.c_str(), &local)};
}

std::string json_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (static_cast<unsigned char>(c) < 0x20)
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            out += c;
    }
    return out += '"';
}

std::string format_line(const State& s, Form form, Level level, std::string_view ns,
                        std::string_view message) {
    if (form == Form::bare)
        return fmt::format("{}: {}", ns, message);
    const auto at = timestamp(s.options.timestamp_format);
    if (form == Form::json)
        return fmt::format(R"({{"level":"{}","message":{},"namespace":{},"timestamp":"{}"}})",
                           to_string(level), json_text(message), json_text(ns), at);
    return fmt::format("[{}] {}: \t{}: {}", at, to_string(level), ns, message);
}

Severity severity_of(Level level) noexcept {
    switch (level) {
        case Level::error: return Severity::error;
        case Level::warning: return Severity::warning;
        case Level::info: return Severity::info;
        case Level::debug: return Severity::debug;
    }
    return Severity::info;
}

}  // namespace

std::string_view to_string(Level level) noexcept {
    switch (level) {
        case Level::error: return "error";
        case Level::warning: return "warning";
        case Level::info: return "info";
        case Level::debug: return "debug";
    }
    return "info";
}

void configure(const Options& options) {
    // All that may fail first: a bad setting leaves the old log as it was.
    auto ignore = compile(options.debug_ignore);
    auto outputs = open_outputs(options);

    auto& s = state();
    s.options = options;
    s.outputs = std::move(outputs);
    s.ignore = std::move(ignore);
    find_most_verbose(s);
    s.configured = true;
    for (const auto& [level, ns, message] : std::exchange(s.early, {}))
        if (enabled(level, ns))
            write(level, ns, message);
}

void set_syslog(std::optional<SyslogOptions> server, std::string program) {
    auto sender = server ? std::make_unique<SyslogSender>(*std::move(server)) : nullptr;
    state().server = std::move(sender);
    state().program = std::move(program);
}

void set_level(Level level) {
    state().options.level = level;
    find_most_verbose(state());
}

void set_namespaced_levels(std::map<std::string, Level, std::less<>> levels) {
    state().options.namespaced_levels = std::move(levels);
    find_most_verbose(state());
}

void set_debug_ignore(const std::string& regex) {
    state().ignore = compile(regex);
}

Level level() noexcept {
    return state().options.level;
}

void set_tap(Tap tap, bool with_debug) {
    state().tap = std::move(tap);
    state().tap_debug = with_debug;
}

void flush() {
    for (const auto& output : state().outputs)
        output.sink->flush();
}

bool enabled(Level level, std::string_view ns) noexcept {
    const auto& s = state();
    if (level > s.most_verbose || level > level_of(s, ns))
        return false;
    return level != Level::debug || !s.ignore || !is_ignored(*s.ignore, ns);
}

void write(Level level, std::string_view ns, std::string_view message) {
    auto& s = state();
    constexpr std::size_t most_early = 100;
    if (!s.configured && s.early.size() < most_early)
        s.early.emplace_back(level, ns, message);
    for (const auto& output : s.outputs) {
        const auto line = format_line(s, output.form, level, ns, message);
        output.sink->log(spdlog::details::log_msg("", to_spdlog(level), line));
        output.sink->flush();
    }
    if (s.server && s.options.syslog)
        s.server->send(severity_of(level), format_line(s, Form::bare, level, ns, message));
    if (s.tap && (level != Level::debug || s.tap_debug))
        s.tap(level, ns, message);
}

void vwrite(Level level, std::string_view ns, fmt::string_view format, fmt::format_args args) {
    write(level, ns, fmt::vformat(format, args));
}

}  // namespace waggle::log
