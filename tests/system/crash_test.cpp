// Killed at any moment, also while it writes: what was acknowledged is there at the next start, and
// of what was under way either all or nothing.
#include <csignal>
#include <optional>
#include <random>
#include <regex>
#include <set>
#include <thread>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "support/rig.hpp"

using namespace waggle::test;

namespace {

// The sanitizers look at the same code however often it runs.
constexpr int most_writes = is_sanitized ? 200 : 1000;
constexpr auto longest_life = std::chrono::milliseconds(2500);

/// An odd write adds the group of its number, the even one after it removes that group: each changes
/// the configuration and the database.
struct Written {
    int asked = 0;         ///< the last request that was sent
    int acknowledged = 0;  ///< the last one whose response came

    static int group_of(int number) { return number - (number % 2 == 0 ? 1 : 0); }
    static bool adds(int number) { return number % 2 == 1; }
    static std::string topic(int number) { return adds(number) ? "group/add" : "group/remove"; }
};

void ask(Rig& rig, int number) {
    const auto group = std::to_string(Written::group_of(number));
    const auto what = Written::adds(number)
                          ? R"("friendly_name":"group_)" + group + R"(","id":)" + group
                          : R"("id":"group_)" + group + '"';
    rig.publish("bridge/request/" + Written::topic(number),
                "{" + what + R"(,"transaction":)" + std::to_string(number) + "}");
}

/// Sends one request after the other until the host has lived long enough, then kills it.
void write_until_killed(Rig& rig, std::mt19937& random, Written& written) {
    const auto life = std::chrono::milliseconds(
        std::uniform_int_distribution<long>(0, longest_life.count())(random));
    Process& host = *rig.host;
    std::thread killer([&host, life] {
        std::this_thread::sleep_for(life);
        host.signal(SIGKILL);
    });
    for (;;) {
        const int number = written.asked + 1;
        const auto from = rig.mqtt->mark();
        ask(rig, number);
        written.asked = number;
        const auto mine = [number](const Seen& seen) {
            return seen.payload.find(R"("transaction":)" + std::to_string(number) + "}") !=
                   std::string::npos;
        };
        std::optional<Seen> answer;
        for (bool lives = true; lives && !answer;) {
            lives = rig.host->is_running();  // what it said before its end is still on the way
            answer = rig.mqtt->wait("zigbee2mqtt/bridge/response/" + Written::topic(number), mine,
                                    std::chrono::milliseconds(50), from);
        }
        if (!answer)
            break;
        BOOST_TEST(answer->payload.find(R"("status":"ok")") != std::string::npos, answer->payload);
        written.acknowledged = number;
    }
    killer.join();
    rig.host->wait(soon);
}

std::set<int> numbers(const std::string& text, const std::regex& pattern) {
    std::set<int> found;
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
        found.insert(std::stoi((*at)[1]));
    return found;
}

/// The last write that was acknowledged is in the file; the one that was under way may be.
void check(const std::set<int>& found, const Written& written, const char* file) {
    const int last = written.acknowledged;
    if (last == 0)
        return;
    const bool is_undone_perhaps = Written::adds(last) && written.asked > last;
    if (!is_undone_perhaps)
        BOOST_TEST(found.contains(Written::group_of(last)) == Written::adds(last),
                   file << " after write " << last << " and a kill in write " << written.asked);
}

void check_files(Rig& rig, const Written& written) {
    check(numbers(rig.read("configuration.yaml"), std::regex("friendly_name: group_(\\d+)")),
          written, "configuration.yaml");
    const auto database = rig.read("database.db");
    std::istringstream lines(database);
    for (std::string line; std::getline(lines, line);) {
        boost::system::error_code error;
        boost::json::parse(line, error);
        BOOST_TEST(!error, line);
    }
    check(numbers(database, std::regex("\"groupID\":(\\d+)")), written, "database.db");
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_was_acknowledged_survives_a_kill_at_any_moment) {
    Rig rig;
    rig.start();
    rig.pair();
    std::mt19937 random(20261122);
    Written written;
    int kills = 0;
    while (written.asked < most_writes) {
        write_until_killed(rig, random, written);
        ++kills;
        check_files(rig, written);
        rig.take_mark();
        rig.start_host();
        rig.wait_online();
        // What was under way may be done or not: the next write is about another group.
        written.asked += written.asked % 2;
        written.acknowledged = 0;
    }
    BOOST_TEST_MESSAGE(kills << " kills in " << written.asked << " writes");
    BOOST_TEST(rig.read("configuration.yaml").find("friendly_name: '0x00158d0001a2b3c4'") !=
               std::string::npos);
    const auto log = rig.host->output();
    BOOST_TEST(log.find("damaged") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_write_that_was_cut_off_is_said_at_the_next_start) {
    Rig rig;
    rig.start();
    rig.pair();
    rig.host->kill();
    rig.write("database.db.waggle-new", R"({"id":1,"ty)");
    rig.write("configuration.yaml.waggle-new", "mqtt:\n  ser");
    rig.take_mark();
    rig.start_host();
    rig.wait_online();
    BOOST_TEST(rig.log_has("database.db was cut off; what it held before is used"));
    BOOST_TEST(rig.log_has("configuration.yaml was cut off; what it held before is used"));
}

BOOST_AUTO_TEST_CASE(the_generation_before_is_used_where_the_last_one_is_damaged) {
    Rig rig;
    rig.start();
    rig.pair();
    rig.request("group/add", R"({"friendly_name":"lights","id":5})");
    rig.request("group/add", R"({"friendly_name":"shutters","id":6})");
    rig.host->kill();
    auto database = rig.read("database.db");
    database.resize(database.size() / 2);
    rig.write("database.db", database);
    rig.take_mark();
    rig.start_host();
    rig.wait_online();
    BOOST_TEST(rig.log_has("database.db.previous; the file as it was is kept as"));
    const auto devices = rig.expect("bridge/devices", "").json();
    BOOST_TEST(devices.as_array().size() == 2u);
    const auto groups = rig.expect("bridge/groups", "").json();
    BOOST_TEST(groups.as_array().size() >= 1u);
}
