#include <boost/test/unit_test.hpp>

#include "coordinator_fixture.hpp"

using namespace waggle;
using namespace waggle::test;

namespace {

bool mentions(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

constexpr std::uint16_t ping = 0x2101, version = 0x2102, nv_write = 0x211D, reset_req = 0x4100,
                        stack_tune = 0x210F, af_register = 0x2400, active_endpoints = 0x2505,
                        startup_from_app = 0x2540, find_group = 0x254A, add_group = 0x254B,
                        nwk_info = 0x2550, device_info = 0x2700, led_control = 0x270A,
                        commissioning = 0x2F05, set_channel = 0x2F08;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(startup, CoordinatorFixture)

BOOST_AUTO_TEST_CASE(a_running_network_is_resumed_without_writing_anything) {
    ncp.form(wanted.pan_id, extended_pan_id, 11, key);
    ncp.state = 9;
    ncp.endpoints = {1, 2, 3, 4, 5, 6, 8, 10, 11, 110, 12, 13, 47, 239, 242};
    ncp.in_group = true;
    const auto result = start();
    BOOST_REQUIRE_MESSAGE(result, problem);
    BOOST_TEST((*result == StartResult::resumed));
    BOOST_TEST(ncp.count(nv_write) == 0u);
    BOOST_TEST(ncp.count(startup_from_app) == 0u);
    BOOST_TEST(ncp.count(af_register) == 0u);
    BOOST_TEST(ncp.count(add_group) == 0u);
    BOOST_TEST(ncp.count(reset_req) == 0u);
    BOOST_TEST((coordinator->ieee() == Ieee(0x00124B0011223344)));
    BOOST_TEST(coordinator->network().pan_id == 0x1A62);
    BOOST_TEST(coordinator->network().extended_pan_id == extended_pan_id);
    BOOST_TEST(coordinator->network().channel == 11);
    BOOST_TEST(coordinator->network().update_id == 3);
}

BOOST_AUTO_TEST_CASE(the_version_is_shown_as_zigbee2mqtt_shows_it) {
    bring_up();
    const auto& shown = coordinator->version();
    BOOST_TEST(shown.type == "ZStack3x0");
    BOOST_REQUIRE(shown.meta.size() == 6u);
    BOOST_TEST(shown.meta[0].first == "transportrev");
    BOOST_TEST(shown.meta[1].first == "product");
    BOOST_TEST(shown.meta[1].second == 1);
    BOOST_TEST(shown.meta[5].first == "revision");
    BOOST_TEST(shown.meta[5].second == 20210708);
}

BOOST_AUTO_TEST_CASE(a_stopped_network_is_started_and_the_endpoints_registered) {
    ncp.form(wanted.pan_id, extended_pan_id, 11, key);
    const auto result = start();
    BOOST_REQUIRE_MESSAGE(result, problem);
    BOOST_TEST((*result == StartResult::resumed));
    BOOST_TEST(ncp.last(startup_from_app) == "6400");  // 100 ms
    BOOST_TEST(ncp.count(af_register) == 15u);
    BOOST_TEST(ncp.last(af_register) == "f2e0a1050000000000");
    BOOST_TEST(ncp.last(find_group) == "f2840b");
    BOOST_TEST(ncp.last(add_group) == "f2840b00");
}

BOOST_AUTO_TEST_CASE(an_endpoint_with_clusters_is_registered_with_them) {
    bring_up();
    ncp.endpoints = {1, 2, 3, 4, 5, 6, 8, 10, 110, 12, 13, 47, 239, 242};
    BOOST_REQUIRE(start());
    BOOST_TEST(ncp.last(af_register) == "0b0401000400000201050a000200050205");
}

BOOST_AUTO_TEST_CASE(an_empty_adapter_forms_the_configured_network) {
    const auto result = start();
    BOOST_REQUIRE_MESSAGE(result, problem);
    BOOST_TEST((*result == StartResult::reset));
    BOOST_TEST(to_hex(ncp.nv[0x83]) == "621a");
    BOOST_TEST(to_hex(ncp.nv[0x84]) == "00080000");
    BOOST_TEST(to_hex(ncp.nv[0x2D]) == "8877665544332211");
    BOOST_TEST(to_hex(ncp.nv[0x47]) == "8877665544332211");
    BOOST_TEST(to_hex(ncp.nv[0x62]) == "01030507090b0d0f00020406080a0c0d");
    BOOST_TEST(to_hex(ncp.nv[0x63]) == "00");
    BOOST_TEST(to_hex(ncp.nv[0x87]) == "00");
    BOOST_TEST(to_hex(ncp.nv[0x8F]) == "01");
    BOOST_TEST(to_hex(ncp.nv[0x03]) == "00");
    BOOST_TEST(to_hex(ncp.nv[0x60]) == "55");
    BOOST_TEST(ncp.count(reset_req) == 1u);
    BOOST_TEST(ncp.count(set_channel) == 2u);
    BOOST_TEST(ncp.last(commissioning) == "04");
    BOOST_TEST(coordinator->network().pan_id == 0x1A62);
}

BOOST_AUTO_TEST_CASE(forming_on_30x_uses_packed_structures_and_the_same_commands) {
    ncp.product = 2;
    ncp.nv[0x82].resize(21);
    const auto result = start();
    BOOST_REQUIRE_MESSAGE(result, problem);
    BOOST_TEST((*result == StartResult::reset));
    BOOST_TEST(coordinator->version().type == "ZStack30x");
    BOOST_TEST(ncp.count(commissioning) == 1u);
    BOOST_TEST(coordinator->network().channel == 11);
}

BOOST_AUTO_TEST_CASE(z_stack_12_forms_by_its_simple_api_and_says_restored_the_first_time) {
    ncp.product = 0;
    ncp.nv[0x82].resize(21);
    const auto result = start();
    BOOST_REQUIRE_MESSAGE(result, problem);
    BOOST_TEST((*result == StartResult::restored));
    BOOST_TEST(coordinator->version().type == "ZStack12");
    BOOST_TEST(ncp.last(0x2605) == "621001030507090b0d0f00020406080a0c0d");
    BOOST_TEST(
        to_hex(ncp.nv[0x0101]).starts_with("ffffffffffffffff5a6967426565416c6c69616e63653039"));
    BOOST_TEST(ncp.count(commissioning) == 0u);
    BOOST_TEST(to_hex(ncp.nv[0x0F00]) == "55");
    BOOST_TEST((*start() == StartResult::resumed));
    wanted.pan_id = 0x1234;
    BOOST_TEST((*start() == StartResult::reset));
}

BOOST_AUTO_TEST_CASE(a_pan_id_in_use_nearby_is_an_error_that_says_so) {
    ncp.pan_id_taken = 0x1A63;
    const auto result = start();
    BOOST_TEST((result.error() == Errc::already_exists));
    BOOST_TEST(mentions(problem, "pan_id 6754 is in use"));
    BOOST_TEST(!ncp.nv.contains(0x60));  // so that the next start tries again
}

BOOST_AUTO_TEST_CASE(a_formation_that_never_ends_is_an_error_that_says_why) {
    ncp.on(commissioning,
           [](const Bytes&) { return std::vector<Bytes>{mt_frame(0x6F05, Bytes(1, 0))}; });
    const auto result = start();
    BOOST_TEST((result.error() == Errc::timed_out));
    BOOST_TEST(mentions(problem, "another network with pan_id 6754"));
}

BOOST_AUTO_TEST_CASE(a_mismatch_is_refused_with_the_field_and_nothing_is_written) {
    ncp.form(wanted.pan_id, extended_pan_id, 11, key);
    backup = matching_backup();
    wanted.pan_id = 0x1234;
    const auto result = start();
    BOOST_TEST((result.error() == Errc::mismatch));
    BOOST_TEST(mentions(problem, "pan_id is 4660"));
    BOOST_TEST(ncp.count(nv_write) == 0u);
    BOOST_TEST(ncp.count(reset_req) == 0u);
    BOOST_TEST(!ncp.link->is_open());
}

BOOST_AUTO_TEST_CASE(an_extended_pan_id_of_eight_dd_forms_with_the_adapters_address) {
    wanted.extended_pan_id.fill(0xDD);
    const auto result = start();
    BOOST_REQUIRE_MESSAGE(result, problem);
    BOOST_TEST(to_hex(ncp.nv[0x2D]) == "44332211004b1200");
    BOOST_TEST((*start() == StartResult::resumed));
}

BOOST_AUTO_TEST_CASE(a_boot_loader_is_left_by_its_magic_octet) {
    ncp.form(wanted.pan_id, extended_pan_id, 11, key);
    ncp.ignore(ping);
    ncp.link->on_written = [this, inner = ncp.link->on_written](ByteView bytes) {
        if (bytes.size() == 1 && bytes[0] == 0xEF)
            ncp.again(ping);
        inner(bytes);
    };
    BOOST_TEST(start().has_value(), problem);
}

BOOST_AUTO_TEST_CASE(a_boot_loader_is_left_by_the_control_lines) {
    ncp.form(wanted.pan_id, extended_pan_id, 11, key);
    ncp.link->lines = true;
    int pings = 0;
    ncp.on(ping, [&](const Bytes&) {
        return ++pings < 3 ? std::vector<Bytes>()
                           : std::vector<Bytes>{mt_frame(0x6101, hex("79 07"))};
    });
    BOOST_TEST(start().has_value(), problem);
    const std::vector<std::pair<bool, bool>> toggled{{false, false}, {false, true}, {false, false}};
    BOOST_TEST((ncp.link->line_levels == toggled));
}

BOOST_AUTO_TEST_CASE(silence_ends_in_a_sentence) {
    ncp.ignore(ping);
    const auto result = start();
    BOOST_TEST((result.error() == Errc::timed_out));
    BOOST_TEST(mentions(problem, "script"));
    BOOST_TEST(mentions(problem, "serial.port"));
    BOOST_TEST(!ncp.link->is_open());
}

BOOST_AUTO_TEST_CASE(a_port_that_does_not_open_ends_in_its_sentence) {
    ncp.link->opening = Errc::unavailable;
    ncp.link->opening_problem = "Cannot open script: it is only a script";
    BOOST_TEST((start().error() == Errc::unavailable));
    BOOST_TEST(problem == "Cannot open script: it is only a script");
}

BOOST_AUTO_TEST_CASE(firmware_without_a_version_command_is_12) {
    ncp.product = 0;
    ncp.nv[0x82].resize(21);
    ncp.form(wanted.pan_id, extended_pan_id, 11, key);
    ncp.ignore(version);
    BOOST_REQUIRE_MESSAGE(start(), problem);
    BOOST_TEST(coordinator->version().type == "ZStack12");
}

BOOST_AUTO_TEST_CASE(a_request_that_fails_at_any_point_ends_the_start_with_a_sentence) {
    // Every command of a formation in turn is refused, left unanswered, and interrupted.
    const std::uint16_t commands[] = {version,       0x2107,      0x2112,    0x2113,
                                      0x211C,        nv_write,    reset_req, set_channel,
                                      commissioning, device_info, nwk_info,  active_endpoints,
                                      af_register,   find_group,  add_group};
    for (const auto command : commands) {
        for (const bool refused : {true, false}) {
            if (command == version || command == nwk_info || command == reset_req) {
                if (refused)
                    continue;  // their replies have no status, or there is none
            }
            CoordinatorFixture fresh;
            if (command == 0x2112)
                fresh.ncp.nv[0x21] = Bytes(116, 0);
            fresh.ncp.on(command, [&, command, refused](const Bytes&) {
                const auto reply = static_cast<std::uint16_t>(command | 0x4000);
                return refused ? std::vector<Bytes>{mt_frame(reply, Bytes{2, 0, 0})}
                               : std::vector<Bytes>();
            });
            const auto result = fresh.start();
            if (command == version)
                continue;  // taken for 1.2
            BOOST_TEST(!result.has_value(), "command " << std::hex << command << refused);
            BOOST_TEST(!fresh.problem.empty(), "command " << std::hex << command << refused);
            BOOST_TEST(!fresh.ncp.link->is_open());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_link_that_breaks_at_any_request_ends_the_start) {
    for (std::size_t broken = 0; broken < 120; broken += 7) {
        CoordinatorFixture fresh;
        std::size_t written = 0;
        fresh.ncp.link->on_written = [&, inner = fresh.ncp.link->on_written](ByteView bytes) {
            if (written++ == broken)
                fresh.ncp.link->drop("cable cut");
            else
                inner(bytes);
        };
        const auto result = fresh.start();
        if (written <= broken)
            break;
        BOOST_TEST((result.error() == Errc::closed), broken);
        BOOST_TEST(!fresh.problem.empty());
        BOOST_TEST(fresh.listener.lost.empty());  // start() said it
    }
}

BOOST_AUTO_TEST_CASE(stop_during_the_start_ends_it) {
    ncp.ignore(device_info);
    ncp.form(wanted.pan_id, extended_pan_id, 11, key);
    std::optional<Result<StartResult>> result;
    make();
    loop.start(coordinator->start(wanted, backup, problem), result);
    loop.until([&] { return ncp.count(device_info) == 1; });
    loop.run(coordinator->stop());
    BOOST_REQUIRE(result);
    BOOST_TEST((result->error() == Errc::closed));
}

BOOST_AUTO_TEST_CASE(an_unexpected_reset_during_the_start_ends_it) {
    ncp.form(wanted.pan_id, extended_pan_id, 11, key);
    ncp.on(device_info, [](const Bytes&) {
        return std::vector<Bytes>{mt_frame(0x4180, hex("02 02 01 02 07 01"))};
    });
    BOOST_TEST((start().error() == Errc::closed));
    BOOST_TEST(!problem.empty());
}

BOOST_AUTO_TEST_CASE(a_reset_while_the_adapter_boots_does_no_harm) {
    ncp.form(wanted.pan_id, extended_pan_id, 11, key);
    ncp.on(ping, [](const Bytes&) {
        return std::vector<Bytes>{mt_frame(0x4180, hex("00 02 01 02 07 01")),
                                  mt_frame(0x6101, hex("79 07"))};
    });
    BOOST_TEST(start().has_value(), problem);
}

BOOST_AUTO_TEST_CASE(led_and_transmit_power_are_set_as_the_firmware_wants_it) {
    options.disable_led = true;
    options.transmit_power = -5;
    bring_up();
    loop.run(coordinator->stop());
    BOOST_REQUIRE(start());
    BOOST_TEST(ncp.last(stack_tune) == "00fb");
    BOOST_TEST(ncp.last(led_control) == "0300");
    ncp.revision = 20220219;
    BOOST_REQUIRE(start());
    BOOST_TEST(ncp.last(led_control) == "ff05");
    ncp.revision = 20200101;
    ncp.asked.clear();
    BOOST_REQUIRE(start());
    BOOST_TEST(ncp.count(led_control) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
