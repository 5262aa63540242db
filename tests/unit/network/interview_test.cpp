#include <algorithm>

#include "network_fixture.hpp"

using namespace waggle;
using namespace waggle::test;

namespace {

const std::string ieee_text = "0x00158d0001020304";

struct InterviewFixture : NetworkFixture {
    /// Joins; returns when the interview has ended, well or not.
    void join() {
        radio->join(switch_address, switch_ieee);
        loop.until([&] {
            return events.has("interview successful " + ieee_text) ||
                   events.has("interview failed " + ieee_text);
        });
    }
    std::size_t asked(const std::string& line) const {
        return static_cast<std::size_t>(std::count(radio->log.begin(), radio->log.end(), line));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(interview, InterviewFixture)

// The order in which zigbee-herdsman asks [zigbee-flows 2, 2.1]; the endpoints come unsorted.
BOOST_AUTO_TEST_CASE(a_new_device_is_asked_step_by_step) {
    BOOST_REQUIRE(start());
    join();
    const std::vector<std::string> expected = {
        "zdo 0x7f2d 0x0002 2d7f",           "zdo 0x7f2d 0x0005 2d7f",
        "zdo 0x7f2d 0x0004 2d7f01",         "aps 0x7f2d 1>1 0x0000 1000000500",
        "aps 0x7f2d 1>1 0x0000 1001000400", "aps 0x7f2d 1>1 0x0000 1002000700",
        "aps 0x7f2d 1>1 0x0000 1003000000", "aps 0x7f2d 1>1 0x0000 1004000100",
        "aps 0x7f2d 1>1 0x0000 1005000200", "aps 0x7f2d 1>1 0x0000 1006000300",
        "aps 0x7f2d 1>1 0x0000 1007000600", "aps 0x7f2d 1>1 0x0000 1008000040",
        "zdo 0x7f2d 0x0004 2d7f02",         "zdo 0x7f2d 0x0004 2d7f04",
    };
    BOOST_TEST(radio->log == expected, boost::test_tools::per_element());

    BOOST_TEST(events.lines.front() == "joined " + ieee_text);
    BOOST_TEST(events.has("interview started " + ieee_text));
    BOOST_TEST(events.lines.back() == "interview successful " + ieee_text);
}

BOOST_AUTO_TEST_CASE(what_the_device_said_is_known_afterwards) {
    pair();
    const auto& known = device();
    BOOST_TEST((known.interview == InterviewState::successful));
    BOOST_TEST((known.type == DeviceType::router));
    BOOST_TEST(known.manufacturer.value() == 0x1037);
    BOOST_TEST(known.model_id.value() == "lumi.ctrl_neutral1");
    BOOST_TEST(known.manufacturer_name.value() == "LUMI");
    BOOST_TEST(known.power_source.value() == "Mains (single phase)");  // bit 7 does not count
    BOOST_TEST(known.application_version.value() == 31);
    BOOST_TEST(known.date_code.value() == "04-25-2018");
    BOOST_TEST(!known.software_build_id);
    BOOST_TEST(known.endpoints.size() == 3u);
    BOOST_TEST(known.endpoint(1)->inputs.size() == 6u);
    BOOST_TEST(known.endpoint(1)->outputs.size() == 3u);
    BOOST_TEST(known.endpoint(2)->device_id == 256);
    BOOST_TEST(known.endpoint(4)->has_input(0x0012));
    BOOST_TEST((known.endpoint_with_input(0x0006) == known.endpoint(2)));
}

BOOST_AUTO_TEST_CASE(the_node_descriptor_is_tried_six_times_without_pause) {
    zdo_failures[zdo::Cluster::node_desc_req] = 5;
    BOOST_REQUIRE(start());
    const auto before = Clock::now();
    join();
    BOOST_TEST(asked("zdo 0x7f2d 0x0002 2d7f") == 6u);
    BOOST_TEST((Clock::now() - before < std::chrono::seconds(5)));
    BOOST_TEST(events.has("interview successful " + ieee_text));
}

BOOST_AUTO_TEST_CASE(without_a_node_descriptor_the_interview_fails) {
    zdo_failures[zdo::Cluster::node_desc_req] = 6;
    BOOST_REQUIRE(start());
    join();
    BOOST_TEST(events.has("interview failed " + ieee_text));
    BOOST_TEST((device().interview == InterviewState::failed));
    BOOST_TEST(asked("zdo 0x7f2d 0x0005 2d7f") == 0u);
}

BOOST_AUTO_TEST_CASE(active_endpoints_are_asked_twice_at_most) {
    zdo_failures[zdo::Cluster::active_ep_req] = 1;
    BOOST_REQUIRE(start());
    zdo_failures[zdo::Cluster::active_ep_req] = 1;
    join();
    BOOST_TEST(events.has("interview successful " + ieee_text));
    BOOST_TEST(asked("zdo 0x7f2d 0x0005 2d7f") == 2u);
}

BOOST_AUTO_TEST_CASE(without_endpoints_the_interview_fails) {
    BOOST_REQUIRE(start());
    zdo_failures[zdo::Cluster::active_ep_req] = 2;
    join();
    BOOST_TEST(events.has("interview failed " + ieee_text));
}

BOOST_AUTO_TEST_CASE(a_refused_simple_descriptor_fails_the_interview) {
    zdo_answers["zdo 0x7f2d 0x0004 2d7f02"] = "82 2D7F 00";  // INVALID_EP
    BOOST_REQUIRE(start());
    join();
    BOOST_TEST(events.has("interview failed " + ieee_text));
}

BOOST_AUTO_TEST_CASE(model_and_manufacturer_get_a_second_try_after_ten_seconds_others_none) {
    send_failures["0000 000500"] = 1;
    send_failures["0000 000400"] = 2;
    send_failures["0000 000700"] = 1;
    BOOST_REQUIRE(start());
    const auto before = Clock::now();
    join();
    BOOST_TEST((Clock::now() - before >= std::chrono::seconds(20)));
    BOOST_TEST(events.has("interview successful " + ieee_text));
    BOOST_TEST(device().model_id.value() == "lumi.ctrl_neutral1");
    BOOST_TEST(!device().manufacturer_name);
    BOOST_TEST(!device().power_source);
}

BOOST_AUTO_TEST_CASE(an_endpoint_zero_is_left_out_and_endpoints_that_are_gone_go) {
    BOOST_REQUIRE(start());
    join();
    zdo_answers["zdo 0x7f2d 0x0005 2d7f"] = "00 2D7F 02 00 01";
    BOOST_REQUIRE(loop.run(network->interview(switch_ieee, true)));
    BOOST_TEST(device().endpoints.size() == 1u);
    BOOST_TEST((device().endpoint(1) != nullptr));
}

BOOST_AUTO_TEST_CASE(what_is_known_is_asked_again_only_by_force) {
    pair();
    BOOST_REQUIRE(loop.run(network->interview(switch_ieee, false)));
    // Only the build id never came; the node descriptor is known
    BOOST_TEST(asked("zdo 0x7f2d 0x0002 2d7f") == 0u);
    BOOST_TEST(radio->sent.size() == 1u);
    radio->log.clear();
    radio->sent.clear();
    BOOST_REQUIRE(loop.run(network->interview(switch_ieee, true)));
    BOOST_TEST(asked("zdo 0x7f2d 0x0002 2d7f") == 1u);
    BOOST_TEST(radio->sent.size() == 9u);
    BOOST_TEST(events.has("interview successful " + ieee_text));
    BOOST_TEST(events.has("changed " + ieee_text));
}

BOOST_AUTO_TEST_CASE(a_second_interview_at_the_same_time_is_refused) {
    pair();
    std::optional<Result<void>> first;
    loop.start(network->interview(switch_ieee, true), first);
    loop.context.poll_one();
    const auto second = loop.run(network->interview(switch_ieee, true));
    BOOST_TEST((second.error() == Errc::busy));
    loop.until([&] { return first.has_value(); });
    BOOST_TEST(first->has_value());
}

BOOST_AUTO_TEST_CASE(a_failed_interview_counts_where_the_device_works_all_the_same) {
    std::string asked_about;
    network->set_failed_interview_hook([&](const Device& device) {
        asked_about = device.model_id.value_or("");
        return !asked_about.empty();
    });
    BOOST_REQUIRE(start());
    radio->on_zdo = nullptr;  // silence
    radio->join(switch_address, switch_ieee);
    loop.settle();
    radio->say(switch_address, 1, 0x0000,
               hex("18 01 0A 0500 42 12 6c756d692e6374726c5f6e65757472616c31"));
    loop.until([&] { return events.has("interview successful " + ieee_text); });
    BOOST_TEST(asked_about == "lumi.ctrl_neutral1");
    BOOST_TEST(asked("zdo 0x7f2d 0x0005 2d7f") == 0u);  // nothing more was asked
}

BOOST_AUTO_TEST_CASE(stopping_in_the_middle_leaves_the_device_pending) {
    zdo_answers.erase("zdo 0x7f2d 0x0002 2d7f");
    BOOST_REQUIRE(start());
    radio->on_zdo = nullptr;  // silence
    radio->join(switch_address, switch_ieee);
    loop.until([&] { return events.has("interview started " + ieee_text); });
    loop.run(network->stop());
    BOOST_TEST(!events.has("interview failed " + ieee_text));
    BOOST_TEST(folder.read("database.db").find("\"interviewState\":\"PENDING\"") !=
               std::string::npos);
    network.reset();
}

BOOST_AUTO_TEST_CASE(a_link_that_goes_in_the_middle_fails_the_interview_and_a_rejoin_repeats_it) {
    BOOST_REQUIRE(start());
    radio->on_zdo = nullptr;
    radio->join(switch_address, switch_ieee);
    loop.until([&] { return events.has("interview started " + ieee_text); });
    radio->drop_link();
    loop.until([&] { return events.has("interview failed " + ieee_text); });
    loop.until([&] { return events.has("restored"); });
    script();
    events.lines.clear();
    join();
    BOOST_TEST(events.has("interview successful " + ieee_text));
}

// IAS zone enrolment [zigbee-flows 2.3]: a sensor on the switch's address, endpoint 1 with
// ssIasZone
struct IasFixture : InterviewFixture {
    IasFixture() {
        zdo_answers["zdo 0x7f2d 0x0005 2d7f"] = "00 2D7F 01 01";
        zdo_answers["zdo 0x7f2d 0x0004 2d7f01"] = "00 2D7F 0A 01 0401 0204 01 01 0005 00";
    }
    void zone(int state) {  // iasCieAddr 0x00124b0001020304 as int64, zoneState
        answers["0500 0010000000"] =
            "18 SS 01 1000 00 F0 04030201004B1200 0000 00 30 0" + std::to_string(state);
    }
};

BOOST_FIXTURE_TEST_CASE(a_zone_is_enrolled_until_it_says_so, IasFixture) {
    zone(0);
    answers["0500 021000f004030201004b1200"] = "18 SS 04 00";
    BOOST_REQUIRE(start());
    radio->join(switch_address, switch_ieee);
    loop.until([&] { return asked("aps 0x7f2d 1>1 0x0500 1102000017") > 0; });
    zone(1);
    loop.until([&] { return events.has("interview successful " + ieee_text); });
    const std::vector<std::string> expected = {
        "zdo 0x7f2d 0x0002 2d7f",
        "zdo 0x7f2d 0x0005 2d7f",
        "zdo 0x7f2d 0x0004 2d7f01",
        "aps 0x7f2d 1>1 0x0500 10000010000000",
        "aps 0x7f2d 1>1 0x0500 1001021000f004030201004b1200",
        "aps 0x7f2d 1>1 0x0500 1102000017",
        "aps 0x7f2d 1>1 0x0500 10030010000000",
    };
    BOOST_TEST(radio->log == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(an_enrolled_zone_is_left_alone, IasFixture) {
    zone(1);
    BOOST_REQUIRE(start());
    join();
    BOOST_TEST(radio->sent.size() == 1u);
    BOOST_TEST(events.has("interview successful " + ieee_text));
}

BOOST_FIXTURE_TEST_CASE(a_zone_that_never_enrols_fails_after_twenty_polls, IasFixture) {
    zone(0);
    answers["0500 021000f004030201004b1200"] = "18 SS 04 00";
    BOOST_REQUIRE(start());
    join();
    BOOST_TEST(events.has("interview failed " + ieee_text));
    BOOST_TEST(radio->sent.size() == 1u + 1u + 1u + 20u);
}

BOOST_FIXTURE_TEST_CASE(a_refused_cie_address_fails_the_interview, IasFixture) {
    zone(0);
    answers["0500 021000f004030201004b1200"] = "18 SS 04 88 1000";  // READ_ONLY
    BOOST_REQUIRE(start());
    join();
    BOOST_TEST(events.has("interview failed " + ieee_text));
}

// Poll control: bind to coordinator endpoint 1, then read checkinInterval (quarter seconds)
BOOST_AUTO_TEST_CASE(poll_control_is_bound_and_its_interval_read) {
    zdo_answers["zdo 0x7f2d 0x0005 2d7f"] = "00 2D7F 01 01";
    zdo_answers["zdo 0x7f2d 0x0004 2d7f01"] = "00 2D7F 0A 01 0401 0204 01 01 2000 00";
    zdo_answers["zdo 0x7f2d 0x0021 04030201008d15000120000304030201004b120001"] = "00";
    answers["0020 000000"] = "18 SS 01 0000 00 23 40380000";  // 14400 quarters: an hour
    BOOST_REQUIRE(start());
    join();
    BOOST_TEST(events.has("interview successful " + ieee_text));
    BOOST_TEST(radio->log[3] == "zdo 0x7f2d 0x0021 04030201008d15000120000304030201004b120001");
    BOOST_TEST(device().checkin_interval.value() == 3600);
    BOOST_TEST((device().pending_request_timeout == std::chrono::hours(1)));
    BOOST_REQUIRE(device().endpoint(1)->bindings.size() == 1);
    BOOST_TEST((device().endpoint(1)->bindings[0].target.ieee == Ieee(0x00124b0001020304)));
}

BOOST_AUTO_TEST_CASE(poll_control_that_fails_does_not_matter) {
    zdo_answers["zdo 0x7f2d 0x0005 2d7f"] = "00 2D7F 01 01";
    zdo_answers["zdo 0x7f2d 0x0004 2d7f01"] = "00 2D7F 0A 01 0401 0204 01 01 2000 00";
    BOOST_REQUIRE(start());
    join();
    BOOST_TEST(events.has("interview successful " + ieee_text));
    BOOST_TEST(!device().checkin_interval);
}

BOOST_AUTO_TEST_SUITE_END()
