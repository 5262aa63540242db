#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "engine/binder.hpp"
#include "unit/engine/rig.hpp"

// Bindings, and what is reported to the host because of them. hall/4 is a rocker, lights 1 and 2
// are lights; the coordinator is 0x00124b0001020304.

namespace waggle {
namespace {

using engine::BindJob;
using engine::BindResult;
using test::hex;
using test::Rig;

constexpr ClusterId on_off = 0x0006, level = 0x0008, color = 0x0300, occupancy = 0x0406;
constexpr EndpointId rocker = 4;
constexpr std::string_view switch_report =
    "1/0006 10tt0600000010000010"
    "0e";
constexpr std::string_view switch_silence =
    "1/0006 10tt060000001000"
    "00ffff";
constexpr std::string_view level_report = "1/0008 10tt06000000200500100e01";

struct House {
    explicit House(std::string_view groups = "")
        : rig("", "", test::configured, "",
              test::light_row(1) + test::light_row(2) + std::string(groups)) {
        rig.start();
        rig.hall().endpoint(rocker)->outputs = {on_off, level, color};
        rig.radio.zdo_sent.clear();
    }

    Ieee light(int number) { return *Ieee::parse(test::light_ieee(number)); }
    Endpoint& endpoint(int number) { return *rig.network->find(light(number))->endpoint(1); }

    BindJob job(int to_light, std::vector<ClusterId> clusters) {
        BindJob job;
        job.source = rig.hall().ieee;
        job.source_endpoint = rocker;
        job.target.ieee = light(to_light);
        job.target.endpoint = 1;
        job.clusters = std::move(clusters);
        return job;
    }
    BindJob group_job(GroupId group, std::vector<ClusterId> clusters) {
        auto to_group = job(1, std::move(clusters));
        to_group.target = {};
        to_group.target.group = group;
        return to_group;
    }
    std::vector<BindResult> run(BindJob job) {
        return rig.loop.run(rig.engine->binder().carry_out(std::move(job)));
    }
    /// "hall bind, light bind": who was asked by ZDO since the last call, and for what.
    std::string asked() {
        std::string text;
        for (const auto& line : std::exchange(rig.radio.zdo_sent, {})) {
            const auto who = line.substr(0, 4);
            const std::string_view name = who == "1234"   ? "hall"
                                          : who == "2001" ? "light 1"
                                                          : "light 2";
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name,
                                line.substr(5, 4) == "0021" ? "bind" : "unbind");
        }
        return text;
    }
    void change_group(GroupId group, int number, bool added) {
        auto* known = rig.network->find_group(group);
        BOOST_REQUIRE(known);
        if (added)
            known->members.push_back({light(number), 1});
        else
            known->members.clear();
        rig.engine->group_members_changed(engine::GroupChange(group, light(number), 1, added));
        rig.loop.settle();
    }

