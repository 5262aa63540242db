// What devices answer on endpoint 0: bindings and their table [Zigbee R22 2.4.3.2, 2.4.3.3].
#include <boost/test/unit_test.hpp>

#include "virtual_device.hpp"

namespace waggle::sim {
namespace {

constexpr auto coordinator = "F1A6D214004B1200";
constexpr auto remote = "040033FEFF570B00";

struct Remote : VirtualDevice {
    Remote() : VirtualDevice("ikea/e1743") {}

    std::string answer_to(std::uint16_t cluster, const std::string& request) {
        const auto answer = zdp::answer(device, cluster, octets(request));
        return answer ? to_hex(*answer) : "nothing";
    }
    /// genOnOff of endpoint 1 to this endpoint of the coordinator.
    std::string bind(std::uint8_t endpoint) {
        return answer_to(zdp::cluster::bind, to_coordinator(endpoint));
    }
    std::string to_coordinator(std::uint8_t endpoint) {
        return std::string(remote) + "01" + "0600" + "03" + coordinator + to_hex(Bytes{endpoint});
    }
};

BOOST_FIXTURE_TEST_SUITE(zdp_server, Remote)

BOOST_AUTO_TEST_CASE(a_binding_is_kept_once_and_taken_back) {
    BOOST_TEST(bind(1) == "00");
    BOOST_TEST(bind(1) == "00");
    BOOST_TEST(device.bindings().size() == 1U);
    BOOST_TEST(answer_to(zdp::cluster::unbind, to_coordinator(1)) == "00");
    BOOST_TEST(answer_to(zdp::cluster::unbind, to_coordinator(1)) == "88");  // NO_ENTRY
}

BOOST_AUTO_TEST_CASE(what_cannot_be_bound_is_refused) {
    BOOST_TEST(answer_to(zdp::cluster::bind, std::string(remote) + "090600" + "03" + coordinator +
                                                 "01") == "82");  // it has no endpoint 9
    BOOST_TEST(answer_to(zdp::cluster::bind, std::string(coordinator) + "010600" + "03" +
                                                 coordinator + "01") == "80");  // of another device
    BOOST_TEST(answer_to(zdp::cluster::bind, std::string(remote) + "010600" + "07" + coordinator +
                                                 "01") == "80");  // to no kind of address
    BOOST_TEST(answer_to(zdp::cluster::bind, std::string(remote) + "0106") == "80");
    BOOST_TEST(device.bindings().empty());
}

BOOST_AUTO_TEST_CASE(a_table_ends) {
    for (std::uint8_t endpoint = 1; endpoint <= 40; ++endpoint)
        BOOST_TEST(bind(endpoint) == "00");
    BOOST_TEST(bind(41) == "8c");  // TABLE_FULL
    BOOST_TEST(bind(40) == "00");
}

BOOST_AUTO_TEST_CASE(the_table_is_read_page_by_page) {
    for (std::uint8_t endpoint = 1; endpoint <= 4; ++endpoint)
        bind(endpoint);
    const auto first = answer_to(zdp::cluster::binding_table, "00");
    BOOST_TEST(first.substr(0, 8) == "00040003");
    const auto second = answer_to(zdp::cluster::binding_table, "03");
    BOOST_TEST(second == "00040301040033feff570b0001060003f1a6d214004b120004");
    BOOST_TEST(answer_to(zdp::cluster::binding_table, "09") == "00040900");
}

BOOST_AUTO_TEST_CASE(bindings_are_cleared_by_address_or_all_at_once) {
    const auto light = std::string("0100BB22004B1200");
    const auto to_light = std::string(remote) + "01" + "0800" + "03" + light + "01";
    bind(1);
    BOOST_TEST(answer_to(zdp::cluster::bind, to_light) == "00");
    BOOST_TEST(answer_to(zdp::cluster::clear_all_bindings, "000801" + light) == "00");
    BOOST_TEST(device.bindings().size() == 1U);
    BOOST_TEST(answer_to(zdp::cluster::clear_all_bindings, "000801FFFFFFFFFFFFFFFF") == "00");
    BOOST_TEST(device.bindings().empty());
    for (const auto* damaged : {"", "00", "0008", "000801FFFFFFFFFFFFFF", "010801FFFFFFFFFFFFFFFF"})
        BOOST_TEST(answer_to(zdp::cluster::clear_all_bindings, damaged) == "80", damaged);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace waggle::sim
