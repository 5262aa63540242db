#include "base/log.hpp"

#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

namespace waggle {
namespace {

/// A file to log to, and the ordinary settings again at the end.
struct LogFile {
    LogFile()
        : path(std::filesystem::temp_directory_path() /
               ("waggle-log-" + std::to_string(::getpid()) + ".txt")) {
        std::filesystem::remove(path);
        options.console = false;
        options.file = path.string();
        options.timestamp_format = "T";
    }
    ~LogFile() {
        log::configure({});
        std::filesystem::remove(path);
    }
    std::string text() const {
        log::flush();
        std::ifstream file(path);
        std::stringstream content;
        content << file.rdbuf();
        return content.str();
    }

    std::filesystem::path path;
    log::Options options;
};

/// Standard output goes to a file as long as this lives.
class StandardOutput {
  public:
    explicit StandardOutput(const std::filesystem::path& to) : before_(dup(STDOUT_FILENO)) {
        std::fflush(stdout);
        const int file = open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(file, STDOUT_FILENO);
        close(file);
    }
    ~StandardOutput() {
        std::fflush(stdout);
        dup2(before_, STDOUT_FILENO);
        close(before_);
    }
    StandardOutput(const StandardOutput&) = delete;
    StandardOutput& operator=(const StandardOutput&) = delete;

  private:
    int before_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(log_)

BOOST_AUTO_TEST_CASE(a_line_has_time_level_namespace_and_message) {
    LogFile file;
    log::configure(file.options);
    log::info("znp", "Firmware {}", 20240710);
    BOOST_TEST(file.text() == "[T] info: \tznp: Firmware 20240710\n");
}

BOOST_AUTO_TEST_CASE(lines_above_the_level_are_dropped) {
    LogFile file;
    file.options.level = log::Level::warning;
    log::configure(file.options);
    log::info("mqtt", "too much");
    log::warning("mqtt", "enough");
    BOOST_TEST(file.text() == "[T] warning: \tmqtt: enough\n");
}

BOOST_AUTO_TEST_CASE(the_longest_namespace_prefix_decides) {
    LogFile file;
    file.options.level = log::Level::warning;
    file.options.namespaced_levels = {{"network", log::Level::debug},
                                      {"network:queue", log::Level::error}};
    log::configure(file.options);
    BOOST_TEST(log::enabled(log::Level::debug, "network"));
    BOOST_TEST(log::enabled(log::Level::debug, "network:interview"));
    BOOST_TEST(!log::enabled(log::Level::warning, "network:queue:device"));
    BOOST_TEST(log::enabled(log::Level::error, "network:queue"));
    BOOST_TEST(!log::enabled(log::Level::debug, "networking"));  // no colon, another namespace
    BOOST_TEST(!log::enabled(log::Level::info, "mqtt"));
}

BOOST_AUTO_TEST_CASE(debug_of_ignored_namespaces_is_dropped_and_nothing_else_of_them) {
    LogFile file;
    file.options.level = log::Level::debug;
    file.options.debug_ignore = "^znp";
    log::configure(file.options);
    BOOST_TEST(!log::enabled(log::Level::debug, "znp:frame"));
    BOOST_TEST(log::enabled(log::Level::info, "znp:frame"));
    BOOST_TEST(log::enabled(log::Level::debug, "mqtt"));
}

BOOST_AUTO_TEST_CASE(json_lines_escape_what_json_must) {
    LogFile file;
    file.options.file.clear();
    file.options.console = file.options.console_json = true;
    const StandardOutput console(file.path);
    log::configure(file.options);
    log::error("a\"b", "line\nbreak \\ end");
    BOOST_TEST(file.text() ==
               "{\"level\":\"error\",\"message\":\"line\\u000abreak \\\\ end\","
               "\"namespace\":\"a\\\"b\",\"timestamp\":\"T\"}\n");
}

BOOST_AUTO_TEST_CASE(the_tap_sees_debug_only_when_it_asks) {
    LogFile file;
    file.options.level = log::Level::debug;
    log::configure(file.options);
    std::string seen;
    const auto tap = [&seen](log::Level level, std::string_view ns, std::string_view text) {
        seen += std::string(log::to_string(level)) + '/' + std::string(ns) + '/' +
                std::string(text) + ' ';
    };
    log::set_tap(tap, false);
    log::debug("a", "x");
    log::info("b", "y");
    log::set_tap(tap, true);
    log::debug("c", "z");
    log::set_tap({}, false);
    log::info("d", "w");
    BOOST_TEST(seen == "info/b/y debug/c/z ");
}

BOOST_AUTO_TEST_CASE(the_level_can_be_changed_while_running) {
    LogFile file;
    log::configure(file.options);
    BOOST_TEST(!log::enabled(log::Level::debug, "x"));
    log::set_level(log::Level::debug);
    BOOST_TEST(log::enabled(log::Level::debug, "x"));
    log::set_namespaced_levels({{"x", log::Level::error}});
    BOOST_TEST(!log::enabled(log::Level::warning, "x"));
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_opened_is_an_error_and_changes_nothing) {
    LogFile file;
    log::configure(file.options);
    auto bad = file.options;
    bad.file = "/proc/no/such/file";
    BOOST_CHECK_THROW(log::configure(bad), std::runtime_error);
    log::info("still", "here");
    BOOST_TEST(file.text() == "[T] info: \tstill: here\n");
}

BOOST_AUTO_TEST_CASE(a_pattern_that_is_no_regular_expression_is_an_error_and_changes_nothing) {
    LogFile file;
    log::configure(file.options);
    auto bad = file.options;
    bad.debug_ignore = "(";
    BOOST_CHECK_THROW(log::configure(bad), std::runtime_error);
    log::info("still", "here");
    BOOST_TEST(file.text() == "[T] info: \tstill: here\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
