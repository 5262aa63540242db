#include "zigbee/clusters.hpp"

#include <algorithm>
#include <set>

#include <boost/test/unit_test.hpp>

namespace waggle::zcl {

BOOST_AUTO_TEST_SUITE(clusters_)

BOOST_AUTO_TEST_CASE(each_cluster_is_found_by_its_id_and_by_its_name) {
    BOOST_TEST(clusters().size() == 129u);
    for (const auto& cluster : clusters()) {
        BOOST_TEST(find_cluster(cluster.id, cluster.manufacturer) == &cluster, cluster.name);
        BOOST_TEST(find_cluster(cluster.name) == &cluster, cluster.name);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_found) {
    BOOST_TEST(find_cluster(0xFFEE) == nullptr);
    BOOST_TEST(find_cluster("genOnOf") == nullptr);
    BOOST_TEST(find_cluster("") == nullptr);
    BOOST_TEST(find_cluster("zzz") == nullptr);
    const auto* on_off = find_cluster("genOnOff");
    BOOST_TEST(on_off->attribute(0xF000) == nullptr);
    BOOST_TEST(on_off->attribute("nothing") == nullptr);
    BOOST_TEST(on_off->command(0x77) == nullptr);
    BOOST_TEST(on_off->response(0x00) == nullptr);
}

BOOST_AUTO_TEST_CASE(names_ids_and_types_are_zigbee2mqtt_s) {
    const auto* on_off = find_cluster(0x0006);
    BOOST_TEST_REQUIRE(on_off);
    BOOST_TEST(on_off->name == "genOnOff");
    BOOST_TEST(on_off->attribute(0x0000)->name == "onOff");
    BOOST_TEST((on_off->attribute("onOff")->type == DataType::boolean));
    BOOST_TEST(on_off->command("onWithTimedOff")->id == 0x42);
    BOOST_TEST(on_off->command("onWithTimedOff")->parameters.size() == 3u);
    BOOST_TEST(find_cluster("lightingColorCtrl")->id == 0x0300);
    BOOST_TEST(find_cluster("genGroups")->command("view")->response.value_or(0xFF) == 0x01);
    BOOST_TEST(find_cluster("genGroups")->response(0x01)->name == "viewRsp");
}

BOOST_AUTO_TEST_CASE(a_manufacturer_code_that_no_table_has_leaves_the_standard_s_own) {
    const auto* basic = find_cluster(0x0000, 0x115F);
    BOOST_TEST_REQUIRE(basic);
    BOOST_TEST(basic->name == "genBasic");
    BOOST_TEST(basic->attribute(0x0005, 0x115F)->name == "modelId");
    BOOST_TEST(find_cluster(0xFC57)->manufacturer == 0x1217);  // the only one with this id
}

BOOST_AUTO_TEST_CASE(of_several_attributes_with_one_id_the_last_counts_as_in_zigbee2mqtt) {
    const auto* metering = find_cluster("seMetering");
    const auto same = std::ranges::count(metering->attributes, 786, &AttributeDefinition::id);
    BOOST_TEST(same > 1);
    const auto named = metering->attribute(std::uint16_t{786})->name;
    BOOST_TEST(named == std::ranges::find(metering->attributes.rbegin(),
                                          metering->attributes.rend(), 786,
                                          &AttributeDefinition::id)
                            ->name);
}

BOOST_AUTO_TEST_CASE(of_several_commands_with_one_id_the_first_counts_as_in_zigbee2mqtt) {
    BOOST_TEST(find_cluster("greenPower")->command(0x04)->name == "commissioningNotification");
    BOOST_TEST(find_cluster("haApplianceControl")->response(0x00)->name == "signalStateRsp");
}

BOOST_AUTO_TEST_CASE(tables_are_sorted_and_names_unique) {
    for (const auto& cluster : clusters()) {
        BOOST_TEST(std::ranges::is_sorted(cluster.attributes, {}, &AttributeDefinition::id));
        BOOST_TEST(std::ranges::is_sorted(cluster.commands, {}, &CommandDefinition::id));
        BOOST_TEST(std::ranges::is_sorted(cluster.command_responses, {}, &CommandDefinition::id));
        std::set<std::string_view> names;
        for (const auto& attribute : cluster.attributes)
            BOOST_TEST(names.insert(attribute.name).second, cluster.name << ' ' << attribute.name);
    }
}

BOOST_AUTO_TEST_CASE(a_device_s_own_clusters_come_first) {
    static constexpr AttributeDefinition attributes[] = {{0x0000, DataType::uint8, 0x115F, "mode"},
                                                         {0x0000, DataType::uint8, 0, "plain"}};
    static constexpr ClusterDefinition own[] = {
        {0xFCC0, 0x115F, "manuSpecificLumi", attributes, {}, {}},
        {0x0006, 0, "genOnOff", attributes, {}, {}}};
    BOOST_TEST(find_cluster(0xFCC0, 0, own) == &own[0]);
    BOOST_TEST(find_cluster(0xFCC0, 0x115F, own) == &own[0]);
    BOOST_TEST(find_cluster(0x0006, 0, own) == &own[1]);
    BOOST_TEST(find_cluster(0x0008, 0, own) == find_cluster("genLevelCtrl"));
    BOOST_TEST(own[0].attribute(0x0000, 0x115F)->name == "mode");
    BOOST_TEST(own[0].attribute(std::uint16_t{0x0000})->name == "plain");
    BOOST_TEST(own[0].attribute(0x0000, 0x1234)->name == "plain");
}

BOOST_AUTO_TEST_CASE(of_several_clusters_with_one_id_the_manufacturer_code_decides) {
    static constexpr ClusterDefinition own[] = {{0xFC00, 0x1001, "first", {}, {}, {}},
                                                {0xFC00, 0x1002, "second", {}, {}, {}},
                                                {0xFC00, 0, "plain", {}, {}, {}}};
    BOOST_TEST(find_cluster(0xFC00, 0x1002, own)->name == "second");
    BOOST_TEST(find_cluster(0xFC00, 0x9999, own)->name == "plain");
    BOOST_TEST(find_cluster(0xFC00, 0, own)->name == "plain");
    BOOST_TEST(find_cluster(0xFC00, 0x9999, std::span(own).first(2))->name == "first");
}

BOOST_AUTO_TEST_CASE(a_non_value_is_absent_unless_the_attribute_gives_it_a_meaning) {
    const auto* temperature = find_cluster("msTemperatureMeasurement")->attribute("measuredValue");
    BOOST_TEST(temperature->is_absent(make_signed(DataType::int16, -0x8000)));
    BOOST_TEST(!temperature->is_absent(make_signed(DataType::int16, 2150)));
    // 0xFF is "set to the previous value" here, and the maximum there.
    const auto* start_up = find_cluster("genOnOff")->attribute("startUpOnOff");
    BOOST_TEST(!start_up->is_absent(make_unsigned(DataType::enum8, 0xFF)));
    const auto* version = find_cluster("genBasic")->attribute("appVersion");
    BOOST_TEST(!version->is_absent(make_unsigned(DataType::uint8, 0xFF)));
    // The table's type decides, not the one the device stated.
    BOOST_TEST(!temperature->is_absent(make_signed(DataType::int8, -0x80)));
}

BOOST_AUTO_TEST_CASE(values_outside_the_limits_are_told) {
    const auto* lowest = find_cluster("msTemperatureMeasurement")->attribute("minMeasuredValue");
    BOOST_TEST(lowest->is_in_range(make_signed(DataType::int16, -27315)));
    BOOST_TEST(!lowest->is_in_range(make_signed(DataType::int16, -27316)));
    const auto* model = find_cluster("genBasic")->attribute("modelId");
    BOOST_TEST(model->is_in_range(make_text(std::string(32, 'x'))));
    BOOST_TEST(!model->is_in_range(make_text(std::string(33, 'x'))));
    const auto* on_off = find_cluster("genOnOff")->attribute("onOff");
    BOOST_TEST(on_off->is_in_range(make_unsigned(DataType::boolean, 2)));  // no limits stated
}

BOOST_AUTO_TEST_CASE(attributes_know_whether_they_may_be_written) {
    const auto* basic = find_cluster("genBasic");
    BOOST_TEST(basic->attribute("locationDesc")->writable);
    BOOST_TEST(!basic->attribute("modelId")->writable);
    BOOST_TEST(basic->attribute("modelId")->readable);
    BOOST_TEST(find_cluster("genOnOff")->attribute("onOff")->reportable);
}

BOOST_AUTO_TEST_CASE(a_name_for_every_number) {
    BOOST_TEST(cluster_name(0x0006) == "genOnOff");
    BOOST_TEST(cluster_name(0x0006, 0x115F) == "genOnOff");
    BOOST_TEST(cluster_name(0xFFEE) == "65518");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle::zcl
