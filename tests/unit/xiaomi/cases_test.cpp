#include "plugin/cases.hpp"

#include <fstream>
#include <sstream>

#include <boost/test/unit_test.hpp>

/// The plugin's own case files, through the plugin as it is built.
namespace waggle {
namespace {

std::string read(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_case_of_qbkg04lm_passes) {
    std::string problem;
    const auto results =
        plugin::run_cases(XIAOMI_PLUGIN, read(XIAOMI_CASES "/qbkg04lm.json"), problem);
    BOOST_REQUIRE_MESSAGE(results, problem);
    BOOST_TEST(results->size() >= 18u);
    for (const auto& result : *results)
        BOOST_TEST(result.passed(), result.name << ": " << result.problem);
}

}  // namespace waggle
