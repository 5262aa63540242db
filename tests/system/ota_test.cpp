// Firmware, and all that may happen to it on its way: the image is not what it should be, the device, the
// host or the radio goes away in the middle. Afterwards the state and the answer say what it was, and the
// device works.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>

#include "support/http_server.hpp"
#include "support/rig.hpp"

using namespace waggle::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr auto patience = is_sanitized ? 180s : 60s;
constexpr std::uint32_t installed = 21, newer = 22;
constexpr std::size_t small = 3000, large = 40000;

void append(std::string& out, std::uint64_t number, int octets) {
    for (int i = 0; i < octets; ++i)
        out.push_back(static_cast<char>(number >> (8 * i)));
}

/// An image of [ZCL8 11.4]: header of 56 octets, one element.
std::string image(std::uint32_t version, std::size_t size, std::uint16_t maker = 0x115F,
                  std::uint16_t type = 0x0101) {
    std::string out;
    append(out, 0x0BEEF11E, 4);
    append(out, 0x0100, 2);
    append(out, 56, 2);
    append(out, 0, 2);
    append(out, maker, 2);
    append(out, type, 2);
    append(out, version, 4);
    append(out, 2, 2);
    out.append(32, 't');
    append(out, size, 4);
    append(out, 0, 2);
    append(out, size - 62, 4);
    for (std::size_t i = out.size(); i < size; ++i)
        out.push_back(static_cast<char>(i * 7 + i / 256));
    return out;
}

std::string sha512(const std::string& octets) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(octets.data(), octets.size(), digest.data(), &length, EVP_sha512(), nullptr);
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
        constexpr auto digits = "0123456789abcdef";
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

json::object entry(const std::string& url, const std::string& octets, std::uint32_t version) {
    return {{"url", url},
            {"manufacturerCode", 0x115F},
            {"imageType", 0x0101},
            {"fileVersion", version},
            {"fileSize", octets.size()},
            {"sha512", sha512(octets)}};
}

bool has(const Seen& seen, std::string_view text) {
    return seen.payload.find(text) != std::string::npos;
}

struct Updating {
    explicit Updating(std::vector<std::string> sim = {}) : rig(options(std::move(sim))) {
        // The public index is out of reach.
        setenv("https_proxy", "http://127.0.0.1:9", 1);
        setenv("no_proxy", "127.0.0.1", 1);
        offer({});
        rig.start();
        rig.pair();
        begin = rig.mqtt->mark();
    }
    static RigOptions options(std::vector<std::string> sim) {
        RigOptions with;
        with.configuration =
            "ota:\n  zigbee_ota_override_index_location: index.json\n"
            "  image_block_response_delay: 50\n  image_block_request_timeout: 10000\n";
        with.device_options = "    friendly_name: hall\n";
        with.sim_arguments = std::move(sim);
        return with;
    }

    /// What the override index has.
    void offer(const json::array& entries) { rig.write("index.json", json::serialize(entries)); }
    /// An image of the switch beside the index.
    std::string offer_image(std::size_t size, std::uint32_t version = newer) {
        auto octets = image(version, size);
        rig.write("hall.ota", octets);
        offer({entry("hall.ota", octets, version)});
        return octets;
    }

    void ask(const std::string& name, const std::string& payload) {
        begin = rig.mqtt->mark();
        rig.publish("bridge/request/device/ota_update/" + name, payload);
    }
    Seen answer(const std::string& name, std::string_view text = "") {
        return expect("bridge/response/device/ota_update/" + name, text);
    }
    Seen expect(const std::string& topic, std::string_view text) {
        const auto seen = rig.mqtt->wait(
            "zigbee2mqtt/" + topic, [&](const Seen& m) { return has(m, text); }, patience, begin);
        BOOST_REQUIRE_MESSAGE(seen, "nothing with " << text << " on " << topic << "; the host:\n"
                                                    << rig.host->output());
        return *seen;
    }
    /// The request for an update fails, for this reason.
    void fails(const std::string& payload, std::string_view why) {
        ask("update", payload);
        const auto seen = answer("update");
        BOOST_TEST(has(seen, why), seen.payload);
        BOOST_TEST(has(seen, R"("status":"error")"));
    }
    /// How far the image has come to the device.
    json::object device(const std::string& name = "qbkg04lm") {
        const auto text = rig.sim({"ota", name});
        return json::parse(text).as_object();
    }
    /// Until the device has so much of it.
    void come_to(std::size_t octets) {
        for (int tries = 0; tries < 2000; ++tries) {
            if (device().at("received").to_number<std::size_t>() >= octets)
                return;
            std::this_thread::sleep_for(20ms);
        }
        BOOST_FAIL("the image does not come: " << json::serialize(device()));
    }
    void has_been_given(const std::string& octets) {
        BOOST_TEST(device().at("sha512").as_string() == sha512(octets));
        BOOST_TEST(device().at("version").to_number<std::uint32_t>() == newer);
    }
    void works(const std::string& state = "ON") {
        begin = rig.mqtt->mark();
        rig.publish("hall/set", R"({"state": ")" + state + R"("})");
        expect("hall", "\"state\":\"" + state + '"');
    }
    void state_is(const std::string& text) { expect("hall", "\"state\":\"" + text + "\"}"); }

