#include "ota/job.hpp"

#include <cstdlib>
#include <fstream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "ota/cache.hpp"
#include "ota/fetch.hpp"
#include "ota/index.hpp"
#include "ota/local.hpp"
#include "support/http_server.hpp"
#include "support/temporary_folder.hpp"
#include "unit/ota/images.hpp"

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace waggle;
using namespace waggle::ota;
using namespace waggle::ota::test;
using waggle::test::Certificates;
using waggle::test::HttpServer;
using waggle::test::TemporaryFolder;

namespace {

using Answer = HttpServer::Answer;

Answer body(std::string text) {
    Answer answer;
    answer.body = std::move(text);
    return answer;
}

Answer status(int code) {
    Answer answer;
    answer.status = code;
    return answer;
}

IndexEntry entry_at(std::string url, const Like& like = {}) {
    const auto image = image_like(like);
    IndexEntry entry;
    entry.url = std::move(url);
    entry.manufacturer = like.manufacturer;
    entry.image_type = like.type;
    entry.file_version = like.version;
    entry.sha512 = sha512_of(image);
    return entry;
}

std::string index_of(const std::vector<IndexEntry>& entries) {
    json::array list;
    for (const auto& entry : entries)
        list.push_back(to_json(entry));
    return json::serialize(list);
}

/// A data folder, and the main index where a test puts it.
struct Place {
    Place() { job.facts = qbkg04lm(); }

    Outcome<Found> find() const { return ota::find(job, data.path()); }
    Outcome<StoredName> obtain(const IndexEntry& entry) const {
        return ota::obtain(entry, data.path());
    }
    std::string failure_to_find() const {
        const auto found = find();
        return found ? "" : found.error().message;
    }
    std::string failure_to_obtain(const IndexEntry& entry) const {
        const auto stored = obtain(entry);
        return stored ? "" : stored.error().message;
    }

    TemporaryFolder data;
    FindJob job;
};

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job)

BOOST_AUTO_TEST_CASE(a_job_and_its_answers_are_read_as_they_were_written) {
    Place place;
    place.job.facts.hardware_version = 3;
    place.job.locations.latest = place.data.path() / "index.json";
    place.data.write("index.json", index_of({entry_at("http://127.0.0.1:9/a.ota")}));
    const auto found = read_found(run_job(job_text(place.job), place.data.path()));
    BOOST_REQUIRE_MESSAGE(found, (found ? "" : found.error().message));
    BOOST_TEST(found->available);
    BOOST_TEST(found->best->url == "http://127.0.0.1:9/a.ota");
    BOOST_TEST(found->best->sha512.size() == 128u);
    BOOST_TEST(found->considered.size() == 1u);
}

BOOST_AUTO_TEST_CASE(every_truncated_job_and_answer_is_a_failure) {
    const Place place;
    const auto text = job_text(IndexEntry());
    for (std::size_t n = 0; n <= text.size(); ++n) {
        const auto answer = run_job(text.substr(0, n), place.data.path());
        BOOST_TEST(!read_stored(answer), n);
        for (std::size_t m = 0; m < answer.size(); ++m)
            BOOST_TEST(!read_found(answer.substr(0, m)));
    }
}

BOOST_AUTO_TEST_CASE(an_index_in_the_data_folder_and_images_beside_it) {
    Place place;
    place.data.write("q.ota", text_like());
    place.data.write("own.json", R"([{"url":"q.ota"}])");  // its numbers are in the image
    place.data.write("main.json", "[]");
    place.job.locations.override_location = "own.json";
    place.job.locations.latest = "main.json";
    const auto found = place.find();
    BOOST_REQUIRE_MESSAGE(found, (found ? "" : found.error().message));
    BOOST_TEST(found->available);
    BOOST_TEST(found->best->file_version == 22u);
    const auto stored = place.obtain(*found->best);
    BOOST_REQUIRE(stored);
    BOOST_TEST(stored->sha512 == sha512_of(image_like()));
    BOOST_TEST(stored->offset == 0u);
    BOOST_TEST(place.data.read("ota/cache/" + stored->sha512 + ".ota") == text_like());
}

BOOST_AUTO_TEST_CASE(a_folder_is_an_index) {
    Place place;
    fs::create_directories(place.data / "images/lumi");
    place.data.write("images/lumi/a.ota", text_like({.type = 7}));
    place.data.write("images/lumi/b.ota", "a container " + text_like({.version = 23}));
    place.data.write("images/README", "no image");
    place.job.locations.override_location = "images";
    place.job.locations.latest = "none.json";
    const auto found = place.find();
    BOOST_REQUIRE_MESSAGE(found, (found ? "" : found.error().message));
    BOOST_REQUIRE(found->best.has_value());
    BOOST_TEST(found->best->file_version == 23u);
    BOOST_TEST(found->considered.size() == 3u);  // the image, a README, and no main index
    const auto stored = place.obtain(*found->best);
    BOOST_REQUIRE(stored);
    BOOST_TEST(stored->offset == 12u);
}

