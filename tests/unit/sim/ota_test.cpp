// The OTA upgrade cluster's client [ZCL8 11]. The server's frames are those that zigbee2mqtt 2.14.1
// sends [recorded 2026-11].
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <ota_client.hpp>

#include "virtual_device.hpp"

namespace waggle::sim {
namespace {

constexpr std::uint16_t ota = 0x0019;
const std::string query = "1 0x0019 010101005f11010115000000";

struct Updated : VirtualDevice {
    Updated() : VirtualDevice("qbkg04lm"), client(*device.ota()) {
        client.settings.block_size = 10;
    }

    Texts says(std::string_view zcl, int milliseconds = 50) {
        ask(ota, zcl);
        air.run_for(std::chrono::milliseconds(milliseconds));
        return sent();
    }
    Texts sent() {
        // what was asked at once and what came later
        Texts all = std::move(asked_);
        for (auto& text : air.take())
            all.push_back(std::move(text));
        asked_.clear();
        return all;
    }
    void ask(std::uint16_t cluster, std::string_view zcl) {
        for (auto& text : VirtualDevice::ask(cluster, zcl))
            asked_.push_back(std::move(text));
    }
    /// An image of 25 octets is offered; the request for its first block has number 2.
    Texts begin() {
        says("19 0B 00 00 64");
        return says("19 01 02 00 5F11 0101 16000000 19000000");
    }
    Texts block(std::string_view number, std::string_view offset, std::string_view data) {
        const auto size = octets(data).size();
        return says("19 " + std::string(number) + " 05 00 5F11 0101 16000000 " +
                    std::string(offset) + " " + to_hex(Bytes{static_cast<std::uint8_t>(size)}) +
                    " " + std::string(data));
    }
    Texts fetch() {
        begin();
        block("02", "00000000", "1EF1EE0B 000102030405");
        block("03", "0A000000", "0102030405060708090A");
        return block("04", "14000000", "A1A2A3A4A5");
    }
    std::string outcome() { return std::string(client.show().at("outcome").get_string()); }
    std::string state() { return std::string(client.show().at("state").get_string()); }

    OtaClient& client;