    Rig rig;
    std::size_t begin = 0;
};

}  // namespace

BOOST_AUTO_TEST_CASE(from_a_server_with_an_authority_of_its_own) {
    const auto octets = image(newer, small);
    const auto folder = fs::temp_directory_path() / ("waggle-ca-" + std::to_string(getpid()));
    fs::create_directory(folder);
    const Certificates certificates(folder);
    const HttpServer server(
        [&](const HttpServer::Request& request) {
            HttpServer::Answer out;
            out.body =
                request.path == "/index.json"
                    ? json::serialize(json::array{entry("https://127.0.0.1/never", octets, newer)})
                    : octets;
            return out;
        },
        &certificates);
    Updating update;
    // Not believed yet
    update.fails(R"({"id":"hall","url":")" + server.url("/hall.ota") + "\"}", "certificate");
    update.works();
    update.rig.host->stop();
    setenv("SSL_CERT_FILE", certificates.authority.c_str(), 1);
    update.begin = update.rig.mqtt->mark();
    update.rig.start_host();
    update.expect("bridge/state", "online");
    unsetenv("SSL_CERT_FILE");
    update.ask("update", R"({"id":"hall","url":")" + server.url("/hall.ota") + "\"}");
    const auto done = update.answer("update");
    BOOST_TEST(has(done, R"("to":{"date_code":)"), done.payload);
    BOOST_TEST(has(done, R"("status":"ok")"), done.payload);
    update.has_been_given(octets);
    update.works("OFF");
    fs::remove_all(folder);
}

BOOST_AUTO_TEST_CASE(images_that_are_not_what_they_should_be) {
    Updating update;
    auto octets = image(newer, small);
    update.rig.write("hall.ota", octets);

    auto wrong = entry("hall.ota", octets, newer);
    wrong["sha512"] = std::string(128, '0');
    update.offer({wrong});
    update.fails("hall", "SHA-512");
    update.state_is("available");

    auto other = entry("hall.ota", octets, newer);
    other["modelId"] = "lumi.ctrl_neutral2";
    update.offer({other});
    update.fails("hall", "No image currently available");
    update.ask("check", "hall");
    BOOST_TEST(has(update.answer("check"), "lumi.ctrl_neutral2"));

    update.rig.write("index.json", "<html>Not found</html>");
    update.fails("hall", "index.json");

    octets.resize(octets.size() / 2);
    update.rig.write("hall.ota", octets);
    update.offer({entry("hall.ota", octets, newer)});
    update.fails("hall", "hall.ota");
    update.works();
}

BOOST_AUTO_TEST_CASE(servers_that_do_not_send_what_they_should) {
    const auto octets = image(newer, small);
    const HttpServer server([&](const HttpServer::Request& request) {
        HttpServer::Answer out;
        out.body = octets;
        if (request.path == "/cut.ota")
            out.cut_after = 1000;
        if (request.path == "/gone.ota")
            out.status = 503;
        return out;
    });
    Updating update;
    for (const auto* path : {"/cut.ota", "/gone.ota"}) {
        update.offer({entry(server.url(path), octets, newer)});
        update.fails("hall", path);
        update.state_is("available");
    }
    const auto nobody = "http://127.0.0.1:" + std::to_string(free_port()) + "/hall.ota";
    update.offer({entry(nobody, octets, newer)});
    update.fails("hall", "cannot be fetched");
    update.works();
}

BOOST_AUTO_TEST_CASE(a_data_folder_that_takes_nothing_more) {
    Updating update;
    update.offer_image(small);
    fs::create_directories(update.rig.data() / "ota");
    update.rig.write("ota/cache", "in the way of a folder");
    update.fails("hall", "cache");
    update.works();
}

BOOST_AUTO_TEST_CASE(a_device_that_loses_power_goes_on_where_it_was) {
    Updating update;
    const auto octets = update.offer_image(small);
    update.rig.sim({"ota", "qbkg04lm", "restart_at", "1500"});
    update.ask("update", "hall");
    BOOST_TEST(has(update.answer("update"), R"("status":"ok")"));
    update.has_been_given(octets);
    update.works();
}

BOOST_AUTO_TEST_CASE(a_device_that_leaves_in_the_middle_ends_it) {
    Updating update;
    update.offer_image(large);
    update.ask("update", "hall");
    update.come_to(1000);
    update.rig.sim({"leave", "qbkg04lm"});
    const auto seen = update.answer("update");
    BOOST_TEST(has(seen, R"("status":"error")"), seen.payload);
    update.rig.sim({"ota", "qbkg04lm", "clear"});
    update.rig.take_mark();
    update.rig.pair();
    update.works();
}

