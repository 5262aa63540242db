#include <filesystem>
#include <fstream>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "bridge/requests/requests.hpp"
#include "ota/updater.hpp"
#include "unit/engine/rig.hpp"
#include "unit/ota/script.hpp"

// device/ota_update/…: payloads in, answers out. What happens to the device is the updater's business.

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace waggle;
using namespace waggle::bridge;

namespace {

struct NoAnnouncer final : Announcer {
    void changed(Document) override {}
    void publish_changes() override {}
};

struct Fixture {
    using Function = Awaitable<Reply> (*)(Context&, const Request&);

    Fixture() : rig("", "", test::configured, "", test::light_row(1)) {
        rig.start();
        rig.hall().endpoint(1)->outputs = {0x0019};
        rig.loop.wait_outside = std::chrono::milliseconds(2);  // files are written by a thread
    }
    ~Fixture() { rig.loop.run(updater.stop()); }

    std::string ask(Function function, const std::string& payload) {
        const Request request("", payload);
        const auto reply = rig.loop.run(function(context, request));
        return reply ? json::serialize(*reply) : reply.error().message;
    }
    fs::path image(const std::string& name) { return rig.folder.path() / "ota" / name; }
    std::string content(const fs::path& path) {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    test::Rig rig;
    test::OtaScript script{rig.loop.executor()};
    ota::Updater updater{rig.loop.executor(),
                         {*rig.network, *rig.engine, *rig.configuration, script, script}};
    NoAnnouncer announcer;
    Context context{*rig.network, *rig.engine, *rig.plugins, *rig.configuration,
                    rig.outbox,   announcer,   updater};
};

constexpr auto no_ota = "Device '0x00158d0000000001' does not support OTA updates";
constexpr auto light = R"({"id":"0x00158d0000000001"})";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ota_requests, Fixture)

BOOST_AUTO_TEST_CASE(a_check_answers_what_was_found_and_what_was_considered) {
    script.offer(22);
    script.found.considered = {"x.ota: taken", "y.ota: for another model"};
    BOOST_TEST(ask(&ota_check, R"({"id":"hall"})") ==
               R"({"id":"hall","update_available":true,"downgrade":false,)"
               R"("source":"http://images/x.ota","release_notes":"Better",)"
               R"("considered":["x.ota: taken","y.ota: for another model"]})");
    script.found = {};
    BOOST_TEST(ask(&ota_check_downgrade, "hall") ==
               R"({"id":"hall","update_available":false,"downgrade":true})");
    BOOST_TEST((script.wish.direction == ota::Direction::downgrade));
}

BOOST_AUTO_TEST_CASE(another_index_may_be_named) {
    (void)ask(&ota_check, R"({"id":"hall","url":"http://localhost/index.json"})");
    BOOST_TEST(script.wish.url == "http://localhost/index.json");
    BOOST_TEST(ask(&ota_check, R"({"id":"hall","url":5})") ==
               "url is not a string, got number (5)");
}

BOOST_AUTO_TEST_CASE(who_is_asked_for_must_exist_and_take_updates) {
    for (const auto function : {&ota_check, &ota_update, &ota_schedule}) {
        BOOST_TEST(ask(function, "nobody") == "Device 'nobody' does not exist");
        BOOST_TEST(ask(function, light) == no_ota);
        BOOST_TEST(ask(function, R"({"url":"x"})") == "Invalid payload");
    }
    BOOST_TEST(ask(&ota_unschedule, "nobody") == "Device 'nobody' does not exist");
    BOOST_TEST(ask(&ota_update_abort, "nobody") == "Device 'nobody' does not exist");
    BOOST_TEST(script.lines() == "");
    (void)ask(&ota_check, R"({"id":"0x00158d0000000001","url":"my.json"})");
    BOOST_TEST(script.lines() == "ask, no image 7, find");
}

BOOST_AUTO_TEST_CASE(an_update_answers_with_both_versions) {
    script.offer(22);
    rig.radio.answer = nullptr;
    BOOST_TEST(ask(&ota_update, R"({"id":"hall"})") ==
               R"({"id":"hall","from":{"file_version":21},"to":{"file_version":22}})");
}

BOOST_AUTO_TEST_CASE(an_update_takes_numbers_of_its_own_where_they_are_not_0) {
    script.offer(22);
    rig.radio.answer = nullptr;
    (void)ask(&ota_update, R"({"id":"hall","image_block_request_timeout":5000,)"
                           R"("image_block_response_delay":0,"default_maximum_data_size":"40"})");
    BOOST_TEST(script.options.block_timeout.count() == 5000);
    BOOST_TEST(script.options.block_delay.count() == 250);
    BOOST_TEST(script.options.maximum_data_size == 40);
    (void)script.lines();
    BOOST_TEST(
        ask(&ota_update, R"({"id":"hall","default_maximum_data_size":101})") ==
        "Invalid payload ('default_maximum_data_size' must be a whole number from 1 to 100)");
    BOOST_TEST(ask(&ota_update, R"({"id":"hall","image_block_request_timeout":"long"})") ==
               "Invalid payload ('image_block_request_timeout' must be a whole number of at least "
               "1)");
    BOOST_TEST(script.lines() == "");
}

BOOST_AUTO_TEST_CASE(an_image_that_comes_along_is_kept_and_used) {
    (void)ask(&ota_update, R"({"id":"hall","hex":{"data":"1eF1ee0b","file_name":"my.ota"}})");
    BOOST_TEST(content(image("my.ota")) == "\x1E\xF1\xEE\x0B");
    BOOST_TEST(script.wish.url == image("my.ota").string());
    (void)ask(&ota_update, R"({"id":"0x00158d0000000001","hex":{"data":"00"}})");
    BOOST_TEST(fs::path(script.wish.url).filename().string().starts_with("0x00158d0000000001_"));
    BOOST_TEST(content(script.wish.url).size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_image_that_is_none_is_refused) {
    const auto refused = [&](const std::string& hex) {
        return ask(&ota_update, R"({"id":"hall","hex":)" + hex + "}");
    };
    constexpr auto no_data = "Invalid payload ('hex.data' must be the image as hexadecimal text)";
    constexpr auto no_hex = "Invalid payload ('hex.data' is not hexadecimal)";
    BOOST_TEST(refused("7") == no_data);
    BOOST_TEST(refused("{}") == no_data);
    BOOST_TEST(refused(R"({"data":5})") == no_data);
    BOOST_TEST(refused(R"({"data":""})") == no_hex);
    BOOST_TEST(refused(R"({"data":"123"})") == no_hex);
    BOOST_TEST(refused(R"({"data":"0x12"})") == no_hex);
    BOOST_TEST(refused(R"({"data":"+1"})") == no_hex);
    for (const auto* name :
         {"../up", "a/b", "..", ".hidden", "transfers.json", "a\\\\b", "a\\u0000b"})
        BOOST_TEST(refused(R"({"data":"00","file_name":")" + std::string(name) + "\"}")
                       .starts_with("Invalid payload ('hex.file_name'"));
    BOOST_TEST(refused(R"({"data":"00","file_name":7})").starts_with("Invalid payload ('hex.file"));
    BOOST_TEST(!fs::exists(image("")));
    BOOST_TEST(script.lines() == "");
}

BOOST_AUTO_TEST_CASE(a_schedule_is_answered_at_once_and_can_be_taken_back) {
    BOOST_TEST(ask(&ota_schedule, R"({"id":"hall"})") == R"({"id":"hall"})");
    BOOST_TEST(rig.hall().scheduled_ota_json == R"({"downgrade":false})");
    BOOST_TEST(ask(&ota_schedule_downgrade, R"({"id":"hall","url":"a.ota"})") ==
               R"({"id":"hall","url":"a.ota"})");
    BOOST_TEST(rig.hall().scheduled_ota_json == R"({"downgrade":true,"url":"a.ota"})");
    BOOST_TEST(ask(&ota_unschedule, "hall") == R"({"id":"hall"})");
    BOOST_TEST(rig.hall().scheduled_ota_json == "");
    BOOST_TEST(ask(&ota_unschedule, "hall") == R"({"id":"hall"})");
}

BOOST_AUTO_TEST_CASE(what_came_along_for_a_schedule_goes_with_it) {
    (void)ask(&ota_schedule, R"({"id":"hall","hex":{"data":"00","file_name":"my.ota"}})");
    BOOST_TEST(fs::exists(image("my.ota")));
    (void)ask(&ota_unschedule, "hall");
    BOOST_TEST(!fs::exists(image("my.ota")));
}

BOOST_AUTO_TEST_CASE(only_what_is_under_way_can_be_aborted_and_nothing_else_can_begin) {
    BOOST_TEST(ask(&ota_update_abort, "hall") == "No OTA in progress to abort for device 'hall'");
    script.offer(22);
    script.holds_serving = true;
    std::optional<Reply> update;
    const Request request("", "hall");
    rig.loop.start(ota_update(context, request), update);
    rig.loop.settle();
    for (const auto function : {&ota_check, &ota_update, &ota_schedule, &ota_unschedule})
        BOOST_TEST(ask(function, "hall") ==
                   "OTA update or check for update already in progress for 'hall'");
    BOOST_TEST(ask(&ota_update_abort, R"({"id":"hall"})") == R"({"id":"hall"})");
    rig.loop.settle();
    BOOST_TEST(update->error().message ==
               "OTA update of 'hall' failed (OTA for device was aborted)");
}

BOOST_AUTO_TEST_SUITE_END()