    Rig rig;
};

#define RESULTS(got, ...) \
    BOOST_TEST(((got) == std::vector<BindResult>{__VA_ARGS__}), "the results are others")

BOOST_AUTO_TEST_SUITE(binding)

BOOST_AUTO_TEST_CASE(what_is_bound_reports_to_the_host_too) {
    House house;
    RESULTS(house.run(house.job(1, {on_off, level})), BindResult::done, BindResult::done);
    BOOST_TEST(house.asked() == "hall bind, hall bind, light 1 bind, light 1 bind");
    BOOST_TEST(house.rig.sent() == fmt::format("{}|{}", switch_report, level_report));
    BOOST_TEST(house.rig.hall().endpoint(rocker)->bindings.size() == 2u);
    BOOST_TEST(house.endpoint(1).bindings.size() == 2u);
    BOOST_TEST(house.endpoint(1).reportings.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_reports_already_is_not_asked_again) {
    House house;
    house.run(house.job(1, {on_off}));
    house.asked(), house.rig.sent();
    house.run(house.job(1, {on_off}));
    BOOST_TEST(house.asked() == "hall bind");
    BOOST_TEST(house.rig.sent() == "");
}

BOOST_AUTO_TEST_CASE(a_reporting_that_is_not_bound_to_the_host_is_set_up_again) {
    House house;
    house.run(house.job(1, {on_off}));
    house.endpoint(1).bindings.clear();
    house.asked(), house.rig.sent();
    house.run(house.job(1, {on_off}));
    BOOST_TEST(house.asked() == "hall bind, light 1 bind");
    BOOST_TEST(house.rig.sent() == switch_report);
}

BOOST_AUTO_TEST_CASE(a_cluster_has_to_fit_both_ends) {
    House house;
    RESULTS(house.run(house.job(1, {occupancy, on_off})), BindResult::does_not_fit,
            BindResult::done);
    house.rig.hall().endpoint(rocker)->outputs.clear();  // then it only receives what lights do
    RESULTS(house.run(house.job(1, {on_off, level})), BindResult::does_not_fit,
            BindResult::does_not_fit);
    auto reverse = house.job(1, {on_off});
    reverse.source = house.light(1);
    reverse.source_endpoint = 1;
    reverse.target.ieee = house.rig.hall().ieee;
    reverse.target.endpoint = rocker;
    RESULTS(house.run(reverse), BindResult::does_not_fit);
    reverse.target.ieee = Ieee(0x00124b0001020304);
    reverse.target.endpoint = 1;
    RESULTS(house.run(reverse), BindResult::done);  // the coordinator takes everything
}

BOOST_AUTO_TEST_CASE(a_refusal_fails_one_cluster_and_is_logged) {
    House house;
    int left = 1;
    house.rig.radio.zdo = [&](NwkAddress, zdo::Cluster) {
        return Bytes{static_cast<std::uint8_t>(left-- > 0 ? 0x8C : 0x00)};
    };
    RESULTS(house.run(house.job(1, {on_off, level})), BindResult::failed, BindResult::done);
    BOOST_TEST(house.rig.logged() ==
               "Failed to bind cluster 'genOnOff' from '' to '' (Status 'TABLE_FULL')");
    BOOST_TEST(house.rig.hall().endpoint(rocker)->bindings.size() == 1u);
    BOOST_TEST(house.rig.sent() == level_report);
}

BOOST_AUTO_TEST_CASE(a_light_that_does_not_want_to_report_is_bound_all_the_same) {
    House house;
    house.rig.radio.zdo = [](NwkAddress to, zdo::Cluster) {
        return Bytes{static_cast<std::uint8_t>(to == 0x2001 ? 0x84 : 0x00)};
    };
    RESULTS(house.run(house.job(1, {on_off})), BindResult::done);
    BOOST_TEST(house.rig.logged() ==
               fmt::format("Failed to setup reporting for '{}/1' cluster 'genOnOff' "
                           "(Status 'NOT_SUPPORTED')",
                           test::light_ieee(1)));
}

BOOST_AUTO_TEST_CASE(colours_are_reported_as_far_as_the_light_has_them) {
    House house;
    const auto usual = house.rig.radio.answer;
    house.rig.radio.answer = [&](const ApsRequest& request) -> std::optional<Bytes> {
        if (request.cluster != color || request.payload.at(2) != 0x00)
            return usual(request);
        auto reply = hex("18 00 01 0A 40 00 19 08 00");  // xy
        reply[1] = request.payload.at(1);
        return reply;
    };
    house.run(house.job(1, {color}));
    BOOST_TEST(house.rig.sent() ==
               "1/0300 10tt000a40|"
               "1/0300 10tt06000300210500100e010000040021"
               "0500100e0100");
    house.run(house.job(1, {color}));
    BOOST_TEST(house.rig.sent() == "");
}

BOOST_AUTO_TEST_CASE(reporting_ends_with_the_last_binding) {
    House house;
    house.rig.hall().endpoint(3)->outputs = {on_off};
    house.run(house.job(1, {on_off}));
    auto other = house.job(1, {on_off});
    other.source_endpoint = 3;
    house.run(other);
    house.asked(), house.rig.sent();

    auto undo = house.job(1, {on_off});
    undo.unbind = true;
    RESULTS(house.run(undo), BindResult::done);
    BOOST_TEST(house.asked() == "hall unbind");
    BOOST_TEST(house.rig.sent() == "");
    other.unbind = true;
    RESULTS(house.run(other), BindResult::done);
    BOOST_TEST(house.asked() == "hall unbind, light 1 unbind");
    BOOST_TEST(house.rig.sent() == switch_silence);
    BOOST_TEST(house.endpoint(1).reportings.empty());
    BOOST_TEST(house.rig.network->meta(*house.rig.network->find(house.light(1)), "configured") ==
               "");  // what configure had set up may have been among it
}

BOOST_AUTO_TEST_CASE(reporting_stays_where_that_is_asked_for) {
    House house;
    house.run(house.job(1, {on_off}));
    house.asked(), house.rig.sent();
    auto undo = house.job(1, {on_off});
    undo.unbind = true;
    undo.skip_disable_reporting = true;
    RESULTS(house.run(undo), BindResult::done);
    BOOST_TEST(house.asked() == "hall unbind");
    BOOST_TEST(house.rig.sent() == "");
    BOOST_TEST(house.endpoint(1).reportings.size() == 1u);
}

BOOST_AUTO_TEST_CASE(unbinding_what_was_not_bound_asks_nobody) {
    House house;
    auto undo = house.job(1, {on_off});
    undo.unbind = true;
    undo.skip_disable_reporting = true;
    RESULTS(house.run(undo), BindResult::done);
    BOOST_TEST(house.asked() == "");
}

BOOST_AUTO_TEST_CASE(the_members_of_a_bound_group_report) {
    House house(test::group_row(4, test::light_ieee(1) + "/1 " + test::light_ieee(2) + "/1 "));
    house.run(house.group_job(4, {on_off}));
    BOOST_TEST(house.asked() == "hall bind, light 1 bind, light 2 bind");
    BOOST_TEST(house.rig.sent() == fmt::format("{0}|{0}", switch_report));
}

BOOST_AUTO_TEST_CASE(who_enters_a_bound_group_reports_until_it_leaves) {
    House house(test::group_row(4, ""));
    house.run(house.group_job(4, {on_off}));
    BOOST_TEST(house.asked() == "hall bind");
    house.change_group(4, 1, true);
    BOOST_TEST(house.asked() == "light 1 bind");
    BOOST_TEST(house.rig.sent() == switch_report);
    house.change_group(4, 1, false);
    BOOST_TEST(house.asked() == "light 1 unbind");
    BOOST_TEST(house.rig.sent() == switch_silence);
}

BOOST_AUTO_TEST_CASE(nobody_reports_because_of_a_group_that_nothing_is_bound_to) {
    House house(test::group_row(4, ""));
    house.change_group(4, 1, true);
    BOOST_TEST(house.asked() == "");
    BOOST_TEST(house.rig.sent() == "");
}

BOOST_AUTO_TEST_CASE(the_default_group_is_made_and_changes_no_reporting) {
    House house;
    auto to_default = house.group_job(901, {on_off});
    to_default.to_default_group = true;
    RESULTS(house.run(to_default), BindResult::done);
    BOOST_TEST(house.rig.network->find_group(901) != nullptr);
    to_default.unbind = true;
    RESULTS(house.run(to_default), BindResult::done);
    BOOST_TEST(house.asked() == "hall bind, hall unbind");
    BOOST_TEST(house.rig.sent() == "");
}

BOOST_AUTO_TEST_CASE(unbinding_from_a_group_that_is_not_there_fails) {
    House house;
    auto undo = house.group_job(77, {on_off});
    undo.unbind = true;
    RESULTS(house.run(undo), BindResult::failed);
    BOOST_TEST(house.asked() == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle
