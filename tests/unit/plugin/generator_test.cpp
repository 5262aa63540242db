#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include "unit/plugin/rig.hpp"

/// Definitions for devices that no definition is for, through the plugin that makes them of clusters.
namespace waggle {

using namespace test;

namespace {

constexpr ClusterId on_off = 0x0006, level = 0x0008, color = 0x0300, temperature = 0x0402;
constexpr std::uint16_t color_capabilities = 0x400A;

struct GeneratorRig : Rig {
    GeneratorRig() {
        device.endpoints.clear();
        device.manufacturer_name = "Somebody";
        start_with({STANDARD_PLUGIN, XIAOMI_PLUGIN});
    }
    Endpoint& endpoint(EndpointId id, std::vector<ClusterId> inputs) {
        auto& made = device.endpoints[id];
        made.id = id;
        made.profile = profile_home_automation;
        made.inputs = std::move(inputs);
        return made;
    }
    /// Names of what it exposes; of a light its features, too.
    std::string exposes() {
        std::string result;
        const auto json = host->definition_json(device, "");
        for (const auto& expose : json.at("exposes").as_array()) {
            const auto& object = expose.as_object();
            result += std::string(object.contains("property") ? object.at("property").as_string()
                                                              : object.at("type").as_string());
            if (const auto* features = object.if_contains("features"))
                for (const auto& feature : features->as_array())
                    result += "." + std::string(feature.at("name").as_string());
            result += " ";
        }
        return result;
    }
    /// Lets whatever is asked of the device succeed, one after the other, and says what it was.
    std::string fulfil_all() {
        loop.settle();
        std::string story;
        for (std::size_t at = 0; at < radio.requests.size(); ++at) {
            const auto& request = radio.requests[at];
            if (request.kind == WG_REQUEST_BIND)
                story += fmt::format("bind {:04X}", request.cluster);
            for (const auto& reporting : request.reportings)
                story += fmt::format("report {:04X}", reporting.attribute);
            if (request.kind == WG_REQUEST_READ) {
                story += "read";
                for (const auto& record : *request.frame.records())
                    story += fmt::format(" {:04X}", record.id);
            }
            story += ", ";
            radio.waiting[at].fulfil({});
            loop.settle();
        }
        return story;
    }
    bool is_loaded(std::string_view id) {
        return std::any_of(host->plugins().begin(), host->plugins().end(), [&](const auto& info) {
            return info.manifest.id == id && info.state == plugin::PluginInfo::State::loaded;
        });
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_device_that_nobody_knows_gets_what_its_clusters_offer) {
    GeneratorRig rig;
    rig.endpoint(1, {0, temperature});
    const auto* bound = rig.bind("SIM-1");
    BOOST_REQUIRE(bound);
    BOOST_TEST(bound->definition().is_generated());
    const auto json = rig.host->definition_json(rig.device, "");
    BOOST_TEST(json.at("source").as_string() == "generated");
    BOOST_TEST(json.at("model").as_string() == "SIM-1");
    BOOST_TEST(json.at("vendor").as_string() == "Somebody");
    BOOST_TEST(json.at("description").as_string() == "Automatically generated definition");
    BOOST_TEST(rig.exposes() == "temperature linkquality ");
    BOOST_TEST(rig.receive(1, temperature, "18 01 0A 00 00 29 8F 08") ==
               R"({"temperature":2.191E1})");
}

BOOST_AUTO_TEST_CASE(a_device_of_a_plugin_is_that_plugins_and_the_generator_is_not_loaded) {
    GeneratorRig rig;
    rig.endpoint(1, {0, on_off});
    rig.endpoint(2, {on_off});
    const auto* bound = rig.bind("lumi.ctrl_neutral1");
    BOOST_REQUIRE(bound);
    BOOST_TEST(!bound->definition().is_generated());
    BOOST_TEST(!rig.is_loaded("org.waggle.standard"));
    BOOST_TEST(rig.is_loaded("org.waggle.xiaomi"));
}

BOOST_AUTO_TEST_CASE(what_decides_is_read_once_and_the_definition_follows) {
    GeneratorRig rig;
    rig.endpoint(1, {on_off, level, color});
    rig.bind("SIM-2");
    BOOST_TEST(rig.exposes().find("color_temp") != std::string::npos);  // everything, to be safe
    BOOST_TEST(rig.exposes().find(".color_xy") != std::string::npos);

    std::optional<bool> learnt;
    rig.loop.start(rig.host->learn(device_ieee), learnt);
    rig.loop.settle();
    BOOST_REQUIRE(rig.radio.requests.size() == 1u);
    BOOST_TEST(rig.radio.requests[0].cluster == color);
    rig.device.endpoints[1].remember(color, color_capabilities,
                                     zcl::make_unsigned(zcl::DataType::bitmap16, 16));
    BOOST_TEST(rig.fulfil_all() == "read 400A, read 400B, read 400C, ");
    BOOST_TEST(learnt.value_or(false));
    rig.bind("SIM-2");
    BOOST_TEST(rig.exposes().find("color_temp") != std::string::npos);
    BOOST_TEST(rig.exposes().find(".color_xy") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_device_is_prepared_part_by_part) {
    GeneratorRig rig;
    rig.endpoint(1, {on_off, color, temperature});
    BOOST_REQUIRE(rig.bind("SIM-5"));
    std::string problem;
    std::optional<Result<void>> done;
    rig.loop.start(rig.host->configure(device_ieee, problem), done);
    BOOST_TEST(rig.fulfil_all() ==
               "bind 0402, read 400A, read 400B 400C, report 0000, read 0000, ");
    BOOST_TEST(problem == "");
    BOOST_REQUIRE(done);
    BOOST_TEST(done->has_value());
}

BOOST_AUTO_TEST_CASE(equal_devices_share_a_definition_and_others_do_not) {
    GeneratorRig rig;
    rig.endpoint(1, {on_off});
    const auto* first = &rig.bind("SIM-6")->definition();
    BOOST_TEST(&rig.bind("SIM-6")->definition() == first);
    const auto other = rig.device.power_source;
    rig.device.power_source = "Battery";
    BOOST_TEST(&rig.bind("SIM-6")->definition() != first);
    rig.device.power_source = other;
    rig.endpoint(2, {on_off});
    BOOST_TEST(rig.bind("SIM-6")->definition().data().endpoints.count == 2u);
    BOOST_TEST(&rig.bind("SIM-7")->definition() != first);
}

BOOST_AUTO_TEST_CASE(several_endpoints_have_suffixes) {
    GeneratorRig rig;
    rig.endpoint(1, {on_off});
    rig.endpoint(2, {on_off});
    rig.endpoint(242, {});
    BOOST_REQUIRE(rig.bind("SIM-3"));
    BOOST_TEST(rig.receive(2, on_off, "18 01 0A 00 00 10 01") == R"({"state_2":"ON"})");
}

BOOST_AUTO_TEST_CASE(without_a_model_there_is_no_definition_and_nothing_is_asked_in_vain) {
    GeneratorRig rig;
    BOOST_TEST(!rig.host->bind(rig.device));
    rig.endpoint(1, {temperature});
    std::optional<bool> learnt;
    rig.device.model_id = "SIM-4";
    rig.loop.start(rig.host->learn(device_ieee), learnt);
    rig.loop.settle();
    BOOST_TEST(!learnt.value_or(true));
    BOOST_TEST(rig.radio.requests.empty());
    BOOST_TEST(rig.logged == "");
}

}  // namespace waggle