// All of Aqara's older switches, plugs and curtains have one image type.
BOOST_AUTO_TEST_CASE(of_several_that_fit_in_a_folder_none_is_taken) {
    Place place;
    fs::create_directories(place.data / "images");
    place.data.write("images/a.ota", text_like());
    place.data.write("images/b.ota", text_like({.version = 23}));
    place.job.locations.latest = "images";
    const auto found = place.find();
    BOOST_REQUIRE(found);
    BOOST_TEST(!found->best.has_value());
    BOOST_REQUIRE(found->considered.size() == 2u);
    BOOST_TEST(has(found->considered[1], "version 23 of 'b.ota': other files of its folder fit"));
}

BOOST_AUTO_TEST_CASE(an_index_in_a_folder_counts_and_what_is_there_is_not_fetched) {
    Place place;
    fs::create_directories(place.data / "mirror/images/Lu mi");
    place.data.write("mirror/images/Lu mi/a.ota", text_like());
    auto here = entry_at("https://e.invalid/o/images/Lu%20mi/a.ota?raw=1");
    here.model_id = "lumi.ctrl_neutral1";
    const auto elsewhere = entry_at("https://e.invalid/o/images/b.ota", {.version = 30});
    const auto outside = entry_at("https://e.invalid/../index.json", {.version = 18});
    place.data.write("mirror/index.json", index_of({elsewhere, here}));
    place.data.write("mirror/index1.json", index_of({outside}));
    place.job.locations.latest = place.job.locations.previous = "mirror";
    auto found = place.find();
    BOOST_REQUIRE_MESSAGE(found, (found ? "" : found.error().message));
    BOOST_TEST(found->best->url == (place.data / "mirror/images/Lu mi/a.ota").string());
    BOOST_TEST(place.failure_to_obtain(*found->best) == "");

    place.job.wish.direction = Direction::downgrade;
    found = place.find();
    BOOST_REQUIRE(found);
    BOOST_TEST(found->best->url == outside.url);
}

BOOST_AUTO_TEST_CASE(without_the_main_index_the_override_is_enough_and_not_the_other_way_round) {
    Place place;
    place.data.write("own.json", index_of({entry_at("http://127.0.0.1:9/a.ota")}));
    place.job.locations.override_location = "own.json";
    place.job.locations.latest = "http://127.0.0.1:9/index.json";
    const auto found = place.find();
    BOOST_REQUIRE(found);
    BOOST_TEST(found->available);
    BOOST_TEST(has(found->considered.back(), "only the override index counts"));

    place.job.locations.override_location.clear();
    BOOST_TEST(has(place.failure_to_find(), "'http://127.0.0.1:9/index.json' cannot be fetched"));
    place.job.locations = {"http://127.0.0.1:9/own.json", "own.json", ""};
    BOOST_TEST(has(place.failure_to_find(), "'http://127.0.0.1:9/own.json' cannot be fetched"));
}

BOOST_AUTO_TEST_CASE(what_is_no_index_is_said) {
    Place place;
    place.data.write("bad.json", "<html>");
    place.job.locations.latest = "bad.json";
    BOOST_TEST(place.failure_to_find() == "The index 'bad.json' is no JSON array of images");
    place.job.locations.latest = "missing.json";
    BOOST_TEST(has(place.failure_to_find(), "missing.json' cannot be read: No such file"));
}

BOOST_AUTO_TEST_CASE(a_downgrade_uses_the_other_index) {
    Place place;
    place.data.write("old.json", index_of({entry_at("http://127.0.0.1:9/a.ota", {.version = 18})}));
    place.job.locations.latest = "none.json";
    place.job.locations.previous = "old.json";
    place.job.wish.direction = Direction::downgrade;
    const auto found = place.find();
    BOOST_REQUIRE(found);
    BOOST_TEST(found->available);
    BOOST_TEST(found->best->file_version == 18u);
}

BOOST_AUTO_TEST_CASE(an_image_that_the_request_names_is_weighed_by_its_version) {
    Place place;
    place.data.write("given", text_like({.type = 7}));
    place.job.wish.file = "given";
    auto found = place.find();
    BOOST_REQUIRE_MESSAGE(found, (found ? "" : found.error().message));
    BOOST_TEST(found->available);
    BOOST_TEST(found->best->url == "given");
    BOOST_TEST(has(found->considered.at(1), "may not be for this device: it is for manufacturer"));
    fs::remove(place.data / "given");
    BOOST_TEST(place.obtain(*found->best).has_value());  // it is in the cache

    place.data.write("given", text_like({.version = 20}));
    found = place.find();
    BOOST_REQUIRE(found);
    BOOST_TEST(!found->available);

    place.data.write("given", "nothing of use");
    BOOST_TEST(has(place.failure_to_find(), "'given' cannot be used: it is no Zigbee OTA file"));
}

