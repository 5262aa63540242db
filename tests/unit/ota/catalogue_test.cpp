#include "ota/catalogue.hpp"

#include <csignal>
#include <cstdlib>
#include <optional>

#include <boost/test/unit_test.hpp>

#include "base/task_group.hpp"
#include "ota/download.hpp"
#include "support/temporary_folder.hpp"
#include "support/virtual_loop.hpp"
#include "unit/ota/images.hpp"

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using namespace waggle;
using namespace waggle::ota;
using namespace waggle::ota::test;
using waggle::test::TemporaryFolder;
using waggle::test::VirtualLoop;

namespace {

/// A catalogue whose child is the little program beside this test.
struct Bench {
    explicit Bench(std::size_t most_waiting = 4, Clock::duration most = 10min) {
        std::signal(SIGPIPE, SIG_IGN);
        loop.wait_outside = 2ms;
        Catalogue::Options options;
        options.executable = OTA_JOB_PROCESS;
        options.data_folder = data.path();
        options.most_waiting = most_waiting;
        options.limit = most;
        catalogue.emplace(loop.executor(), options);
        data.write("index.json", R"([{"url":"q.ota"}])");
        data.write("q.ota", text_like());
    }

    Awaitable<Outcome<Found>> find(std::stop_token abort = {}) {
        IndexLocations locations;
        locations.latest = "index.json";
        auto facts = qbkg04lm();
        Wish wish;
        return catalogue->find(std::move(facts), std::move(wish), std::move(locations),
                               std::move(abort));
    }
    std::string failure() {
        const auto found = loop.run(find(), limit, 10ms);
        return found ? "" : found.error().message;
    }
    /// Waits until the child that hangs has said its number.
    int child() {
        loop.until([this] { return data.has("pid") && !data.read("pid").empty(); }, limit, 1ms);
        const int pid = std::stoi(data.read("pid"));
        fs::remove(data / "pid");
        return pid;
    }
    static bool lives(int pid) { return ::kill(pid, 0) == 0; }

