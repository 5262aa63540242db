#include "plugin/crash_marker.hpp"

#include <csignal>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <sys/wait.h>

#include "support/temporary_folder.hpp"
#include "unit/plugin/rig.hpp"

namespace waggle {

using namespace test;

namespace {

/// Runs `function` in a process of its own; the signal it died of, or 0.
template <class Function>
int died_of(Function&& function) {
    const auto child = fork();
    if (child == 0) {
        for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT})
            std::signal(number, SIG_DFL);  // the test framework has its own ideas of them
        function();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

struct Marked {
    Marked() { folder.write("a.so", "one"), folder.write("b.so", "two"); }
    TemporaryFolder folder;
    std::filesystem::path file = folder / "plugin.running";

    int die_in(std::string_view which, int signal) {
        return died_of([&] {
            plugin::CrashMarker marker(file);
            const auto a = marker.add("org.a", folder / "a.so");
            const auto b = marker.add("org.b", folder / "b.so");
            marker.enter(which == "a" ? a : which == "b" ? b : 0u);
            raise(signal);
        });
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_plugin_in_which_the_process_died_is_known_to_the_next) {
    Marked marked;
    BOOST_TEST(marked.die_in("b", SIGSEGV) == SIGSEGV);  // and the signal still ends the process
    plugin::CrashMarker marker(marked.file);
    BOOST_REQUIRE(marker.fresh());
    BOOST_TEST(marker.fresh()->id == "org.b");
    BOOST_TEST(marker.fresh()->signal == SIGSEGV);
    BOOST_TEST(marker.blamed(marked.folder / "b.so"));
    BOOST_TEST(!marker.blamed(marked.folder / "a.so"));
}

BOOST_AUTO_TEST_CASE(it_stays_blamed_in_later_runs_until_its_file_changes) {
    Marked marked;
    marked.die_in("b", SIGABRT);
    {
        plugin::CrashMarker second(marked.file);
        second.add("org.a", marked.folder / "a.so");
        BOOST_TEST(second.fresh());
    }
    {
        plugin::CrashMarker third(marked.file);
        BOOST_TEST(!third.fresh());
        BOOST_TEST(third.blamed(marked.folder / "b.so"));
    }
    marked.folder.write("b.so", "repaired");
    plugin::CrashMarker fourth(marked.file);
    BOOST_TEST(!fourth.blamed(marked.folder / "b.so"));
}

BOOST_AUTO_TEST_CASE(an_orderly_end_leaves_a_file_only_while_somebody_is_blamed) {
    Marked marked;
    {
        plugin::CrashMarker first(marked.file);
        BOOST_TEST(std::filesystem::exists(marked.file));
    }
    BOOST_TEST(!std::filesystem::exists(marked.file));
    marked.die_in("b", SIGABRT);
    { const plugin::CrashMarker second(marked.file); }
    BOOST_TEST(std::filesystem::exists(marked.file));
}

BOOST_AUTO_TEST_CASE(nobody_is_blamed_for_a_crash_elsewhere_or_for_being_killed) {
    Marked marked;
    BOOST_TEST(marked.die_in("", SIGSEGV) == SIGSEGV);
    BOOST_TEST(!plugin::CrashMarker(marked.file).fresh());
    BOOST_TEST(marked.die_in("a", SIGKILL) == SIGKILL);
    BOOST_TEST(!plugin::CrashMarker(marked.file).fresh());
    BOOST_TEST(marked.die_in("a", SIGTERM) == SIGTERM);
    BOOST_TEST(!plugin::CrashMarker(marked.file).fresh());
}

BOOST_AUTO_TEST_CASE(a_damaged_marker_blames_nobody_and_is_written_anew) {
    Marked marked;
    marked.folder.write("plugin.running", std::string(200000, '\xFF'));
    plugin::CrashMarker marker(marked.file);
    BOOST_TEST(!marker.fresh());
    BOOST_TEST(marker.add("org.a", marked.folder / "a.so") == 1u);
}

BOOST_AUTO_TEST_CASE(without_a_file_nothing_is_remembered) {
    plugin::CrashMarker none("");
    BOOST_TEST(none.add("org.a", "a.so") == 0u);
    BOOST_TEST(none.enter(3) == 0u);
    BOOST_TEST(none.enter(0) == 3u);
    plugin::CrashMarker nowhere("/nonexistent/folder/plugin.running");
    BOOST_TEST(!nowhere.fresh());
}

BOOST_AUTO_TEST_CASE(a_host_that_died_inside_a_plugin_starts_without_it) {
    TemporaryFolder folder;
    std::filesystem::copy_file(bad_plugin("crashes"), folder / "crashes.so");
    std::filesystem::copy_file(bad_plugin("example"), folder / "example.so");
    plugin::PluginHostOptions options;
    options.user = folder.path();
    options.crash_marker = folder / "plugin.running";
    const auto signal = died_of([&] {
        Rig rig;
        rig.start(options);
        rig.bind("bad.crashes");
        rig.receive(1, 6, "18 01 0A 00 00 10 01");
    });
    BOOST_TEST(signal == SIGILL);

    Rig rig;
    rig.start(options);
    BOOST_TEST(rig.has_logged("The last run ended inside plugin org.example.crashes"));
    BOOST_TEST(rig.has_logged("crashes.so' is left out: Waggle died in it (SIGILL)"));
    BOOST_TEST(!rig.bind("bad.crashes"));
    BOOST_TEST(rig.bind("example.lamp"));
    for (const auto& info : rig.host->plugins())
        if (info.path.stem() == "crashes")
            BOOST_TEST((info.state == plugin::PluginInfo::State::quarantined));
}

}  // namespace waggle
