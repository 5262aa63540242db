#include <algorithm>

#include "network_fixture.hpp"

using namespace waggle;
using namespace waggle::test;

namespace {

store::CoordinatorBackup some_backup() {
    store::CoordinatorBackup backup;
    backup.coordinator_ieee = 0x00124b0001020304;
    backup.pan_id = 0x1a62;
    backup.channel = 11;
    backup.channel_mask = {11};
    return backup;
}

std::string file_of(const Result<StartResult>& result) {
    return result ? "started" : result.error().message();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(network_link, NetworkFixture)

// As zigbee-herdsman: own endpoints by ZDO to address 0, when there is no row yet
BOOST_AUTO_TEST_CASE(the_coordinator_gets_a_row_of_its_own) {
    std::string problem;
    BOOST_REQUIRE(loop.run(network->start(problem)));
    BOOST_TEST((radio->log == std::vector<std::string>{"zdo 0x0000 0x0005 0000",
                                                       "zdo 0x0000 0x0004 000001",
                                                       "zdo 0x0000 0x0004 0000f2"}));
    const auto* row = network->find(Ieee(0x00124b0001020304));
    BOOST_REQUIRE(row);
    BOOST_TEST((row->type == DeviceType::coordinator));
    BOOST_TEST((row == network->find(nwk_coordinator)));
    BOOST_TEST(row->database_id == 1u);
    BOOST_TEST(row->endpoints.size() == 2u);
    restart();
    BOOST_TEST(network->device_count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_reflashed_coordinator_keeps_its_row) {
    BOOST_REQUIRE(start());
    on_start = [this](std::string&) -> Result<StartResult> {
        radio->address = Ieee(0x00124b00000000ff);
        return StartResult::resumed;
    };
    restart();
    BOOST_TEST(network->device_count() == 1u);
    BOOST_TEST((network->find(Ieee(0x00124b00000000ff)) != nullptr));
}

BOOST_AUTO_TEST_CASE(a_refusal_comes_back_with_its_sentence) {
    on_start = [](std::string& problem) -> Result<StartResult> {
        problem = "pan_id differs";
        return Errc::mismatch;
    };
    std::string problem;
    const auto result = loop.run(network->start(problem));
    BOOST_TEST((result.error() == Errc::mismatch), file_of(result));
    BOOST_TEST(problem == "pan_id differs");
    BOOST_TEST(radio->starts == 1);
}

BOOST_AUTO_TEST_CASE(what_waiting_may_mend_is_tried_again) {
    int failures = 3;
    on_start = [&](std::string&) -> Result<StartResult> {
        if (failures-- > 0)
            return Errc::closed;
        return StartResult::resumed;
    };
    const auto before = Clock::now();
    BOOST_REQUIRE(start());
    BOOST_TEST(radio->starts == 4);
    BOOST_TEST((Clock::now() - before >= std::chrono::seconds(1 + 2 + 4)));
}

BOOST_AUTO_TEST_CASE(stopping_ends_the_waiting_for_the_first_start) {
    on_start = [&](std::string&) -> Result<StartResult> { return Errc::closed; };
    std::string problem;
    std::optional<Result<StartResult>> result;
    loop.start(network->start(problem), result);
    loop.pass(std::chrono::seconds(10));
    loop.run(network->stop());
    loop.until([&] { return result.has_value(); }, std::chrono::seconds(1));
    BOOST_TEST((result->error() == Errc::cancelled));
}

BOOST_AUTO_TEST_CASE(after_the_link_is_lost_it_reconnects_with_growing_pauses) {
    pair();
    const auto starts = radio->starts;
    int failures = 7;
    radio->on_start = [&](std::string&) -> Result<StartResult> {
        if (failures-- > 0)
            return Errc::closed;
        return StartResult::resumed;
    };
    const auto before = Clock::now();
    radio->drop_link();
    loop.until([&] { return events.has("lost"); });
    BOOST_TEST(!network->is_up());
    loop.until([&] { return events.has("restored"); }, std::chrono::minutes(5),
               std::chrono::milliseconds(500));
    // 1 + 2 + 4 + 8 + 16 + 30 + 30 + 30 seconds
    BOOST_TEST((Clock::now() - before >= std::chrono::seconds(121)));
    BOOST_TEST((Clock::now() - before <= std::chrono::seconds(128)));
    BOOST_TEST(radio->starts - starts == 8);
    BOOST_TEST(network->is_up());
    BOOST_TEST((network->find(switch_ieee) != nullptr));
    radio->say(switch_address, 2, 6, hex("18 50 0A 0000 10 01"));
    loop.settle();
    BOOST_TEST(events.messages == 1u);
}

BOOST_AUTO_TEST_CASE(messages_before_the_network_is_up_belong_to_nobody) {
    pair();
    radio->drop_link();
    loop.until([&] { return events.has("lost"); });
    radio->say(switch_address, 2, 6, hex("18 50 0A 0000 10 01"));
    loop.settle();
    BOOST_TEST(events.messages == 0u);
}

BOOST_AUTO_TEST_CASE(another_channel_in_the_configuration_moves_a_resumed_network) {
    on_start = [this](std::string&) -> Result<StartResult> {
        radio->active.channel = 20;
        return StartResult::resumed;
    };
    BOOST_REQUIRE(start());
    BOOST_TEST(radio->channels == std::vector<std::uint8_t>{11}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_new_network_empties_the_database_and_keeps_a_copy) {
    pair();
    network->create_group(5);
    loop.run(network->stop());
    const auto before = folder.read("database.db");
    on_start = [](std::string&) -> Result<StartResult> { return StartResult::reset; };
    open();
    BOOST_REQUIRE(start());
    BOOST_TEST(folder.read("database.db.backup") == before);
    BOOST_TEST(network->device_count() == 1u);  // the coordinator
    BOOST_TEST(!network->find_group(5));
    loop.pass(std::chrono::seconds(2));
    BOOST_TEST(folder.read("database.db").find("00158d0001020304") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_missing_backup_is_written_and_one_that_is_there_is_handed_over) {
    backup_path = (folder / "coordinator_backup.json").string();
    on_backup = [] { return Result<store::CoordinatorBackup>(some_backup()); };
    open();
    BOOST_REQUIRE(start());
    BOOST_TEST(radio->backups == 1);
    BOOST_TEST(!radio->given_backup.has_value());
    BOOST_TEST(folder.has("coordinator_backup.json"));
    loop.pass(std::chrono::hours(25), std::chrono::minutes(10));
    BOOST_TEST(radio->backups == 2);  // daily
    auto* first = radio;
    loop.run(network->stop());
    BOOST_TEST(first->backups == 3);  // and at the end
    open();
    BOOST_REQUIRE(start());
    BOOST_REQUIRE(radio->given_backup.has_value());
    BOOST_TEST(radio->given_backup->pan_id == 0x1a62);
    BOOST_TEST(radio->backups == 0);
}

BOOST_AUTO_TEST_CASE(a_backup_that_cannot_be_read_is_not_overwritten_by_a_new_network) {
    backup_path = (folder / "coordinator_backup.json").string();
    folder.write("coordinator_backup.json", "{\"metadata\":");
    open();
    std::string problem;
    const auto result = loop.run(network->start(problem));
    BOOST_REQUIRE(!result);
    BOOST_TEST(problem.find("coordinator_backup.json") != std::string::npos);
    BOOST_TEST(radio->starts == 0);
    BOOST_TEST(folder.read("coordinator_backup.json") == "{\"metadata\":");
}

BOOST_AUTO_TEST_CASE(a_damaged_backup_is_replaced_by_the_generation_before) {
    backup_path = (folder / "coordinator_backup.json").string();
    on_backup = [] { return Result<store::CoordinatorBackup>(some_backup()); };
    open();
    BOOST_REQUIRE(start());
    loop.run(network->stop());  // the second time it is written
    folder.write("coordinator_backup.json", "{\"metadata\":");
    open();
    BOOST_REQUIRE(start());
    BOOST_REQUIRE(radio->given_backup.has_value());
    BOOST_TEST(radio->given_backup->pan_id == 0x1a62);
}

BOOST_AUTO_TEST_CASE(whoever_waits_for_it_finds_a_change_on_the_disk) {
    open();
    BOOST_REQUIRE(start());
    loop.pass(std::chrono::seconds(2));
    network->create_group(77);
    const auto before = Clock::now();
    loop.wait_outside = std::chrono::milliseconds(20);  // the thread that writes
    loop.run(network->saved(), loop.usual_limit, std::chrono::milliseconds(1));
    BOOST_TEST(folder.read("database.db").find("\"groupID\":77") != std::string::npos);
    BOOST_TEST((Clock::now() - before < std::chrono::milliseconds(250)));  // nothing was gathered
    loop.run(network->saved());                                            // nothing to wait for
    BOOST_TEST((Clock::now() - before < std::chrono::milliseconds(250)));
}

BOOST_AUTO_TEST_CASE(a_radio_that_hangs_does_not_hold_up_the_end) {
    pair();
    BOOST_REQUIRE(loop.run(network->permit_join(std::chrono::seconds(60), std::nullopt)));
    radio->send_time = std::chrono::hours(1);
    const auto before = Clock::now();
    loop.run(network->stop());
    BOOST_TEST((Clock::now() - before < std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(joining, NetworkFixture)

// zigbee-herdsman opens the radio, then the Green Power proxies: commissioning mode, action 1,
// window present, exit on first pairing; to 0xFFFD, endpoint 242 [zigbee-flows 9]
BOOST_AUTO_TEST_CASE(opening_tells_the_radio_and_the_proxies_and_ends_by_itself) {
    pair();
    const auto before = wall_clock_ms();
    BOOST_REQUIRE(loop.run(network->permit_join(std::chrono::seconds(254), std::nullopt)));
    BOOST_REQUIRE(radio->permits.size() == 1u);
    BOOST_TEST(radio->permits[0].seconds == 254);
    BOOST_TEST(!radio->permits[0].via);
    BOOST_REQUIRE(radio->sent.size() == 1u);
    const auto& opened = radio->sent[0];
    BOOST_TEST((opened.mode == ApsRequest::Mode::broadcast));
    BOOST_TEST(opened.destination_address == 0xFFFD);
    BOOST_TEST(opened.destination_endpoint == 242);
    BOOST_TEST(opened.source_endpoint == 242);
    BOOST_TEST(opened.cluster == 0x0021);
    BOOST_TEST(to_hex(opened.payload).substr(0, 2) == "19");
    BOOST_TEST(to_hex(opened.payload).substr(4) == "020bfe00");
    BOOST_TEST(network->is_join_open());
    BOOST_TEST(network->join_open_until().value() >= before + 254000);
    BOOST_TEST(events.lines == std::vector<std::string>{"open"}, boost::test_tools::per_element());

    loop.pass(std::chrono::seconds(250), std::chrono::seconds(2));
    BOOST_TEST(network->is_join_open());
    loop.pass(std::chrono::seconds(6));
    BOOST_TEST(!network->is_join_open());
    BOOST_TEST(events.lines.back() == "closed");
    BOOST_TEST(radio->permits.size() == 1u);  // the routers count for themselves
}

BOOST_AUTO_TEST_CASE(closing_tells_the_proxies_first) {
    pair();
    BOOST_REQUIRE(loop.run(network->permit_join(std::chrono::seconds(60), std::nullopt)));
    radio->log.clear();
    BOOST_REQUIRE(loop.run(network->permit_join(std::chrono::seconds(0), std::nullopt)));
    BOOST_REQUIRE(radio->log.size() == 2u);
    BOOST_TEST(radio->log[0].substr(radio->log[0].size() - 8) == "020a0000");
    BOOST_TEST(radio->log[1] == "permit_join 0");
    BOOST_TEST(!network->is_join_open());
}

BOOST_AUTO_TEST_CASE(one_router_alone_is_told_by_unicast) {
    pair();
    BOOST_REQUIRE(loop.run(network->permit_join(std::chrono::seconds(60), switch_ieee)));
    BOOST_TEST(radio->permits[0].via.value() == switch_address);
    BOOST_TEST((radio->sent[0].mode == ApsRequest::Mode::unicast));
    BOOST_TEST(to_hex(radio->sent[0].payload).substr(4) == "022b3c00");
}

BOOST_AUTO_TEST_CASE(more_than_254_seconds_and_unknown_routers_are_refused) {
    pair();
    BOOST_TEST((loop.run(network->permit_join(std::chrono::seconds(255), std::nullopt)).error() ==
                Errc::invalid_value));
    BOOST_TEST((loop.run(network->permit_join(std::chrono::seconds(60), Ieee(5))).error() ==
                Errc::not_found));
    BOOST_TEST(radio->permits.empty());
}

BOOST_AUTO_TEST_CASE(a_lost_link_closes_it_and_stopping_closes_it_at_the_radio) {
    pair();
    BOOST_REQUIRE(loop.run(network->permit_join(std::chrono::seconds(60), std::nullopt)));
    radio->drop_link();
    loop.until([&] { return events.has("restored"); });
    BOOST_TEST(!network->is_join_open());
    BOOST_TEST(events.has("closed"));
    BOOST_REQUIRE(loop.run(network->permit_join(std::chrono::seconds(60), std::nullopt)));
    auto* last = radio;
    loop.run(network->stop());
    BOOST_TEST(last->permits.back().seconds == 0);
}

BOOST_AUTO_TEST_SUITE_END()
