#include "app/log_setup.hpp"

#include <fstream>
#include <sstream>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

using namespace waggle;
using namespace waggle::app;
namespace fs = std::filesystem;

namespace {

struct Folder {
    Folder() {
        std::string pattern = fs::temp_directory_path() / "waggle-log-XXXXXX";
        data = mkdtemp(pattern.data());
    }
    ~Folder() {
        log::Options quiet;
        quiet.console = false;
        log::configure(quiet);
        fs::remove_all(data);
    }
    static std::string text(const fs::path& file) {
        std::ifstream in(file);
        std::ostringstream out;
        out << in.rdbuf();
        return out.str();
    }
    store::Settings settings() const {
        store::Settings s;
        s.advanced.log_output = {"file"};
        return s;
    }
    fs::path data;
};

constexpr std::int64_t start = 1700000000;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(log_setup, Folder)

BOOST_AUTO_TEST_CASE(zigbee2mqtts_time_format_becomes_strftimes) {
    BOOST_TEST(strftime_format("YYYY-MM-DD HH:mm:ss") == "%Y-%m-%d %H:%M:%S");
    BOOST_TEST(strftime_format("DD/MM/YY hh:mm A 100%") == "%d/%m/%y %I:%M %p 100%%");
}

BOOST_AUTO_TEST_CASE(the_default_file_lies_in_a_folder_of_its_own_start) {
    LogSetup log(settings(), data, start);
    log.apply();
    const fs::path file = log.options().file;
    BOOST_TEST(file.filename() == "log.log");
    BOOST_TEST(file.parent_path().parent_path() == data / "log");
    BOOST_TEST(file.parent_path().filename().string().starts_with("2023-11-1"));
    log::info("test", "written");
    BOOST_TEST(text(file).find("info: \ttest: written") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(old_folders_go_and_strangers_stay) {
    for (const char* name : {"2020-01-01.00-00-00", "2021-01-01.00-00-00", "2022-01-01.00-00-00",
                             "mine", "2019-01-01"})
        fs::create_directories(data / "log" / name);
    auto s = settings();
    s.advanced.log_directories_to_keep = 2;
    LogSetup(s, data, start).apply();
    BOOST_TEST(!fs::exists(data / "log" / "2020-01-01.00-00-00"));
    BOOST_TEST(!fs::exists(data / "log" / "2021-01-01.00-00-00"));
    BOOST_TEST(fs::exists(data / "log" / "2022-01-01.00-00-00"));
    BOOST_TEST(fs::exists(data / "log" / "mine"));
    BOOST_TEST(fs::exists(data / "log" / "2019-01-01"));
}

BOOST_AUTO_TEST_CASE(the_link_current_points_to_this_start) {
    auto s = settings();
    s.advanced.log_symlink_current = true;
    LogSetup(s, data, start).apply();
    LogSetup log(s, data, start + 60);
    log.apply();
    BOOST_TEST(
        fs::equivalent(data / "log" / "current", fs::path(log.options().file).parent_path()));
}

BOOST_AUTO_TEST_CASE(a_moved_file_is_made_again_on_reopen) {
    LogSetup log(settings(), data, start);
    log.apply();
    const fs::path file = log.options().file;
    fs::rename(file, data / "moved");
    log.reopen();
    log::info("test", "after");
    BOOST_TEST(text(file).find("after") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_made_is_done_without) {
    auto s = settings();
    std::ofstream(data / "log") << "no folder";
    LogSetup log(s, data, start);
    log.apply();
    BOOST_TEST(log.options().file.empty());
}

BOOST_AUTO_TEST_CASE(each_place_of_the_log_is_had_by_asking_for_it) {
    auto s = settings();
    s.advanced.log_output = {"console", "syslog"};
    const auto both = LogSetup(s, data, start).options();
    BOOST_TEST(both.console);
    BOOST_TEST(both.syslog);
    BOOST_TEST(both.file.empty());
    s.advanced.log_output = {};
    const auto none = LogSetup(s, data, start).options();
    BOOST_TEST(!none.console);
    BOOST_TEST(!none.syslog);
    BOOST_TEST(none.file.empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_grows_is_rotated_unless_it_shall_not) {
    auto s = settings();
    BOOST_TEST(LogSetup(s, data, start).options().rotate);
    LogSetup log(s, data, start);
    log.apply();
    const fs::path file = log.options().file;
    const std::string line(1000, 'x');
    for (int i = 0; i < 11000; ++i)
        log::info("test", "{}", line);
    log::flush();
    BOOST_TEST(fs::exists(file.parent_path() / "log.1.log"));
    BOOST_TEST(fs::file_size(file) < 10u * 1024 * 1024);
    s.advanced.log_rotation = false;
    BOOST_TEST(!LogSetup(s, data, start).options().rotate);
}

BOOST_AUTO_TEST_CASE(json_is_for_the_console_only) {
    auto s = settings();
    s.advanced.log_console_json = true;
    LogSetup log(s, data, start);
    log.apply();
    log::info("test", "written");
    BOOST_TEST(log.options().console_json);
    BOOST_TEST(text(log.options().file).find("info: \ttest: written") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_syslog_server_is_read_from_its_options) {
    auto s = settings();
    BOOST_TEST(!LogSetup(s, data, start).syslog_server().has_value());
    s.advanced.log_syslog = {{"app_name", "bees"}};
    BOOST_TEST(!LogSetup(s, data, start).syslog_server().has_value());  // the system's own log
    s.advanced.log_syslog = {{"host", "nas"},      {"port", 1514}, {"protocol", "tcp4"},
                             {"localhost", "hut"}, {"type", 5424}, {"app_name", "bees"},
                             {"pid", "9"},         {"eol", "\r\n"}};
    const auto server = LogSetup(s, data, start).syslog_server();
    BOOST_REQUIRE(server.has_value());
    BOOST_TEST(server->host == "nas");
    BOOST_TEST(server->port == "1514");
    BOOST_TEST(server->protocol == "tcp4");
    BOOST_TEST(server->host_name == "hut");
    BOOST_TEST(!server->bsd);
    BOOST_TEST(server->program == "bees");
    BOOST_TEST(server->pid == "9");
    BOOST_TEST(server->line_end == "\r\n");
}

BOOST_AUTO_TEST_CASE(a_syslog_server_that_makes_no_sense_leaves_the_console) {
    auto s = settings();
    s.advanced.log_output = {"syslog"};
    s.advanced.log_syslog = {{"protocol", "tls4"}};
    LogSetup log(s, data, start);
    log.apply();
    BOOST_TEST(log.options().console);
    BOOST_TEST(!log.options().syslog);
}

BOOST_AUTO_TEST_SUITE_END()
