#include "store/zip_archive.hpp"

#include <fstream>
#include <map>
#include <zip.h>

#include <boost/test/unit_test.hpp>

#include "support/temporary_folder.hpp"

namespace waggle::store {
namespace {

namespace fs = std::filesystem;

void put(const fs::path& path, std::string_view content) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

/// What another reader of archives finds in it.
std::map<std::string, std::string> unpacked(const std::string& bytes) {
    zip_error_t error;
    zip_error_init(&error);
    auto* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    BOOST_REQUIRE(source);
    auto* archive = zip_open_from_source(source, ZIP_CHECKCONS, &error);
    BOOST_REQUIRE_MESSAGE(archive, zip_error_strerror(&error));
    std::map<std::string, std::string> files;
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
        zip_stat_t status;
        zip_stat_init(&status);
        BOOST_REQUIRE(zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &status) == 0);
        std::string content(status.size, '\0');
        auto* file = zip_fopen_index(archive, static_cast<zip_uint64_t>(i), 0);
        BOOST_REQUIRE(file);
        BOOST_TEST(zip_fread(file, content.data(), content.size()) ==
                   static_cast<zip_int64_t>(content.size()));
        zip_fclose(file);
        files[status.name] = content;
    }
    zip_discard(archive);
    return files;
}

struct Folder {
    Folder() {
        put(folder.path() / "configuration.yaml", "version: 5\n");
        put(folder.path() / "database.db", std::string(200'000, 'x'));
        put(folder.path() / "empty", "");
        put(folder.path() / ".waggle.lock", "1");
        put(folder.path() / "deeper" / "database.db.previous", "1");
        put(folder.path() / "device_icons" / "a.png", std::string("\x89PNG\0\0", 6));
        put(folder.path() / "log" / "2026" / "log.log", "secret");
        put(folder.path() / "ota" / "image.ota", "image");
        put(folder.path() / "deeper" / "log" / "kept", "1");
        fs::create_symlink("/etc/hostname", folder.path() / "link");
    }
    PackOptions options() const {
        PackOptions result;
        result.without = {"log", "ota", ".waggle.lock"};
        result.without_suffix = ".previous";
        return result;
    }
    test::TemporaryFolder folder;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(zip_archive, Folder)

BOOST_AUTO_TEST_CASE(every_file_is_in_it_but_for_logs_images_and_links) {
    const auto packed = pack_folder(folder.path(), options());
    BOOST_REQUIRE(packed);
    const auto files = unpacked(*packed);
    std::string names;
    for (const auto& [name, content] : files)
        names += name + " ";
    BOOST_TEST(names == "configuration.yaml database.db deeper/log/kept device_icons/a.png empty ");
    BOOST_TEST(files.at("configuration.yaml") == "version: 5\n");
    BOOST_TEST(files.at("database.db") == std::string(200'000, 'x'));
    BOOST_TEST(files.at("device_icons/a.png") == std::string("\x89PNG\0\0", 6));
    BOOST_TEST(packed->size() < 5000u);  // it is compressed
}

BOOST_AUTO_TEST_CASE(more_than_the_bound_is_refused) {
    auto small = options();
    small.largest = 100'000;
    const auto packed = pack_folder(folder.path(), small);
    BOOST_REQUIRE(!packed);
    BOOST_TEST(packed.error().message.find("too large") != std::string::npos);
    small = options();
    small.most_files = 2;
    BOOST_TEST(!pack_folder(folder.path(), small));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_said) {
    const auto packed = pack_folder(folder.path() / "nowhere", options());
    BOOST_REQUIRE(!packed);
    BOOST_TEST(packed.error().message.find("nowhere") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_ends_early_when_it_is_told_to) {
    std::stop_source source;
    source.request_stop();
    BOOST_TEST(!pack_folder(folder.path(), options(), source.get_token()));
}

BOOST_AUTO_TEST_CASE(base64_is_that_of_the_rfc) {
    // RFC 4648, section 10
    BOOST_TEST(base64("") == "");
    BOOST_TEST(base64("f") == "Zg==");
    BOOST_TEST(base64("fo") == "Zm8=");
    BOOST_TEST(base64("foo") == "Zm9v");
    BOOST_TEST(base64("foobar") == "Zm9vYmFy");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle::store
