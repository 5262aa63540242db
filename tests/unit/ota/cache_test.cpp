#include "ota/cache.hpp"

#include <chrono>
#include <csignal>
#include <fstream>

#include <boost/test/unit_test.hpp>
#include <sys/resource.h>

#include "support/temporary_folder.hpp"
#include "unit/ota/images.hpp"

namespace fs = std::filesystem;
using namespace waggle;
using namespace waggle::ota;
using waggle::test::TemporaryFolder;

namespace {

/// SHA-512 of "abc" [FIPS 180-4, example].
const std::string sha512_of_abc =
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

Cache open(const TemporaryFolder& folder, std::uint64_t bound = Cache::usual_bound) {
    auto cache = Cache::open(folder / "ota/cache", bound);
    BOOST_REQUIRE(cache);
    return std::move(*cache);
}

fs::path keep(const Cache& cache, std::string_view content) {
    auto download = cache.begin_image();
    BOOST_REQUIRE(download);
    BOOST_REQUIRE(download->write(as_bytes(content)));
    const auto path = cache.keep_image(std::move(*download));
    BOOST_REQUIRE(path);
    return *path;
}

void keep_index(const Cache& cache, const std::string& url, std::string_view content) {
    auto download = cache.begin_index();
    BOOST_REQUIRE(download);
    BOOST_REQUIRE(download->write(as_bytes(content)));
    IndexMeta meta;
    meta.url = url;
    meta.etag = "\"1\"";
    BOOST_REQUIRE(cache.keep_index(std::move(*download), meta));
}

void age(const fs::path& path, std::chrono::hours by) {
    fs::last_write_time(path, fs::file_time_type::clock::now() - by);
}

std::size_t files_in(const fs::path& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cache)

BOOST_AUTO_TEST_CASE(an_image_is_named_by_its_hash) {
    const TemporaryFolder folder;
    const auto cache = open(folder);
    const auto path = keep(cache, "abc");
    BOOST_TEST(path.filename() == sha512_of_abc + ".ota");
    BOOST_TEST(cache.image(sha512_of_abc).value() == path);
    BOOST_TEST(files_in(cache.folder()) == 1u);
}

BOOST_AUTO_TEST_CASE(one_that_was_changed_is_not_used_and_goes) {
    const TemporaryFolder folder;
    const auto cache = open(folder);
    const auto path = keep(cache, "abc");
    std::ofstream(path, std::ios::app) << "d";
    BOOST_TEST(!cache.image(sha512_of_abc).has_value());
    BOOST_TEST(!fs::exists(path));
}

BOOST_AUTO_TEST_CASE(what_is_no_hash_is_no_name) {
    const TemporaryFolder folder;
    const auto cache = open(folder);
    folder.write("ota/secret.ota", "x");
    BOOST_TEST(!cache.image("../secret").has_value());
    BOOST_TEST(!cache.image("").has_value());
    BOOST_TEST(folder.has("ota/secret.ota"));
}

BOOST_AUTO_TEST_CASE(the_oldest_leave_when_there_is_too_much) {
    const TemporaryFolder folder;
    const auto cache = open(folder, 10);
    const auto first = keep(cache, "aaaa");
    age(first, std::chrono::hours(2));
    const auto second = keep(cache, "bbbb");
    age(second, std::chrono::hours(1));
    const auto third = keep(cache, "cccc");
    BOOST_TEST(!fs::exists(first));
    BOOST_TEST(fs::exists(second));
    BOOST_TEST(fs::exists(third));
}

BOOST_AUTO_TEST_CASE(one_that_is_used_is_not_old) {
    const TemporaryFolder folder;
    const auto cache = open(folder, 10);
    const auto first = keep(cache, "aaaa");
    age(first, std::chrono::hours(2));
    const auto second = keep(cache, "bbbb");
    age(second, std::chrono::hours(1));
    BOOST_TEST(cache.image(first.stem().string()).has_value());
    keep(cache, "cccc");
    BOOST_TEST(fs::exists(first));
    BOOST_TEST(!fs::exists(second));
}

BOOST_AUTO_TEST_CASE(the_newest_stays_though_it_is_too_much_by_itself) {
    const TemporaryFolder folder;
    const auto cache = open(folder, 2);
    BOOST_TEST(fs::exists(keep(cache, "abc")));
}

BOOST_AUTO_TEST_CASE(what_a_killed_process_left_goes) {
    const TemporaryFolder folder;
    open(folder);
    folder.write("ota/cache/image.part", "half");
    open(folder);
    BOOST_TEST(!folder.has("ota/cache/image.part"));
}

BOOST_AUTO_TEST_CASE(an_index_is_kept_with_what_its_server_said) {
    const TemporaryFolder folder;
    const auto cache = open(folder);
    keep_index(cache, "http://a/index.json", "[]");
    const auto found = cache.index("http://a/index.json");
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->meta.etag == "\"1\"");
    BOOST_TEST(as_text(found->file.bytes()) == "[]");
    BOOST_TEST(!cache.index("http://b/index.json").has_value());
}

