#include "app/memory.hpp"

#include <sstream>

#include <boost/test/unit_test.hpp>

namespace waggle::app {

BOOST_AUTO_TEST_CASE(code_of_files_is_found_and_nothing_else) {
    std::istringstream maps(
        "55d0c2a00000-55d0c2a80000 r--p 00000000 fd:01 100 /usr/bin/waggle\n"
        "55d0c2a80000-55d0c2c90000 r-xp 00080000 fd:01 100 /usr/bin/waggle\n"
        "55d0c2d00000-55d0c2d10000 r--p 00300000 fd:01 100 /usr/bin/waggle\n"
        "55d0c3000000-55d0c3400000 rw-p 00000000 00:00 0 [heap]\n"
        "7f0000000000-7f0000020000 rwxp 00000000 fd:01 7 /tmp/writable.so\n"
        "7f0000030000-7f0000040000 r-xp 00000000 00:00 0 \n"
        "7fff0000a000-7fff0000c000 r-xp 00000000 00:00 0 [vdso]\n"
        "7f1000000000-7f1000100000 r-xp 00001000 fd:01 9 /opt/with a blank/xiaomi.so (deleted)\n"
        "no range at all\n"
        "7f20-7f10 r-xp 0 fd:01 9 /turned/round\n"
        "7f20\n"
        "\n");
    const auto ranges = code_ranges(maps);
    BOOST_REQUIRE(ranges.size() == 2u);
    BOOST_TEST((ranges[0] == AddressRange{0x55d0c2a80000, 0x55d0c2c90000}));
    BOOST_TEST((ranges[1] == AddressRange{0x7f1000000000, 0x7f1000100000}));
}

BOOST_AUTO_TEST_CASE(the_process_goes_on_after_giving_back) {
    give_back_memory();
    give_back_memory();
    std::ostringstream out;
    out << 42;
    BOOST_TEST(out.str() == "42");
}

}  // namespace waggle::app