  private:
    Texts asked_;
};

std::string request(int number, std::string_view offset, std::string_view size = "0a") {
    return "1 0x0019 01" + to_hex(Bytes{static_cast<std::uint8_t>(number)}) +
           "03005f11010116000000" + std::string(offset) + std::string(size);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ota_client, Updated)

BOOST_AUTO_TEST_CASE(it_asks_when_it_is_told_that_there_may_be_an_image) {
    EXPECT(says("19 0B 00 00 64"), query);
    BOOST_TEST(state() == "asked");
    BOOST_TEST(says("19 01 02 98").empty());
    BOOST_TEST(outcome() == "no_image");
}

BOOST_AUTO_TEST_CASE(it_may_keep_silent) {
    client.settings.answers_notify = 0;
    BOOST_TEST(says("19 0B 00 00 64", 1000).empty());
}

BOOST_AUTO_TEST_CASE(it_asks_by_itself) {
    client.settings.query_every_ms = 1000;
    client.ask_regularly();
    pass(2.5);
    BOOST_TEST(sent().size() == 2u);
}

BOOST_AUTO_TEST_CASE(its_query_has_the_hardware_version_when_it_knows_it) {
    client.settings.hardware_version = 0x1234;
    EXPECT(says("19 0B 00 00 64"), "1 0x0019 010101015f110101150000003412");
}

BOOST_AUTO_TEST_CASE(it_fetches_the_image_block_by_block_and_runs_it) {
    EXPECT(begin(), request(2, "00000000"));
    EXPECT(block("02", "00000000", "1EF1EE0B 000102030405"), request(3, "0a000000"));
    EXPECT(block("03", "0A000000", "0102030405060708090A"), request(4, "14000000"));
    EXPECT(block("04", "14000000", "A1A2A3A4A5"), "1 0x0019 010506005f11010116000000");
    BOOST_TEST(to_hex(client.image()) == "1ef1ee0b0001020304050102030405060708090aa1a2a3a4a5");
    BOOST_TEST(says("19 05 07 5F11 0101 16000000 00000000 01000000").empty());
    pass(1.05);
    BOOST_TEST(!device.is_powered());
    pass(0.3);
    BOOST_TEST(device.is_powered());
    BOOST_TEST(air.announced == 1);
    BOOST_TEST(client.version() == 22u);
    BOOST_TEST(outcome() == "updated");
    BOOST_TEST(device.save().at("firmware").to_number<int>() == 22);
}

BOOST_AUTO_TEST_CASE(without_an_answer_it_asks_again) {
    begin();
    client.settings.retries = 1;
    pass(3.1);
    EXPECT(sent(), request(3, "00000000"));
    BOOST_TEST(block("02", "00000000", "1EF1EE0B 000102030405").empty());  // to the first: too late
    pass(3.1);
    BOOST_TEST(outcome() == "gave_up");
}

BOOST_AUTO_TEST_CASE(blocks_that_do_not_fit_are_not_taken) {
    begin();
    BOOST_TEST(block("02", "01000000", "1EF1EE0B 000102030405").empty());
    BOOST_TEST(block("02", "00000000", "1EF1EE0B 00010203040506").empty());  // larger than it takes
    BOOST_TEST(block("02", "00000000", "").empty());
    BOOST_TEST(says("19 02 05 00 5F11 0101 17000000 00000000 01 1E").empty());
    BOOST_TEST(says("19 02 05 00 5F11 0101 16000000 00000000 04 1E").empty());
    BOOST_TEST(client.image().empty());
    BOOST_TEST(client.show().at("stale").to_number<int>() == 5);
}

BOOST_AUTO_TEST_CASE(what_is_lost_is_asked_for_again) {
    client.settings.lose_every = 2;
    begin();
    block("02", "00000000", "1EF1EE0B 000102030405");
    BOOST_TEST(block("03", "0A000000", "0102030405060708090A").empty());
    pass(3.1);
    EXPECT(sent(), request(4, "0a000000"));
}

BOOST_AUTO_TEST_CASE(a_page_is_asked_for_once) {
    client.settings.page_size = 20;
    EXPECT(begin(), "1 0x0019 010204005f11010116000000000000000a14000000");
    BOOST_TEST(block("02", "00000000", "1EF1EE0B 000102030405").empty());
    EXPECT(block("02", "0A000000", "0102030405060708090A"),
           "1 0x0019 010304005f11010116000000140000000a05000000");
}

BOOST_AUTO_TEST_CASE(a_gap_in_a_page_is_filled) {
    client.settings.page_size = 20;
    begin();
    BOOST_TEST(block("02", "0A000000", "0102030405060708090A").empty());
    pass(3.1);
    BOOST_TEST(sent().size() == 1u);
    BOOST_TEST(client.image().empty());
}

BOOST_AUTO_TEST_CASE(it_loses_power_in_the_middle_and_goes_on) {
    client.settings.restart_at = 10;
    begin();
    BOOST_TEST(block("02", "00000000", "1EF1EE0B 000102030405").empty());
    BOOST_TEST(!device.is_powered());
    pass(0.6);
    EXPECT(sent(), request(3, "0a000000"));
    BOOST_TEST(air.announced == 1);
}

BOOST_AUTO_TEST_CASE(or_has_forgotten_what_it_had) {
    client.settings.restart_at = 10;
    client.settings.restart_forgets = 1;
    begin();
    block("02", "00000000", "1EF1EE0B 000102030405");
    pass(0.6);
    BOOST_TEST(sent().size() == 1u);
    BOOST_TEST(state() == "asked");
    EXPECT(says("19 03 02 00 5F11 0101 16000000 19000000"), request(4, "00000000"));
}

BOOST_AUTO_TEST_CASE(it_refuses_an_image) {
    client.settings.refuse = 0x96;
    EXPECT(fetch(), "1 0x0019 010506965f11010116000000");
    BOOST_TEST(outcome() == "refused");
    BOOST_TEST(client.version() == 21u);
}

BOOST_AUTO_TEST_CASE(what_is_no_image_it_refuses_by_itself) {
    begin();
    block("02", "00000000", "00F1EE0B 000102030405");
    block("03", "0A000000", "0102030405060708090A");
    EXPECT(block("04", "14000000", "A1A2A3A4A5"), "1 0x0019 010506965f11010116000000");
}

BOOST_AUTO_TEST_CASE(it_may_run_another_version_afterwards) {
    client.settings.version_after = 7;
    fetch();
    says("19 05 07 5F11 0101 16000000 00000000 00000000");
    pass(0.5);
    BOOST_TEST(client.version() == 7u);
}

BOOST_AUTO_TEST_CASE(an_abort_ends_it) {
    begin();
    BOOST_TEST(says("19 02 05 95").empty());
    BOOST_TEST(outcome() == "aborted");
    pass(10);
    BOOST_TEST(sent().empty());
}

BOOST_AUTO_TEST_CASE(it_waits_when_it_is_told_to) {
    begin();
    BOOST_TEST(says("19 02 05 97 00000000 02000000 0000").empty());
    pass(1.5);
    BOOST_TEST(sent().empty());
    pass(1);
    EXPECT(sent(), request(3, "00000000"));
}

BOOST_AUTO_TEST_CASE(an_image_for_others_is_not_fetched) {
    says("19 0B 00 00 64");
    BOOST_TEST(says("19 01 02 00 5F11 0201 16000000 19000000").empty());
    BOOST_TEST(outcome() == "wrong_image");
}

BOOST_AUTO_TEST_CASE(every_truncation_of_an_answer_is_survived) {
    const std::vector<std::string> answers = {"19 01 02 00 5F11 0101 16000000 19000000",
                                              "19 02 05 00 5F11 0101 16000000 00000000 02 1EF1",
                                              "19 02 05 97 00000000 02000000 0000",
                                              "19 02 07 5F11 0101 16000000 00000000 01000000"};
    for (const auto& answer : answers) {
        const auto whole = octets(answer);
        for (std::size_t n = 0; n < whole.size(); ++n) {
            begin();
            says(to_hex(View(whole).first(n)), 0);
            BOOST_TEST(client.image().empty());
            client.clear();
        }
    }
}

BOOST_AUTO_TEST_CASE(settings_are_checked) {
    OtaDescription description;
    BOOST_TEST(ota_setting(description, "block_size") == &description.block_size);
    BOOST_TEST(ota_setting(description, "colour") == nullptr);
    boost::json::object wrong;
    wrong["colour"] = 1;
    BOOST_CHECK_THROW((void)parse_ota(wrong), DescriptionError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle::sim