    static constexpr auto limit = std::chrono::hours(5);
    TemporaryFolder data;
    VirtualLoop loop;
    std::optional<Catalogue> catalogue;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue)

BOOST_AUTO_TEST_CASE(an_image_is_found_and_obtained_by_a_child) {
    Bench bench;
    auto found = bench.loop.run(bench.find(), bench.limit, 1ms);
    BOOST_REQUIRE_MESSAGE(found, (found ? "" : found.error().message));
    BOOST_TEST(found->available);
    BOOST_REQUIRE(found->best.has_value());
    auto entry = *found->best;
    const auto stored = bench.loop.run(bench.catalogue->obtain(std::move(entry)), bench.limit, 1ms);
    BOOST_REQUIRE_MESSAGE(stored, (stored ? "" : stored.error().message));
    BOOST_TEST(stored->header.image_type == 0x0101);
    BOOST_TEST(stored->header.total_size == image_like().size());
    BOOST_TEST(stored->sha512 == sha512_of(image_like()));
    BOOST_TEST(fs::path(stored->path).parent_path() == bench.data / "ota/cache");
    BOOST_TEST(fs::file_size(stored->path) == image_like().size());
}

BOOST_AUTO_TEST_CASE(a_failure_of_the_job_comes_as_it_was_said) {
    Bench bench;
    bench.data.write("index.json", "{}");
    BOOST_TEST(bench.failure() == "The index 'index.json' is no JSON array of images");
}

BOOST_AUTO_TEST_CASE(a_child_that_goes_wrong_is_a_failure_and_the_next_is_none) {
    Bench bench;
    const std::pair<const char*, const char*> cases[] = {
        {"fail", "The firmware process ended with code 3"},
        {"crash", "The firmware process crashed (signal 9)"},
        {"chatter", "The firmware process said too much"},
        {"nonsense", "The firmware process gave no answer"},
    };
    for (const auto& [what, sentence] : cases) {
        bench.data.write(what, "");
        BOOST_TEST(bench.failure() == sentence);
        fs::remove(bench.data / what);
        BOOST_TEST(bench.failure() == "");
    }
}

BOOST_AUTO_TEST_CASE(a_child_that_takes_too_long_is_killed) {
    Bench bench;
    bench.data.write("hang", "");
    std::optional<Outcome<Found>> found;
    bench.loop.start(bench.find(), found);
    const int child = bench.child();
    bench.loop.until([&] { return found.has_value(); }, bench.limit, 10s);
    BOOST_REQUIRE(!*found);
    BOOST_TEST(found->error().message == "The firmware process was given up after 10 minutes");
    BOOST_TEST(!bench.lives(child));
}

BOOST_AUTO_TEST_CASE(an_abort_kills_the_child) {
    Bench bench;
    bench.data.write("hang", "");
    std::stop_source abort;
    std::optional<Outcome<Found>> found;
    bench.loop.start(bench.find(abort.get_token()), found);
    const int child = bench.child();
    abort.request_stop();
    bench.loop.until([&] { return found.has_value(); }, bench.limit, 1ms);
    BOOST_TEST(found->error().message == "The firmware process was stopped");
    BOOST_TEST(!bench.lives(child));
}

BOOST_AUTO_TEST_CASE(a_cancelled_task_kills_the_child_and_gives_its_turn_on) {
    Bench bench;
    bench.data.write("hang", "");
    TaskGroup tasks(bench.loop.executor());
    tasks.spawn("find", [&bench]() -> Awaitable<void> {
        auto found = co_await bench.find();
        static_cast<void>(found);
    });
    const int child = bench.child();
    fs::remove(bench.data / "hang");
    tasks.cancel();
    bench.loop.until([&] { return tasks.size() == 0; }, bench.limit, 1ms);
    BOOST_TEST(!bench.lives(child));
    BOOST_TEST(bench.failure() == "");
}

BOOST_AUTO_TEST_CASE(one_at_a_time_in_order_and_not_more_than_the_bound_wait) {
    Bench bench(2);
    bench.data.write("hang", "");
    std::stop_source abort;
    std::optional<Outcome<Found>> first, second, third, fourth;
    bench.loop.start(bench.find(abort.get_token()), first);
    const int child = bench.child();
    fs::remove(bench.data / "hang");
    bench.loop.start(bench.find(), second);
    bench.loop.start(bench.find(), third);
    bench.loop.start(bench.find(), fourth);
    bench.loop.until([&] { return fourth.has_value(); }, bench.limit, 1ms);
    BOOST_TEST(fourth->error().message == "Too many searches for firmware are waiting already");
    BOOST_TEST(bench.lives(child));
    BOOST_TEST(!second.has_value());
    abort.request_stop();
    bench.loop.until([&] { return third.has_value(); }, bench.limit, 1ms);
    BOOST_TEST(second.has_value());
    BOOST_TEST(second->has_value());
    BOOST_TEST(third->has_value());
}

BOOST_AUTO_TEST_CASE(one_that_waits_can_be_aborted) {
    Bench bench;
    bench.data.write("hang", "");
    std::stop_source first_abort, second_abort;
    std::optional<Outcome<Found>> first, second, third;
    bench.loop.start(bench.find(first_abort.get_token()), first);
    bench.child();
    bench.loop.start(bench.find(second_abort.get_token()), second);
    bench.loop.start(bench.find(), third);
    bench.loop.settle();
    second_abort.request_stop();
    bench.loop.until([&] { return second.has_value(); }, bench.limit, 1ms);
    BOOST_TEST(second->error().message == "The search for firmware was stopped");
    fs::remove(bench.data / "hang");
    first_abort.request_stop();
    bench.loop.until([&] { return third.has_value(); }, bench.limit, 1ms);
    BOOST_TEST(third->has_value());
}

BOOST_AUTO_TEST_CASE(stop_ends_what_runs_and_refuses_the_rest) {
    Bench bench;
    bench.data.write("hang", "");
    std::optional<Outcome<Found>> first, second;
    bench.loop.start(bench.find(), first);
    const int child = bench.child();
    bench.loop.start(bench.find(), second);
    bench.loop.settle();
    bench.catalogue->stop();
    bench.loop.until([&] { return first.has_value() && second.has_value(); }, bench.limit, 1ms);
    BOOST_TEST(!bench.lives(child));
    BOOST_TEST(!first->has_value());
    BOOST_TEST(second->error().message == "The search for firmware was stopped");
    BOOST_TEST(bench.failure() == "The search for firmware was stopped");
}

BOOST_AUTO_TEST_CASE(it_may_go_away_while_it_works) {
    Bench bench;
    bench.data.write("hang", "");
    std::optional<Outcome<Found>> found;
    bench.loop.start(bench.find(), found);
    const int child = bench.child();
    bench.catalogue.reset();
    bench.loop.until([&] { return found.has_value(); }, bench.limit, 1ms);
    BOOST_TEST(!bench.lives(child));
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_said) {
    Bench bench;
    Catalogue::Options options;
    options.executable = bench.data / "none";
    options.data_folder = bench.data.path();
    bench.catalogue.emplace(bench.loop.executor(), options);
    BOOST_TEST(bench.failure() ==
               "The firmware process cannot be started: No such file or directory");
}

BOOST_AUTO_TEST_SUITE_END()