BOOST_AUTO_TEST_CASE(an_index_that_the_request_names_stands_for_the_main_one) {
    Place place;
    HttpServer server([&](const HttpServer::Request& request) {
        return request.path == "/i.json?key=1" ? body(index_of({entry_at("http://127.0.0.1:9/x")}))
                                               : body(text_like({.version = 30}));
    });
    place.job.wish.url = server.url("/i.json?key=1");
    auto found = place.find();
    BOOST_REQUIRE_MESSAGE(found, (found ? "" : found.error().message));
    BOOST_TEST(found->best->file_version == 22u);
    place.job.wish.url = server.url("/image");
    found = place.find();
    BOOST_REQUIRE_MESSAGE(found, (found ? "" : found.error().message));
    BOOST_TEST(found->best->file_version == 30u);
    BOOST_TEST(found->best->url == server.url("/image"));
}

BOOST_AUTO_TEST_CASE(an_index_is_fetched_again_only_when_it_changed) {
    Place place;
    std::string tag = "\"one\"";
    HttpServer server([&](const HttpServer::Request& request) {
        const auto known = request.headers.find("if-none-match");
        if (known != request.headers.end() && known->second == tag)
            return status(304);
        auto answer = body(index_of({entry_at("http://127.0.0.1:9/" + tag.substr(1, 3))}));
        answer.headers = {"ETag: " + tag, "Last-Modified: Sat, 22 Aug 2026 02:21:50 GMT"};
        return answer;
    });
    place.job.locations.latest = server.url("/index.json");
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(place.find()->best->url == "http://127.0.0.1:9/one");
    const auto requests = server.requests();
    BOOST_TEST(requests.at(0).headers.count("if-none-match") == 0u);
    BOOST_TEST(requests.at(1).headers.at("if-none-match") == tag);
    BOOST_TEST(requests.at(1).headers.at("if-modified-since") == "Sat, 22 Aug 2026 02:21:50 GMT");
    tag = "\"two\"";
    BOOST_TEST(place.find()->best->url == "http://127.0.0.1:9/two");
}

