#include "app/log_setup.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <stdexcept>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <fmt/format.h>

namespace fs = std::filesystem;

namespace waggle::app {
namespace {

constexpr std::string_view placeholder = "%TIMESTAMP%";
constexpr std::string_view timestamp_shape = "0000-00-00.00-00-00";

std::string local_timestamp(std::int64_t seconds) {
    const auto time = static_cast<std::time_t>(seconds);
    std::tm local{};
    localtime_r(&time, &local);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d.%H-%M-%S", &local)};
}

std::string replaced(std::string text, std::string_view with) {
    for (auto at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + with.size()))
        text.replace(at, placeholder.size(), with);
    return text;
}

bool has_shape(std::string_view text) {
    return std::equal(
        text.begin(), text.end(), timestamp_shape.begin(), timestamp_shape.end(),
        [](char c, char shape) { return shape == '0' ? c >= '0' && c <= '9' : c == shape; });
}

bool contains(const std::vector<std::string>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

std::string strftime_format(std::string_view format) {
    // Longest first: each token is looked for at the present place.
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 21> tokens = {{
        {"YYYY", "%Y"}, {"MMMM", "%B"}, {"dddd", "%A"}, {"MMM", "%b"}, {"ddd", "%a"},
        {"SSS", "000"}, {"YY", "%y"},   {"MM", "%m"},   {"DD", "%d"},  {"HH", "%H"},
        {"hh", "%I"},   {"mm", "%M"},   {"ss", "%S"},   {"ZZ", "%z"},  {"D", "%-d"},
        {"M", "%-m"},   {"H", "%-H"},   {"h", "%-I"},   {"A", "%p"},   {"a", "%P"},
        {"Z", "%z"},
    }};
    std::string out;
    while (!format.empty()) {
        const auto token = std::find_if(tokens.begin(), tokens.end(), [&](const auto& entry) {
            return format.starts_with(entry.first);
        });
        if (token != tokens.end()) {
            out += token->second;
            format.remove_prefix(token->first.size());
            continue;
        }
        out += format.front() == '%' ? "%%" : std::string(1, format.front());
        format.remove_prefix(1);
    }
    return out;
}

log::Level level_named(std::string_view name) {
    for (const auto level : {log::Level::error, log::Level::warning, log::Level::debug})
        if (log::to_string(level) == name)
            return level;
    return log::Level::info;
}

LogSetup::LogSetup(const store::Settings& settings, const fs::path& data, std::int64_t started_s)
    : timestamp_(local_timestamp(started_s)),
      directories_to_keep_(settings.advanced.log_directories_to_keep),
      symlink_(settings.advanced.log_symlink_current) {
    const auto& advanced = settings.advanced;
    options_.level = level_named(advanced.log_level);
    for (const auto& [ns, level] : advanced.log_namespaced_levels)
        options_.namespaced_levels[ns] = level_named(level);
    options_.debug_ignore = advanced.log_debug_namespace_ignore;
    options_.console = contains(advanced.log_output, "console");
    options_.console_json = advanced.log_console_json;
    options_.rotate = advanced.log_rotation;
    options_.syslog = contains(advanced.log_output, "syslog");
    read_syslog(advanced.log_syslog);
    options_.timestamp_format = strftime_format(advanced.timestamp_format);
    directory_pattern_ = advanced.log_directory.empty() ? (data / "log" / placeholder).string()
                                                        : advanced.log_directory;
    directory_ = replaced(directory_pattern_, timestamp_);
    if (contains(advanced.log_output, "file"))
        options_.file = directory_ / replaced(advanced.log_file, timestamp_);
}

void LogSetup::read_syslog(const boost::json::object& given) {
    const auto text = [&given](std::string_view key, std::string_view otherwise) -> std::string {
        const auto* value = given.if_contains(key);
        if (value && value->is_number())
            return std::to_string(value->to_number<double>() < 0
                                      ? 0
                                      : static_cast<std::uint64_t>(value->to_number<double>()));
        return value && value->is_string() ? std::string(value->get_string())
                                           : std::string(otherwise);
    };
    syslog_name_ = text("app_name", "waggle");
    if (!given.contains("host") && !given.contains("port") && !given.contains("protocol") &&
        !given.contains("path"))
        return;  // the system's own log, which has neither address nor form
    log::SyslogOptions server;
    server.host = text("host", server.host);
    server.port = text("port", server.port);
    server.protocol = text("protocol", server.protocol);
    server.path = text("path", "/dev/log");
    server.pid = text("pid", "");
    server.host_name = text("localhost", server.host_name);
    const auto type = text("type", "BSD");
    server.bsd = type.find("3164") != std::string::npos || type == "BSD" || type == "bsd";
    server.program = syslog_name_;
    server.line_end = text("eol", "");
    syslog_server_ = std::move(server);
}

void LogSetup::apply() {
    try {
        if (!options_.file.empty())
            make_directory();
        if (options_.syslog)
            log::set_syslog(syslog_server_, syslog_name_);
        log::configure(options_);
    } catch (const std::exception& error) {
        // Neither a full disk nor a bad pattern may stop the host.
        options_.file.clear();
        options_.debug_ignore.clear();
        options_.syslog = false;
        options_.console = true;
        log::configure(options_);
        log::error("log", "Logging to the console only: {}", error.what());
    }
    if (!options_.file.empty())
        remove_old_directories();
}

void LogSetup::reopen() {
    apply();
    log::info("log", "Log file opened again");
}

void LogSetup::make_directory() const {
    fs::create_directories(directory_);
    if (!symlink_ || directory_pattern_.find(placeholder) == std::string::npos)
        return;
    const fs::path current = replaced(directory_pattern_, "current");
    std::error_code ignored;  // a link is a convenience
    if (fs::is_symlink(current, ignored))
        fs::remove(current, ignored);
    fs::create_directory_symlink(directory_.filename(), current, ignored);
}

void LogSetup::remove_old_directories() const {
    // Only what this pattern made: the directory may lie beside others' logs.
    const fs::path pattern(directory_pattern_);
    if (pattern.filename() != placeholder)
        return;
    std::vector<fs::path> runs;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(pattern.parent_path(), ignored))
        if (entry.is_directory(ignored) && !entry.is_symlink(ignored) &&
            has_shape(entry.path().filename().string()))
            runs.push_back(entry.path());
    std::sort(runs.begin(), runs.end(), std::greater<>());  // the names sort by time
    for (std::size_t i = static_cast<std::size_t>(directories_to_keep_); i < runs.size(); ++i) {
        fs::remove_all(runs[i], ignored);
        log::debug("log", "Removed the log directory '{}'", runs[i].string());
    }
}

}  // namespace waggle::app
