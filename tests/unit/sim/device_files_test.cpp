// Every file in tools/sim/devices, and what the default set is.
#include <filesystem>

#include <behaviour/behaviour.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "virtual_device.hpp"

namespace waggle::sim {
namespace {

namespace fs = std::filesystem;

Texts names_in(const std::string& folder) {
    Texts names;
    for (const auto& entry : fs::directory_iterator(fs::path(SIM_DEVICES) / folder))
        if (entry.path().extension() == ".json")
            names.push_back((folder.empty() ? "" : folder + "/") + entry.path().stem().string());
    std::ranges::sort(names);
    return names;
}

Texts all_names() {
    Texts names;
    for (const char* folder : {"", "standard", "ikea", "xiaomi"})
        std::ranges::copy(names_in(folder), std::back_inserter(names));
    return names;
}

// What fleets and bursts are made of unless they are told otherwise: benchmarks compare with it.
BOOST_AUTO_TEST_CASE(the_default_set_is_what_it_was) {
    EXPECT(names_in(""), "light", "plug", "qbkg04lm", "sensor");
}

BOOST_AUTO_TEST_CASE(names_and_addresses_are_unique) {
    std::set<std::string> names;
    std::set<std::uint64_t> addresses;
    for (const std::string& name : all_names()) {
        const Description file = load_description(std::string(SIM_DEVICES) + "/" + name + ".json");
        BOOST_TEST(names.insert(file.name).second, name);
        BOOST_TEST(addresses.insert(file.ieee).second, name);
        BOOST_TEST(fs::path(name).filename().string() == file.name);
    }
}

BOOST_DATA_TEST_CASE(it_has_what_it_says, boost::unit_test::data::make(all_names()), name) {
    const Description file = load_description(std::string(SIM_DEVICES) + "/" + name + ".json");
    for (const EndpointDescription& endpoint : file.endpoints)
        for (const std::string& behaviour : endpoint.behaviours) {
            BOOST_TEST_REQUIRE(find_behaviour(behaviour) != nullptr, behaviour);
            const std::uint16_t cluster = find_behaviour(behaviour)->cluster();
            BOOST_TEST(std::ranges::count(endpoint.in, cluster) == 1, behaviour);
        }
    for (const AttributeDescription& attribute : file.attributes) {
        const auto endpoint =
            std::ranges::find(file.endpoints, attribute.key.endpoint, &EndpointDescription::id);
        BOOST_TEST_REQUIRE((endpoint != file.endpoints.end()));
        BOOST_TEST(std::ranges::count(endpoint->in, attribute.key.cluster) == 1, attribute.name);
    }
}

/// Frames of a gesture: whole headers, records that end where the frame ends.
void check_frame(const ApsFrame& sent) {
    const auto frame = zcl::parse(sent.data);
    BOOST_TEST_REQUIRE(frame.has_value());
    if (!frame->is_global() || frame->command != zcl::command::report)
        return;
    Reader in(frame->payload);
    while (in.left() > 0) {
        in.u16();
        const std::uint8_t type = in.u8();
        if (type == 0x4C) {  // Lumi's structure, whose elements follow their number
            const auto size = zcl::value_size(type, in.rest());
            BOOST_TEST_REQUIRE(size.has_value());
        }
        const auto size = zcl::value_size(type, in.rest());
        BOOST_TEST_REQUIRE(size.has_value());
        in.take(*size);
    }
    BOOST_TEST(!in.failed());
}

BOOST_DATA_TEST_CASE(its_gestures_send_what_can_be_read, boost::unit_test::data::make(all_names()),
                     name) {
    VirtualDevice virtual_device(name);
    for (const auto& endpoint : virtual_device.device.description().endpoints)
        for (const std::uint16_t cluster : {std::uint16_t{0x0006}, std::uint16_t{0x0101}})
            virtual_device.bind(cluster, endpoint.id);
    for (const auto& [gesture, steps] : virtual_device.device.description().gestures) {
        play(virtual_device.device, steps);
        virtual_device.pass(2, 50);
        for (const ApsFrame& frame : virtual_device.air.sent)
            check_frame(frame);
        virtual_device.air.sent.clear();
    }
}

// As zigbee2mqtt 2.14 binds it: genOnOff to group 901 when the firmware is that old.
BOOST_AUTO_TEST_CASE(a_remote_sends_all_its_commands_where_on_off_is_bound) {
    VirtualDevice remote("ikea/e1810");
    BOOST_TEST(remote.press("up").empty());
    zdp::Binding binding;
    binding.endpoint = 1;
    binding.cluster = 6;
    binding.mode = zdp::Binding::to_group;
    binding.target = 901;
    remote.device.bindings().push_back(binding);
    play(remote.device, remote.device.description().gestures.at("up"));
    BOOST_TEST_REQUIRE(remote.air.sent.size() == 1U);
    BOOST_TEST((remote.air.sent[0].delivery == Delivery::group));
    BOOST_TEST(remote.air.sent[0].destination == 901);
    EXPECT(remote.air.take(), "1 0x0008 010206002b0500");
}

BOOST_AUTO_TEST_CASE(a_switch_of_two_rockers_minds_its_modes) {
    VirtualDevice wall("xiaomi/qbkg12lm");
    EXPECT(wall.press("click_left"), "5 0x0012 18010a5500210100",
           "1 0x0006 18020a0000100100f023001fff03");
    EXPECT(wall.press("click_right"), "6 0x0012 18030a5500210100",
           "2 0x0006 18040a0000100100f023001fff03");
    EXPECT(wall.ask(0, "14 5F 11 08 02 23 FF 20 FE"), "1 0x0000 1c5f11080400");  // decoupled
    EXPECT(wall.press("click_right"), "6 0x0012 18050a5500210100");
    BOOST_TEST(wall.value(6, 0, 2) == 1);
}

}  // namespace
}  // namespace waggle::sim