BOOST_AUTO_TEST_CASE(a_server_that_says_how_long_is_not_asked_until_then) {
    Place place;
    HttpServer server([](const HttpServer::Request&) {
        auto answer = body("[]");
        answer.headers = {"Cache-Control: public, max-age=300"};
        return answer;
    });
    place.job.locations.latest = server.url("/index.json");
    BOOST_TEST(place.find().has_value());
    BOOST_TEST(place.find().has_value());
    BOOST_TEST(server.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_index_that_is_none_does_not_take_the_place_of_a_good_one) {
    Place place;
    bool good = true;
    HttpServer server([&](const HttpServer::Request& request) {
        if (request.headers.contains("if-none-match") && good)
            return status(304);
        auto answer = body(good ? "[]" : "<html>");
        answer.headers = {"ETag: \"1\""};
        return answer;
    });
    place.job.locations.latest = server.url("/index.json");
    BOOST_TEST(place.find().has_value());
    good = false;
    BOOST_TEST(has(place.failure_to_find(), "is no JSON array of images"));
    good = true;
    BOOST_TEST(place.find().has_value());
    BOOST_TEST(server.requests().back().headers.contains("if-none-match"));
}

BOOST_AUTO_TEST_CASE(an_image_is_fetched_once) {
    Place place;
    HttpServer server([](const HttpServer::Request&) { return body(text_like()); });
    const auto entry = entry_at(server.url("/a.ota"));
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(place.obtain(entry)->sha512 == entry.sha512);
    BOOST_TEST(server.requests().size() == 1u);
    std::ofstream(place.data / ("ota/cache/" + entry.sha512 + ".ota")) << "spoilt";
    BOOST_TEST(place.obtain(entry)->sha512 == entry.sha512);
    BOOST_TEST(server.requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_wrong_hash_is_refused_and_leaves_nothing) {
    Place place;
    HttpServer server([](const HttpServer::Request&) { return body(text_like({.version = 23})); });
    const auto failure = place.failure_to_obtain(entry_at(server.url("/a.ota")));
    BOOST_TEST(has(failure, "/a.ota' cannot be used: its SHA-512 is not the one"));
    BOOST_TEST(fs::is_empty(place.data / "ota/cache"));
}

BOOST_AUTO_TEST_CASE(a_download_that_breaks_off_is_said) {
    Place place;
    HttpServer server([](const HttpServer::Request&) {
        auto answer = body(text_like({.firmware = 5000}));
        answer.cut_after = 1000;
        return answer;
    });
    const auto failure = place.failure_to_obtain(entry_at(server.url("/a.ota")));
    BOOST_TEST(has(failure, "the connection ended after 1000 octets, before all was there"));
    BOOST_TEST(fs::is_empty(place.data / "ota/cache"));
}

BOOST_AUTO_TEST_CASE(an_image_shorter_than_its_header_says_is_refused) {
    Place place;
    const auto text = text_like().substr(0, 65);
    HttpServer server([&](const HttpServer::Request&) { return body(text); });
    auto entry = entry_at(server.url("/a.ota"));
    entry.sha512 = sha512_of(as_bytes(text));
    BOOST_TEST(has(place.failure_to_obtain(entry), "only 65 follow: it was cut off"));
}

BOOST_AUTO_TEST_CASE(an_image_for_another_device_than_the_index_says_is_refused_unless_forced) {
    Place place;
    HttpServer server([](const HttpServer::Request&) { return body(text_like({.type = 7})); });
    auto entry = entry_at(server.url("/a.ota"), {.type = 7});
    entry.image_type = 0x0101;
    BOOST_TEST(
        has(place.failure_to_obtain(entry),
            "the index says manufacturer code 4447, image type 257 and version 22, the image "
            "itself 4447, 7 and 22"));
    entry.force = true;
    BOOST_TEST(place.failure_to_obtain(entry) == "");
}

BOOST_AUTO_TEST_CASE(what_a_server_refuses_is_said) {
    Place place;
    HttpServer server([](const HttpServer::Request& request) {
        return status(request.path == "/gone" ? 404 : 304);
    });
    BOOST_TEST(has(place.failure_to_obtain(entry_at(server.url("/gone"))),
                   "/gone' cannot be fetched: the server answered with status 404"));
    // Nobody asked whether it changed.
    BOOST_TEST(has(place.failure_to_obtain(entry_at(server.url("/same"))), "status 304"));
}

BOOST_AUTO_TEST_CASE(more_than_the_bound_is_not_taken) {
    Place place;
    HttpServer server(
        [](const HttpServer::Request&) { return body(std::string(most_image + 1, 'x')); });
    BOOST_TEST(has(place.failure_to_obtain(entry_at(server.url("/a"))), "it has more than 16 MB"));
    BOOST_TEST(fs::is_empty(place.data / "ota/cache"));
}

BOOST_AUTO_TEST_CASE(redirects_are_followed_as_far_as_the_bound) {
    Place place;
    HttpServer server([](const HttpServer::Request& request) {
        const int step = std::stoi(request.path.substr(1));
        if (step == 0)
            return body(text_like());
        auto answer = status(302);
        answer.headers = {"Location: /" + std::to_string(step - 1)};
        return answer;
    });
    BOOST_TEST(place.failure_to_obtain(entry_at(server.url("/5"))) == "");
    BOOST_TEST(has(place.failure_to_obtain(entry_at(server.url("/7"), {.version = 30})),
                   "redirected more than 5 times"));
}

BOOST_AUTO_TEST_CASE(a_password_in_a_url_is_not_told) {
    BOOST_TEST(shown_url("https://me:secret@host:1/p@q") == "https://***@host:1/p@q");
    BOOST_TEST(shown_url("https://host/p@q") == "https://host/p@q");
    BOOST_TEST(shown_url("ota/a@b.ota") == "ota/a@b.ota");
    const Place place;
    const auto failure = place.failure_to_obtain(entry_at("http://me:secret@127.0.0.1:9/a"));
    BOOST_TEST(failure != "");
    BOOST_TEST(!has(failure, "secret"));
}

BOOST_AUTO_TEST_CASE(certificates_are_checked) {
    Place place;
    const TemporaryFolder keys;
    const Certificates certificates(keys.path());
    HttpServer server(
        [](const HttpServer::Request& request) {
            if (request.path == "/a.ota")
                return body(text_like());
            auto answer = status(302);
            answer.headers = {"Location: http://127.0.0.1:9/a.ota"};
            return answer;
        },
        &certificates);
    const auto entry = entry_at(server.url("/a.ota"));
    BOOST_TEST(has(place.failure_to_obtain(entry), "certificate"));
    ::setenv("SSL_CERT_FILE", certificates.authority.c_str(), 1);
    BOOST_TEST(place.failure_to_obtain(entry) == "");
    BOOST_TEST(has(place.failure_to_obtain(entry_at(server.url("/b"), {.version = 30})),
                   "a protocol that is not followed"));
    ::unsetenv("SSL_CERT_FILE");
}

BOOST_AUTO_TEST_CASE(a_data_folder_that_cannot_be_written_is_said) {
    Place place;
    place.data.write("ota", "a file in the way");
    BOOST_TEST(has(place.failure_to_obtain(entry_at("x")), "/ota/cache' cannot be made"));
}

BOOST_AUTO_TEST_SUITE_END()
