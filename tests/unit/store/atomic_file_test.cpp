#include "store/atomic_file.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include "support/temporary_folder.hpp"

using namespace waggle::store;
using waggle::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(const fs::path& path) {
    struct stat status {};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777u;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(atomic_file)

BOOST_AUTO_TEST_CASE(a_missing_file_is_nothing_and_a_folder_is_a_failure_with_its_path) {
    const TemporaryFolder folder;
    const auto missing = read_file(folder / "none");
    BOOST_REQUIRE(missing.has_value());
    BOOST_TEST(!missing->has_value());
    const auto wrong = read_file(folder.path());
    BOOST_REQUIRE(wrong.has_error());
    BOOST_TEST(wrong.error().message ==
               "cannot read " + folder.path().string() + ": Is a directory");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back_and_nothing_else_is_left) {
    const TemporaryFolder folder;
    const std::string content(300'000, 'x');
    BOOST_REQUIRE(write_file(folder / "file", content).has_value());
    BOOST_REQUIRE(write_file(folder / "file", content + "y").has_value());
    BOOST_TEST(**read_file(folder / "file") == content + "y");
    BOOST_TEST(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

BOOST_AUTO_TEST_CASE(the_mode_is_kept_and_a_secret_is_the_owners_alone) {
    const TemporaryFolder folder;
    BOOST_REQUIRE(write_file(folder / "file", "1").has_value());
    BOOST_TEST(mode_of(folder / "file") == 0644u);
    ::chmod((folder / "file").c_str(), 0640);
    BOOST_REQUIRE(write_file(folder / "file", "2").has_value());
    BOOST_TEST(mode_of(folder / "file") == 0640u);
    BOOST_REQUIRE(write_file(folder / "file", "3", WriteOptions{.secret = true}).has_value());
    BOOST_TEST(mode_of(folder / "file") == 0600u);
}

BOOST_AUTO_TEST_CASE(one_previous_generation_is_kept_where_asked) {
    const TemporaryFolder folder;
    for (const auto* text : {"1", "2", "3"})
        BOOST_REQUIRE(
            write_file(folder / "file", text, WriteOptions{.keep_previous = true}).has_value());
    BOOST_TEST(folder.read("file") == "3");
    BOOST_TEST(folder.read("file.previous") == "2");
}

BOOST_AUTO_TEST_CASE(the_previous_generation_of_a_secret_is_one_too) {
    const TemporaryFolder folder;
    folder.write("file", "1");
    fs::permissions(folder / "file", fs::perms(0644));
    BOOST_REQUIRE(
        write_file(folder / "file", "2", WriteOptions{.secret = true, .keep_previous = true})
            .has_value());
    BOOST_TEST(mode_of(folder / "file.previous") == 0600u);
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_keeps_pointing_where_it_points) {
    const TemporaryFolder folder;
    folder.write("real/file", "1");
    fs::create_symlink("real/file", folder / "link");
    BOOST_REQUIRE(write_file(folder / "link", "2").has_value());
    BOOST_TEST(fs::is_symlink(folder / "link"));
    BOOST_TEST(folder.read("real/file") == "2");
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_a_failure_with_path_and_reason) {
    const TemporaryFolder folder;
    const auto written = write_file(folder / "none/file", "1");
    BOOST_REQUIRE(written.has_error());
    BOOST_TEST(written.error().message ==
               "cannot write " + (folder / "none/file").string() + ": No such file or directory");
}

BOOST_AUTO_TEST_CASE(damaged_files_are_kept_beside_each_other_and_the_same_only_once) {
    const TemporaryFolder folder;
    folder.write("state.json", "{1");
    BOOST_TEST(keep_damaged(folder / "state.json")->filename() == "state.json.corrupt");
    BOOST_TEST(keep_damaged(folder / "state.json")->filename() == "state.json.corrupt");
    folder.write("state.json", "{2");
    BOOST_TEST(keep_damaged(folder / "state.json")->filename() == "state.json.corrupt.1");
    BOOST_TEST(folder.read("state.json.corrupt") == "{1");
    BOOST_TEST(folder.read("state.json.corrupt.1") == "{2");
}

BOOST_AUTO_TEST_SUITE_END()