BOOST_AUTO_TEST_CASE(an_index_that_was_changed_is_not_used) {
    const TemporaryFolder folder;
    const auto cache = open(folder);
    keep_index(cache, "http://a/index.json", "[]");
    for (const auto& entry : fs::directory_iterator(cache.folder()))
        if (entry.path().extension() == ".json")
            std::ofstream(entry.path()) << "[1]";
    BOOST_TEST(!cache.index("http://a/index.json").has_value());
}

BOOST_AUTO_TEST_CASE(a_download_has_a_bound_and_leaves_nothing_behind) {
    const TemporaryFolder folder;
    {
        auto download = Download::begin(folder / "x.part", 4);
        BOOST_REQUIRE(download);
        BOOST_TEST(download->write(as_bytes("abcd")));
        BOOST_TEST(!download->write(as_bytes("e")));
        BOOST_TEST(download->problem() == "it has more than 4 octets");
        BOOST_TEST(!download->write(as_bytes("")));
    }
    BOOST_TEST(!folder.has("x.part"));
}

BOOST_AUTO_TEST_CASE(a_disk_that_takes_no_more_is_said) {
    const TemporaryFolder folder;
    const auto path = folder / "x.part";
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit little = before;
    little.rlim_cur = 2;  // EFBIG, in the place of ENOSPC
    ::setrlimit(RLIMIT_FSIZE, &little);
    auto download = Download::begin(path, 10);
    const bool all = download && download->write(as_bytes("abc"));
    ::setrlimit(RLIMIT_FSIZE, &before);
    BOOST_REQUIRE(download);
    BOOST_TEST(!all);
    BOOST_TEST(download->problem() == "'" + path.string() + "' cannot be written: File too large");
}

BOOST_AUTO_TEST_CASE(a_link_in_the_cache_is_not_followed) {
    const TemporaryFolder folder;
    folder.write("precious", "abc");
    fs::create_symlink(folder / "precious", folder / "x.part");
    {
        auto download = Download::begin(folder / "x.part", 10);
        BOOST_REQUIRE(download);
        BOOST_TEST(download->write(as_bytes("d")));
    }
    BOOST_TEST(folder.read("precious") == "abc");
    BOOST_TEST(!folder.has("x.part"));
}

BOOST_AUTO_TEST_CASE(only_regular_files_are_read) {
    const TemporaryFolder folder;
    folder.write("empty", "");
    folder.write("some", "abc");
    BOOST_TEST(MappedFile::open(folder / "empty", 10)->bytes().empty());
    BOOST_TEST(as_text(MappedFile::open(folder / "some", 3)->bytes()) == "abc");
    BOOST_TEST(!MappedFile::open(folder / "some", 2));
    BOOST_TEST(!MappedFile::open("/dev/zero", 10));
    BOOST_TEST(!MappedFile::open(folder / "none", 10));
    const auto of_folder = MappedFile::open(folder.path(), 10);
    BOOST_REQUIRE(!of_folder);
    BOOST_TEST(of_folder.error().message.ends_with("it is a folder"));
}

BOOST_AUTO_TEST_SUITE_END()
