// closuresDoorLock [ZCL8 7.3]: what it does, what it keeps, what it tells.
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include "virtual_device.hpp"

namespace waggle::sim {
namespace {

constexpr std::uint16_t door = 0x0101;

struct Lock : VirtualDevice {
    Lock() : VirtualDevice("standard/lock") {}
    double state() { return value(door, 0); }
    /// User 3, enabled, unrestricted, 1234.
    Texts set_code() { return ask(door, "01 08 05 03 00 01 00 04 31 32 33 34"); }
};

BOOST_FIXTURE_TEST_SUITE(lock, Lock)

BOOST_AUTO_TEST_CASE(it_locks_unlocks_and_toggles) {
    EXPECT(ask(door, "01 08 01"), "1 0x0101 19080100");
    BOOST_TEST(state() == 2);
    EXPECT(ask(door, "01 09 00 00"), "1 0x0101 19090000");
    BOOST_TEST(state() == 1);
    EXPECT(ask(door, "01 0A 02"), "1 0x0101 190a0200");
    BOOST_TEST(state() == 2);
}

BOOST_AUTO_TEST_CASE(it_tells_what_is_bound_after_the_answer) {
    bind(door);
    ask(door, "01 08 01");
    pass(0.1);
    EXPECT(air.take(), "1 0x0101 1901200102ffff00ffffffff00");
}

BOOST_AUTO_TEST_CASE(unlocked_for_a_while_it_locks_again) {
    EXPECT(ask(door, "01 08 03 05 00 00"), "1 0x0101 19080300");
    pass(4);
    BOOST_TEST(state() == 2);
    pass(2);
    BOOST_TEST(state() == 1);
    set(door, 0x23, 3);  // auto relock
    ask(door, "01 09 01");
    pass(4);
    BOOST_TEST(state() == 1);
}

BOOST_AUTO_TEST_CASE(codes_are_kept_with_status_and_type) {
    EXPECT(set_code(), "1 0x0101 19080500");
    EXPECT(ask(door, "01 09 06 03 00"), "1 0x0101 190906030001000431323334");
    EXPECT(ask(door, "01 0A 0A 03 00"), "1 0x0101 190a0a030001");
    EXPECT(ask(door, "01 0B 09 03 00 03"), "1 0x0101 190b0900");
    EXPECT(ask(door, "01 0C 0A 03 00"), "1 0x0101 190c0a030003");
    EXPECT(ask(door, "01 0D 14 03 00 02"), "1 0x0101 190d1400");
    EXPECT(ask(door, "01 0E 15 03 00"), "1 0x0101 190e15030002");
    EXPECT(ask(door, "01 0F 07 03 00"), "1 0x0101 190f0700");
    EXPECT(ask(door, "01 10 06 03 00"), "1 0x0101 191006030000ff00");
}

BOOST_AUTO_TEST_CASE(clear_all_clears_all) {
    set_code();
    ask(door, "01 09 05 04 00 01 00 04 35 36 37 38");
    EXPECT(ask(door, "01 0A 08"), "1 0x0101 190a0800");
    EXPECT(ask(door, "01 0B 06 03 00"), "1 0x0101 190b06030000ff00");
    EXPECT(ask(door, "01 0C 06 04 00"), "1 0x0101 190c06040000ff00");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_kept_is_refused) {
    set_code();
    EXPECT(ask(door, "01 09 05 04 00 01 00 04 31 32 33 34"), "1 0x0101 19090503");  // duplicate
    EXPECT(ask(door, "01 0A 05 14 00 01 00 04 35 35 35 35"), "1 0x0101 190a0502");  // user 20
    EXPECT(ask(door, "01 0B 05 04 00 01 00 03 35 35 35"), "1 0x0101 190b0501");     // too short
    EXPECT(ask(door, "01 0C 05 04 00 01 00 04 35 35"), "1 0x0101 180c0b0580");      // cut short
    EXPECT(ask(door, "01 0D 09 09 00 03"), "1 0x0101 190d0901");                    // nobody
}

BOOST_AUTO_TEST_CASE(a_wrong_code_does_not_open) {
    set_code();
    EXPECT(ask(door, "01 09 01 04 39 39 39 39"), "1 0x0101 19090101");
    BOOST_TEST(state() == 1);
    set(door, 0x33, 1);  // a code is needed
    EXPECT(ask(door, "01 0A 01"), "1 0x0101 190a0101");
    EXPECT(ask(door, "01 0B 01 04 31 32 33 34"), "1 0x0101 190b0100");
    BOOST_TEST(state() == 2);
    ask(door, "01 0C 09 03 00 03");  // disabled
    EXPECT(ask(door, "01 0D 00 04 31 32 33 34"), "1 0x0101 190d0001");
}

BOOST_AUTO_TEST_CASE(programming_is_told) {
    bind(door);
    set_code();
    pass(0.1);
    EXPECT(air.take(), "1 0x0101 1901210102030004313233340001ffffffff00");
    ask(door, "01 09 07 03 00");
    pass(0.1);
    EXPECT(air.take(),
           "1 0x0101 190221010303000"
           "0ff00ffffffff00");
}

BOOST_AUTO_TEST_CASE(codes_survive_a_restart) {
    set_code();
    const boost::json::object saved = device.save();
    Lock again;
    again.device.load(saved);
    EXPECT(again.ask(door, "01 09 06 03 00"), "1 0x0101 190906030001000431323334");
}

BOOST_AUTO_TEST_CASE(a_hand_at_the_door_is_told) {
    bind(door);
    EXPECT(press("unlock_by_hand"), "1 0x0101 190120020effff00ffffffff00");
    BOOST_TEST(state() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle::sim
