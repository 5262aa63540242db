#include <filesystem>
#include <fstream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "support/process.hpp"
#include "support/temporary_folder.hpp"
#include "unit/plugin/rig.hpp"

/// Sources of definitions, through the plugin that makes them of clusters: what comes out compiles as it
/// stands, and is the definition that the device has without it.
namespace waggle {

using namespace test;

namespace {

constexpr ClusterId power = 0x0001, identify = 0x0003, on_off = 0x0006, level = 0x0008,
                    binary_input = 0x000F, analog_input = 0x000C, analog_output = 0x000D,
                    binary_output = 0x0010, door_lock = 0x0101, cover = 0x0102, thermostat = 0x0201,
                    fan = 0x0202, thermostat_ui = 0x0204, color = 0x0300, ballast = 0x0301,
                    illuminance = 0x0400, temperature = 0x0402, pressure = 0x0403, flow = 0x0404,
                    humidity = 0x0405, occupancy = 0x0406, soil_moisture = 0x0408, co2 = 0x040D,
                    pm25 = 0x042A, ias_zone = 0x0500, ias_warning = 0x0502, metering = 0x0702,
                    electrical = 0x0B04, device_temperature = 0x0002;

struct SourceRig : Rig {
    SourceRig() {
        device.endpoints.clear();
        device.manufacturer_name = "Some \"body\"?";
    }
    Endpoint& endpoint(EndpointId id, std::vector<ClusterId> inputs,
                       std::vector<ClusterId> outputs = {}) {
        auto& made = device.endpoints[id];
        made.id = id;
        made.profile = profile_home_automation;
        made.inputs = std::move(inputs);
        made.outputs = std::move(outputs);
        return made;
    }
    /// What clients see of the definition, without who made it.
    std::string shown() {
        auto json = host->definition_json(device, "");
        json.erase("source");
        return boost::json::serialize(json);
    }
    /// The plugin made of the source.
    std::filesystem::path compiled(const std::string& source) {
        const auto file = folder.path() / "device.cpp", plugin = folder.path() / "device.so";
        std::ofstream(file) << source;
        Process compiler(
            {CXX_COMPILER, "-std=c++20", "-O0", "-fPIC", "-shared", "-fvisibility=hidden", "-Wall",
             "-Wextra", "-Wpedantic", "-Werror", "-I" SDK_INCLUDE, file, "-o", plugin},
            folder.path() / "compiler.log");
        const auto result = compiler.wait(std::chrono::minutes(3));
        BOOST_REQUIRE_MESSAGE(result == 0, compiler.output() << "\n" << source);
        return plugin;
    }
    void becomes_itself(const std::string& model) {
        start_with({STANDARD_PLUGIN});
        BOOST_REQUIRE(bind(model));
        const auto before = shown();
        const auto source = host->source_for(device);
        BOOST_REQUIRE(!source.empty());
        const auto plugin = compiled(source);
        start_with({plugin});
        const auto* bound = bind(model);
        BOOST_REQUIRE_MESSAGE(bound, logged);
        BOOST_TEST(!bound->definition().is_generated());
        BOOST_TEST(shown() == before);
    }
    TemporaryFolder folder;
};

void know(Endpoint& endpoint, ClusterId cluster, std::uint16_t attribute, zcl::Value value) {
    endpoint.remember(cluster, attribute, std::move(value), 0);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(source, SourceRig)

BOOST_AUTO_TEST_CASE(a_device_of_one_endpoint_with_many_clusters) {
    auto& one = endpoint(1, {power,         device_temperature,
                             identify,      on_off,
                             level,         color,
                             door_lock,     cover,
                             thermostat,    fan,
                             thermostat_ui, ballast,
                             illuminance,   temperature,
                             pressure,      flow,
                             humidity,      occupancy,
                             soil_moisture, co2,
                             pm25,          ias_zone,
                             ias_warning,   electrical,
                             binary_input,  analog_input},
                         {on_off, level, color, cover});
    know(one, color, 0x400A, zcl::make_unsigned(zcl::DataType::bitmap16, 0x1F));
    know(one, color, 0x400B, zcl::make_unsigned(zcl::DataType::uint16, 153));
    know(one, color, 0x400C, zcl::make_unsigned(zcl::DataType::uint16, 454));
    know(one, door_lock, 0x0012, zcl::make_unsigned(zcl::DataType::uint16, 20));
    know(one, electrical, 0x0000, zcl::make_unsigned(zcl::DataType::bitmap32, 0x40));
    know(one, thermostat, 0x001B, zcl::make_unsigned(zcl::DataType::enum8, 4));
    know(one, analog_input, 0x001C, zcl::make_text("Water \"level\"\\?\?/ \xC3\xA9"));
    know(one, analog_input, 0x0075, zcl::make_unsigned(zcl::DataType::enum16, 62));
    becomes_itself("Model: \"1\" \xC3\xA9");
}

BOOST_AUTO_TEST_CASE(a_device_of_several_endpoints) {
    endpoint(1, {on_off, metering, identify}, {on_off});
    auto& two = endpoint(2, {on_off, level, temperature, thermostat, analog_output, binary_output},
                         {on_off});
    auto& three = endpoint(3, {fan, thermostat_ui, occupancy, analog_output});
    know(two, analog_output, 0x0041, {zcl::DataType::single_float, 99.5});
    know(two, analog_output, 0x0045, {zcl::DataType::single_float, -0.25});
    know(three, analog_output, 0x006A, {zcl::DataType::single_float, 0.5});
    endpoint(242, {}, {0x0021});
    becomes_itself("SIM-SEVERAL");
}

BOOST_AUTO_TEST_CASE(what_nobody_can_make_anything_of_has_no_source) {
    start_with({STANDARD_PLUGIN});
    BOOST_TEST(host->source_for(device).empty());
    start_with({XIAOMI_PLUGIN});
    endpoint(1, {on_off});
    device.model_id = "SIM";
    BOOST_TEST(host->source_for(device).empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(actions, Rig)

BOOST_AUTO_TEST_CASE(names_are_known_while_the_plugin_is_not_loaded) {
    start_with({PHILIPS_PLUGIN, XIAOMI_PLUGIN});
    BOOST_TEST(host->actions() == std::vector<std::string>{"philips_hue_factory_reset"},
               boost::test_tools::per_element());
    BOOST_TEST((host->plugins().front().state == plugin::PluginInfo::State::indexed));
}

BOOST_AUTO_TEST_CASE(a_hue_reset_is_what_zigbee_herdsman_converters_sends) {
    start_with({PHILIPS_PLUGIN});
    boost::json::object parameters{{"serial_numbers", {"0A1B2C", "ffffff"}}};
    std::string problem;
    auto made =
        host->make_action("philips_hue_factory_reset", parameters, 0x1122334455667788, problem);
    BOOST_REQUIRE_MESSAGE(made, problem);
    BOOST_TEST(made->cluster == 0x1000);
    BOOST_TEST(made->manufacturer == 0x100B);
    BOOST_TEST(int{made->command} == 0);
    BOOST_TEST(to_hex(made->payload) == "8877665544332211022c1b0a00ffffff00");
    parameters["extended_pan_id"] = "0x0011223344556677";
    made = host->make_action("philips_hue_factory_reset", parameters, 1, problem);
    BOOST_REQUIRE(made);
    BOOST_TEST(to_hex(made->payload).starts_with("7766554433221100"));
}

BOOST_AUTO_TEST_CASE(wrong_parameters_are_said) {
    start_with({PHILIPS_PLUGIN});
    const boost::json::array lists[] = {
        {}, {"12345"}, {"xyzxyz"}, {1}, boost::json::array(11, "0A1B2C")};
    for (const auto& serials : lists) {
        std::string problem;
        const auto made = host->make_action("philips_hue_factory_reset",
                                            {{"serial_numbers", serials}}, 1, problem);
        BOOST_TEST(!made);
        BOOST_TEST(problem.find("serial_numbers") != std::string::npos, problem);
    }
    std::string problem;
    BOOST_TEST(!host->make_action("philips_hue_factory_reset",
                                  {{"serial_numbers", {"0A1B2C"}}, {"extended_pan_id", "1234"}}, 1,
                                  problem));
    BOOST_TEST(problem.find("extended_pan_id") != std::string::npos, problem);
    BOOST_TEST(!host->make_action("dance", {}, 1, problem));
    BOOST_TEST(problem == "Invalid action");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
