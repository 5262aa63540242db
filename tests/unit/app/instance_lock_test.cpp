#include "app/instance_lock.hpp"

#include <filesystem>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

using waggle::Errc;
using waggle::app::InstanceLock;

namespace {

struct Folder {
    Folder() {
        std::string pattern = std::filesystem::temp_directory_path() / "waggle-lock-XXXXXX";
        path = mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string path;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(instance_lock, Folder)

BOOST_AUTO_TEST_CASE(the_second_is_refused_with_the_first_ones_process_and_folder) {
    InstanceLock first, second;
    std::string problem;
    BOOST_REQUIRE(first.take(path, problem).has_value());
    const auto refused = second.take(path, problem);
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error() == Errc::busy));
    BOOST_TEST(problem.find(path) != std::string::npos);
    BOOST_TEST(problem.find(std::to_string(getpid())) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_is_free_again_when_the_holder_ends) {
    std::string problem;
    {
        InstanceLock first;
        BOOST_REQUIRE(first.take(path, problem).has_value());
    }
    InstanceLock second;
    BOOST_TEST(second.take(path, problem).has_value());
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_named) {
    InstanceLock lock;
    std::string problem;
    const auto refused = lock.take(path + "/missing", problem);
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error() == Errc::io_error));
    BOOST_TEST(problem.find("missing") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