BOOST_AUTO_TEST_CASE(a_device_that_falls_silent_is_given_up) {
    Updating update;
    update.offer_image(large);
    update.ask("update", R"({"id":"hall","image_block_request_timeout":3000})");
    update.come_to(1000);
    update.rig.sim({"ota", "qbkg04lm", "pace_ms", "60000"});
    const auto seen = update.answer("update");
    BOOST_TEST(has(seen, "did not"), seen.payload);
    update.state_is("available");
    update.works();
}

BOOST_AUTO_TEST_CASE(the_host_is_killed_in_the_middle_and_the_image_comes_all_the_same) {
    Updating update;
    const auto octets = update.offer_image(small * 2);
    update.ask("update", "hall");
    update.come_to(octets.size() / 2);
    update.rig.host->kill();
    update.begin = update.rig.mqtt->mark();
    update.rig.start_host();
    update.expect("bridge/state", "online");
    update.expect("hall", R"("state":"updating")");
    update.expect("hall", R"("installed_version":22)");
    update.has_been_given(octets);
    update.works();
}

BOOST_AUTO_TEST_CASE(the_radio_is_lost_in_the_middle_and_the_image_comes_all_the_same) {
    Updating update;
    const auto octets = update.offer_image(small * 2);
    update.ask("update", "hall");
    update.come_to(octets.size() / 2);
    update.rig.sim({"fault", "disconnect"});
    BOOST_TEST(has(update.answer("update"), R"("status":"ok")"));
    update.has_been_given(octets);
    update.works();
}

BOOST_AUTO_TEST_CASE(two_at_once_come_one_after_the_other) {
    Updating update({"--device", "ikea/led1624g9"});
    update.rig.take_mark();
    update.rig.pair("led1624g9");
    const auto first = image(newer, small * 2);
    const auto second = image(0x23075632, small, 0x117C, 0x2801);
    update.rig.write("hall.ota", first);
    update.rig.write("lamp.ota", second);
    auto of_lamp = entry("lamp.ota", second, 0x23075632);
    of_lamp["manufacturerCode"] = 0x117C;
    of_lamp["imageType"] = 0x2801;
    update.offer({entry("hall.ota", first, newer), of_lamp});
    update.ask("update", "hall");
    update.come_to(100);
    update.rig.publish("bridge/request/device/ota_update/update", "0x000b57fffe330001");
    update.expect("0x000b57fffe330001", R"("progress":0,"state":"updating")");
    update.answer("update", R"("id":"hall")");
    BOOST_TEST(update.device("led1624g9").at("received").to_number<int>() == 0);
    const auto done = update.answer("update", R"("id":"0x000b57fffe330001")");
    BOOST_TEST(has(done, R"("status":"ok")"), done.payload);
    update.has_been_given(first);
    BOOST_TEST(update.device("led1624g9").at("sha512").as_string() == sha512(second));
    update.works();
}

BOOST_AUTO_TEST_CASE(what_is_aborted_ends_soon_and_can_be_begun_again) {
    Updating update;
    update.offer_image(large);
    update.ask("update", "hall");
    update.come_to(1000);
    update.rig.publish("bridge/request/device/ota_update/update/abort", R"({"id":"hall"})");
    update.answer("update/abort", R"("status":"ok")");
    BOOST_TEST(has(update.answer("update"), "was aborted"));
    update.works();
    const auto octets = update.offer_image(small);
    update.ask("update", "hall");
    BOOST_TEST(has(update.answer("update"), R"("status":"ok")"));
    update.has_been_given(octets);
}

BOOST_AUTO_TEST_CASE(a_device_that_refuses_the_image_says_so) {
    Updating update;
    update.offer_image(small);
    update.rig.sim({"ota", "qbkg04lm", "refuse", "150"});
    update.fails("hall", "INVALID_IMAGE");
    update.state_is("available");
    update.works();
}

BOOST_AUTO_TEST_CASE(a_device_that_runs_another_version_afterwards_is_noticed) {
    Updating update;
    update.offer_image(small);
    update.rig.sim({"ota", "qbkg04lm", "version_after", std::to_string(installed)});
    update.ask("update", "hall");
    BOOST_TEST(has(update.answer("update"), R"("status":"ok")"));
    update.begin = update.rig.mqtt->mark();
    update.rig.sim({"ota", "qbkg04lm", "query"});
    update.expect("hall", R"("installed_version":21)");
    BOOST_TEST(update.rig.log_has("though it was updated to 22"));
}

BOOST_AUTO_TEST_CASE(a_schedule_outlives_the_host) {
    Updating update;
    const auto octets = update.offer_image(small);
    update.ask("schedule", "hall");
    update.answer("schedule", R"("status":"ok")");
    update.rig.host->kill();
    update.begin = update.rig.mqtt->mark();
    update.rig.start_host();
    update.expect("bridge/state", "online");
    update.rig.sim({"ota", "qbkg04lm", "query"});
    update.expect("hall", R"("installed_version":22)");
    update.has_been_given(octets);
}
