#include "plugin/manifest.hpp"

#include <fstream>
#include <iterator>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "support/hex.hpp"
#include "unit/plugin/rig.hpp"

namespace waggle {

using test::bad_plugin;
using test::hex;

namespace {

Bytes content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), {});
}

std::string problem_with(std::string_view plugin) {
    std::string problem;
    const auto manifest = plugin::read_manifest(bad_plugin(plugin), problem);
    BOOST_TEST(!manifest, plugin << " was taken");
    return problem;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_manifest_of_a_plugin_in_c_is_read) {
    std::string problem;
    const auto manifest = plugin::read_manifest(bad_plugin("example"), problem);
    BOOST_REQUIRE_MESSAGE(manifest, problem);
    BOOST_TEST(manifest->id == "org.example.c");
    BOOST_TEST(manifest->name == "Example in C");
    BOOST_TEST(manifest->version == "1.0.0");
    BOOST_TEST(manifest->licence == "Apache-2.0");
    BOOST_TEST(manifest->abi_major == WG_ABI_MAJOR);
    BOOST_TEST(manifest->requires_minor == WG_ABI_MINOR);
    BOOST_TEST(!manifest->has_models);
}

BOOST_AUTO_TEST_CASE(the_manifest_of_a_plugin_in_cpp_escapes_what_json_must) {
    std::string problem;
    const auto manifest = plugin::read_manifest(std::filesystem::path(PROBE_PLUGIN), problem);
    BOOST_REQUIRE_MESSAGE(manifest, problem);
    BOOST_TEST(manifest->id == "org.example.probe");
    BOOST_TEST(manifest->version == "1.2.3");
    BOOST_TEST(manifest->homepage == "https://example.org/\"quoted\"");
}

BOOST_AUTO_TEST_CASE(each_bad_file_is_refused_with_a_sentence_that_says_why_and_what_to_do) {
    const auto offers = fmt::format("{}.{}", WG_ABI_MAJOR, WG_ABI_MINOR);
    const std::vector<std::pair<std::string_view, std::vector<std::string_view>>> expected{
        {"text", {"is not a shared module", "put a compiled plugin here"}},
        {"empty", {"is empty", "copy it again"}},
        {"cut", {"damaged or cut off", "copy it again"}},
        {"other_machine", {"built for S/390", "install the plugin's build for"}},
        {"other_width", {"is a 32-bit module", "install the plugin's build for"}},
        {"other_order", {"big-endian", "install the plugin's build for"}},
        {"no_manifest", {"is no Waggle plugin", "build it with the Waggle SDK"}},
        {"garbage_manifest", {"manifest that cannot be read", "build it again"}},
        {"other_major", {"needs plugin interface 9.0", offers, "install"}},
        {"newer_minor", {"needs plugin interface 0.99", offers, "install a newer Waggle"}},
    };
    for (const auto& [plugin, parts] : expected) {
        const auto problem = problem_with(plugin);
        for (const auto part : parts)
            BOOST_TEST(problem.find(part) != problem.npos, plugin << ": " << problem);
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_an_error) {
    std::string problem;
    BOOST_TEST((plugin::read_manifest(bad_plugin("nowhere"), problem).error() == Errc::io_error));
    BOOST_TEST(problem.find("cannot be read") != problem.npos);
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused_or_read_and_none_reads_past_the_end) {
    const auto whole = content_of(bad_plugin("example"));
    BOOST_REQUIRE(whole.size() > 1000u);
    std::size_t taken = 0;
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
        std::string problem;
        taken += plugin::read_manifest(ByteView(cut), problem).has_value();
    }
    BOOST_TEST(taken == 0u);  // the section table is the file's end
}

BOOST_AUTO_TEST_CASE(damaged_header_bytes_never_read_past_the_end) {
    auto file = content_of(bad_plugin("example"));
    for (std::size_t at = 0; at < 64; ++at)
        for (const auto value : hex("00 01 7F 80 FF")) {
            auto damaged = file;
            damaged[at] = value;
            std::string problem;
            (void)plugin::read_manifest(ByteView(damaged), problem);
        }
    const auto table = file.size() - 64 * 10;  // the last section headers
    for (std::size_t at = table; at < file.size(); ++at) {
        auto damaged = file;
        damaged[at] = 0xFF;
        std::string problem;
        (void)plugin::read_manifest(ByteView(damaged), problem);
    }
}

}  // namespace waggle
