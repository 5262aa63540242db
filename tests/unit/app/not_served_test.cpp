#include "app/not_served.hpp"

#include <filesystem>

#include <boost/test/unit_test.hpp>

#include "support/temporary_folder.hpp"

using namespace waggle;
using app::not_served;

BOOST_AUTO_TEST_SUITE(not_served_)

BOOST_AUTO_TEST_CASE(a_plain_configuration_asks_for_nothing_more) {
    const test::TemporaryFolder folder;
    BOOST_TEST(not_served({}, folder.path()).empty());
}

BOOST_AUTO_TEST_CASE(each_thing_asked_for_is_one_sentence_that_names_its_key) {
    const test::TemporaryFolder folder;
    std::filesystem::create_directory(folder.path() / "external_converters");
    folder.write("external_converters/lamp.mjs", "export default {};");
    store::Settings settings;
    settings.frontend.enabled = true;
    settings.advanced.adapter_delay = 5;
    const auto sentences = not_served(settings, folder.path());
    BOOST_REQUIRE(sentences.size() == 3u);
    BOOST_TEST(sentences[0].starts_with("frontend.enabled: "));
    BOOST_TEST(sentences[1].starts_with("advanced.adapter_delay: "));
    BOOST_TEST(sentences[2].find("external_converters: JavaScript is not run") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
