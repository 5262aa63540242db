#include <boost/test/unit_test.hpp>

#include "unit/engine/rig.hpp"

// Frames expected on the radio are those of the reference for the QBKG04LM: a command to the relay
// is 01 tt cc, a read 10 tt 00 …, a manufacturer-specific write 14 5F11 tt 02 ….

using namespace std::chrono_literals;
using namespace waggle;
using test::Rig;

namespace {

std::string with_hall(std::string_view options) {
    return "devices:\n  '0x00158d0001020304':\n    friendly_name: hall\n" + std::string(options);
}

struct Started : Rig {
    Started() { start(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(outbound, Started)

BOOST_AUTO_TEST_CASE(a_set_sends_the_command_and_publishes_the_state_once) {
    BOOST_TEST(command("hall/set", R"({"state":"ON"})"));
    BOOST_TEST(sent() == "2/0006 01tt01");
    BOOST_TEST(published() == R"(hall {"linkquality":100,"state":"ON"})");
    BOOST_TEST(logged() == "");
}

BOOST_AUTO_TEST_CASE(every_form_of_topic_and_payload_means_the_same) {
    for (const auto& [topic, payload] : {std::pair("hall/set", "ON"),
                                         {"hall/set", "on"},
                                         {"hall/set/state", "ON"},
                                         {"hall/set/state", "\"ON\""},
                                         {"0x00158d0001020304/set", R"({"state":"on"})"}}) {
        BOOST_TEST(command(topic, payload));
        BOOST_TEST(sent() == "2/0006 01tt01", topic << " " << payload);
        BOOST_TEST(published() == R"(hall {"linkquality":100,"state":"ON"})");
    }
}

BOOST_AUTO_TEST_CASE(endpoints_are_addressed_by_topic_and_by_suffix) {
    for (const auto& [topic, payload] : {std::pair("hall/left/set", R"({"state":"ON"})"),
                                         {"hall/left/set/state", "ON"},
                                         {"hall/set", R"({"state_left":"ON"})"},
                                         {"hall/set/state_left", "ON"},
                                         {"hall/3/set", R"({"state":"ON"})"},
                                         {"hall/system/set", R"({"state_left":"ON"})"}}) {
        BOOST_TEST(command(topic, payload));
        BOOST_TEST(sent() == "3/0006 01tt01", topic << " " << payload);
        BOOST_TEST(published() == R"(hall {"linkquality":100,"state_left":"ON"})");
        engine->erase_state(hall_id());
    }
}

BOOST_AUTO_TEST_CASE(an_endpoint_by_number_without_a_name_is_the_suffix_itself) {
    command("hall/2/set", "ON");
    BOOST_TEST(sent() == "2/0006 01tt01");
    BOOST_TEST(published() == R"(hall {"linkquality":100,"state_2":"ON"})");
}

BOOST_AUTO_TEST_CASE(several_endpoints_of_one_message_are_published_together) {
    command("hall/set", R"({"state":"ON","state_left":"OFF"})");
    BOOST_TEST(sent() == "2/0006 01tt01|3/0006 01tt00");
    BOOST_TEST(published() == R"(hall {"linkquality":100,"state":"ON","state_left":"OFF"})");
}

BOOST_AUTO_TEST_CASE(a_converter_runs_once_an_endpoint) {
    command("hall/set", R"({"state":"ON","brightness":5})");
    // `brightness` comes first and is no state word: the one run of the converter fails.
    BOOST_TEST(sent() == "");
    BOOST_TEST(
        logged().find("Publish 'set' 'brightness' to 'hall' failed: 'Value is not allowed") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_get_reads_and_the_answer_comes_as_any_message) {
    BOOST_TEST(command("hall/get", R"({"state":""})"));
    BOOST_TEST(sent() == "2/0006 10tt000000");
    BOOST_TEST(published() == R"(hall {"linkquality":100,"state":"ON"})");
    command("hall/get/state", "");
    BOOST_TEST(sent() == "2/0006 10tt000000");
    command("hall/left/get/state", "");
    BOOST_TEST(sent() == "3/0006 10tt000000");
}

BOOST_AUTO_TEST_CASE(a_manufacturer_specific_write_is_acknowledged_before_its_state) {
    command("hall/system/set", R"({"mode":"decoupled"})");
    BOOST_TEST(sent() == "1/0000 145f11tt0222ff20fe");
    BOOST_TEST(published() == R"(hall {"linkquality":100,"mode_system":"decoupled"})");
}

BOOST_AUTO_TEST_CASE(a_refusal_publishes_nothing_and_is_logged) {
    radio.answer = [](const ApsRequest& request) {
        return Bytes{0x18, request.payload[1], 0x0B, request.payload[2], 0x86};
    };
    command("hall/set", "ON");
    BOOST_TEST(published() == "");
    const auto text = logged();
    BOOST_TEST(text.find("Publish 'set' 'state' to 'hall' failed: '") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_is_said_and_nothing_else_happens) {
    const auto said = [this](std::string_view topic, std::string_view payload,
                             std::string_view expected) {
        BOOST_TEST(command(topic, payload));
        const auto text = logged();
        BOOST_TEST(text.find(expected) != std::string::npos, topic << ": " << text);
        BOOST_TEST(sent() == "");
        BOOST_TEST(published() == "");
    };
    said("attic/set", "ON", "Entity 'attic' is unknown");
    said("attic/left/set", "ON", "Entity 'attic' is unknown");
    said("hall/right/set", "ON", "Device 'hall' has no endpoint 'right'");
    said("hall/9/set", "ON", "Device 'hall' has no endpoint '9'");
    said("coordinator/set", "ON", "Cannot publish to unsupported device 'Coordinator'");
    said("hall/set", "dim", "Invalid message 'dim'");
    said("hall/set", "", "Invalid message ''");
    said("hall/set", "\"ON\"", "Invalid message");
    said("hall/set", "{\"state\":", "Invalid message");
    said("hall/set", "\xff\xfe", "Invalid message");
    said("hall/set", R"({"colour":1})", "No converter available for 'colour' on 'hall': (1)");
    said("hall/get", R"({"mode":""})", "No converter available for 'get' 'mode'");
    said("hall/set", R"({"state":"dim"})",
         "Publish 'set' 'state' to 'hall' failed: 'Value is not allowed, expected one of on, off, "
         "toggle'");
    said("hall/set", R"({"state":{"a":[1,2]}})", "Publish 'set' 'state' to 'hall' failed");
}

BOOST_AUTO_TEST_CASE(a_key_that_fails_does_not_keep_the_others) {
    command("hall/set", R"({"nonsense":1,"state":"ON"})");
    BOOST_TEST(sent() == "2/0006 01tt01");
    BOOST_TEST(published() == R"(hall {"linkquality":100,"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(topics_that_are_no_commands_are_left_to_others) {
    for (const auto* topic : {"hall", "hall/state", "bridge/request/x", "hall/availability", ""})
        BOOST_TEST(!engine->handle_command(topic, "ON"), topic);
}

BOOST_AUTO_TEST_CASE(a_65th_command_under_way_is_refused) {
    radio.answer = nullptr;  // nothing ever answers
    for (int i = 0; i < 65; ++i)
        engine->handle_command("hall/set", "ON");
    BOOST_TEST(logged().find("'hall' has 64 commands under way") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_device_removed_while_it_is_commanded_is_let_go) {
    radio.answer = nullptr;
    engine->handle_command("hall/set", R"({"state":"ON","state_left":"ON"})");
    loop.settle();
    engine->removed(hall_id(), "hall");
    loop.pass(30s);
    BOOST_TEST(published() == "");
}

BOOST_AUTO_TEST_CASE(read_write_command_and_zclcommand_go_through_the_cluster_tables) {
    command("hall/1/set", R"({"read":{"cluster":"genBasic","attributes":["modelId",7],)"
                          R"("state_property":"basic"}})");
    BOOST_TEST(sent() == "1/0000 10tt0005000700");
    BOOST_TEST(published() ==
               R"(hall {"basic_system":{"modelId":1,"powerSource":1},"linkquality":100})");

    command("hall/set", R"({"write":{"cluster":"genOnOff","payload":{"16385":)"
                        R"({"value":300,"type":33},"offWaitTime":5}}})");
    BOOST_TEST(sent() ==
               "2/0006 10tt02014021"
               "2c010240210500");

    command("hall/1/set", R"({"write":{"cluster":0,"payload":{"0xff22":{"value":18,"type":32}},)"
                          R"("options":{"manufacturerCode":4447}}})");
    BOOST_TEST(sent() == "1/0000 145f11tt0222ff2012");

    command("hall/set", R"({"command":{"cluster":"genOnOff","command":"onWithTimedOff",)"
                        R"("payload":{"ctrlbits":0,"ontime":100,"offwaittime":0}}})");
    BOOST_TEST(sent() == "2/0006 01tt420064000000");

    command("hall/set", R"({"zclcommand":{"cluster":6,"command":2,)"
                        R"("options":{"disableDefaultResponse":true}}})");
    BOOST_TEST(sent() == "2/0006 11tt02");
    BOOST_TEST(published() == "");
    BOOST_TEST(logged() == "");
}

BOOST_AUTO_TEST_CASE(generic_keys_that_make_no_sense_are_refused_with_a_sentence) {
    const auto said = [this](std::string_view payload, std::string_view expected) {
        command("hall/set", payload);
        const auto text = logged();
        BOOST_TEST(text.find(expected) != std::string::npos, payload << ": " << text);
        BOOST_TEST(sent() == "");
    };
    said(R"({"read":5})", "read is not an object");
    said(R"({"read":{"attributes":[1]}})", "'cluster' is missing");
    said(R"({"read":{"cluster":"genNothing","attributes":[1]}})", "does not exist");
    said(R"({"read":{"cluster":"genOnOff","attributes":"onOff"}})", "'attributes' must be a list");
    said(R"({"read":{"cluster":"genOnOff","attributes":["nothing"]}})",
         "There is no attribute to read");
    said(R"({"write":{"cluster":"genOnOff","payload":{"onTime":"long"}}})", "cannot be");
    said(R"({"write":{"cluster":"genOnOff","payload":{"65280":1}}})", "Unknown attribute '65280'");
    said(R"({"command":{"cluster":"genOnOff","command":"dance"}})", "has no command");
    said(R"({"command":{"cluster":"genOnOff","command":"onWithTimedOff","payload":{}}})",
         "needs parameter 'ctrlbits'");
    said(R"({"write":{"cluster":"genOnOff","payload":{"onOff":1}}})", "onOff (0) is not writable");
    said(R"({"write":{"cluster":"genOnOff","payload":{}}})", "'payload' must be an object");
    said(R"({"zclcommand":{"cluster":6,"command":"report","frametype":0}})", "a list of records");
    said(R"({"zclcommand":{"cluster":6,"command":"dance","frametype":0}})", "no global command");
    said(R"({"zclcommand":{"cluster":6,"command":"discover","frametype":0,"payload":[]}})",
         "is an object");
    said(R"({"zclcommand":{"cluster":6,"command":"read","frametype":0,"payload":[{}]}})",
         "'attrId' is missing");
    said(R"({"zclcommand":{"cluster":6,"command":"write","frametype":0,)"
         R"("payload":[{"attrId":1,"dataType":32,"attrData":"x"}]}})",
         "'attrData' cannot be \"x\"");
}

BOOST_AUTO_TEST_CASE(unknown_attributes_are_left_out_of_a_read) {
    command("hall/set", R"({"read":{"cluster":"genOnOff","attributes":["nothing","onOff"]}})");
    BOOST_TEST(sent() == "2/0006 10tt000000");
    BOOST_TEST(logged() == "Ignoring unknown attribute \"nothing\" in cluster genOnOff");
}

BOOST_AUTO_TEST_CASE(options_of_generic_keys_are_obeyed) {
    command("hall/set", R"({"read":{"cluster":"genOnOff","attributes":["onOff"],)"
                        R"("options":{"disableDefaultResponse":false,"direction":1}}})");
    BOOST_TEST(sent() == "2/0006 08tt000000");
    // `command` has no options; a command with a response of its own needs no other.
    command("hall/set", R"({"command":{"cluster":"genGroups","command":"getMembership","payload":)"
                        R"({"groupcount":0,"grouplist":[]},"options":{"manufacturerCode":4447}}})");
    BOOST_TEST(logged() == "");
    BOOST_TEST(sent() == "2/0004 11tt0200");
    command("hall/set", R"({"zclcommand":{"cluster":"genOnOff","command":"on",)"
                        R"("options":{"manufacturerCode":4447,"disableResponse":true}}})");
    BOOST_TEST(sent() == "2/0006 055f11tt01");
    command("hall/set", R"({"write":{"cluster":"genOnOff","payload":{"onTime":3},)"
                        R"("options":{"writeUndiv":true}}})");
    BOOST_TEST(sent() == "2/0006 10tt030140210300");
    command("hall/set", R"({"reset":""})");
    BOOST_TEST(sent() == "2/0000 01tt00");
    command("hall/set",
            R"({"command":{"cluster":"genScenes","command":"add","payload":)"
            R"({"groupid":1,"sceneid":2,"transtime":0,"scenename":"","extensionfieldsets":)"
            R"([{"extField":[1],"len":1,"clstId":6}]}}})");
    BOOST_TEST(sent() == "2/0005 11tt0001000200000006000101");
}

BOOST_AUTO_TEST_CASE(zclcommand_sends_foundation_commands_too) {
    const auto global = [this](std::string_view name, std::string_view payload) {
        command("hall/set", R"({"zclcommand":{"cluster":6,"frametype":0,"options":)"
                            R"({"disableResponse":true},"command":)" +
                                std::string(name) + R"(,"payload":)" + std::string(payload) + "}}");
        return sent();
    };
    BOOST_TEST(global(R"("read")", R"([{"attrId":0},{"attrId":16385}])") ==
               "2/0006 10tt0000000140");
    BOOST_TEST(global("0", R"([{"attrId":0}])") == "2/0006 10tt000000");
    BOOST_TEST(global(R"("write")", R"([{"attrId":16385,"dataType":33,"attrData":5}])") ==
               "2/0006 10tt020140210500");
    BOOST_TEST(global(R"("writeNoRsp")", R"([{"attrId":1,"dataType":66,"attrData":"ab"}])") ==
               "2/0006 10tt05010042026162");
    BOOST_TEST(global(R"("configReport")",
                      R"([{"direction":0,"attrId":0,"dataType":16,"minRepIntval":1,)"
                      R"("maxRepIntval":300},{"attrId":1,"dataType":33,"minRepIntval":0,)"
                      R"("maxRepIntval":60,"repChange":2}])") ==
               "2/0006 10tt060000001001002c01000100210000"
               "3c000200");
    BOOST_TEST(global(R"("readReportConfig")", R"([{"direction":0,"attrId":0}])") ==
               "2/0006 10tt08000000");
    BOOST_TEST(global(R"("discover")", R"({"startAttrId":5,"maxAttrIds":9})") ==
               "2/0006 10tt0c050009");
    BOOST_TEST(global(R"("discoverCommands")", R"({"startCmdId":5,"maxCmdIds":9})") ==
               "2/0006 10tt110509");
    BOOST_TEST(global(R"("defaultRsp")", R"({"cmdId":5,"statusCode":139})") == "2/0006 10tt0b058b");
    BOOST_TEST(global(R"("readStructured")",
                      R"([{"attrId":5,"selector":{"indexes":[1],"indicatorType":0}}])") ==
               "2/0006 10tt0e0500010100");
}

BOOST_AUTO_TEST_CASE(zclcommand_looks_at_the_status_of_attributes_on_request) {
    radio.answer = [](const ApsRequest& request) -> std::optional<Bytes> {
        return Bytes{0x18, request.payload.at(1), 0x04, 0x86, 0x01, 0x40};
    };
    const std::string request = R"({"zclcommand":{"cluster":6,"frametype":0,"command":"write",)"
                                R"("payload":[{"attrId":16385,"dataType":33,"attrData":5}])";
    command("hall/set", request + "}}");
    BOOST_TEST(logged() == "");
    command("hall/set", request + R"(,"check_status":true}})");
    BOOST_TEST(logged() == "Publish 'set' 'zclcommand' to 'hall' failed: 'UNSUPPORTED_ATTRIBUTE'");
}

BOOST_AUTO_TEST_CASE(a_generic_key_is_done_once_an_endpoint) {
    command("hall/set", R"({"command":{"cluster":6,"command":"on"},)"
                        R"("command_default":{"cluster":6,"command":"off"},)"
                        R"("command_left":{"cluster":6,"command":"toggle"}})");
    BOOST_TEST(sent() == "2/0006 01tt01|3/0006 01tt02");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(outbound_options)

BOOST_AUTO_TEST_CASE(without_optimistic_the_state_waits_for_the_device) {
    Rig rig(with_hall("    optimistic: false\n"));
    rig.start();
    rig.command("hall/set", "ON");
    BOOST_TEST(rig.sent() == "2/0006 01tt01");
    BOOST_TEST(rig.published() == "");
}

BOOST_AUTO_TEST_CASE(filtered_optimistic_drops_keys_with_their_suffix) {
    Rig rig(with_hall("    filtered_optimistic: [state_left]\n"));
    rig.start();
    rig.command("hall/set", R"({"state":"ON","state_left":"ON"})");
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON"})");
}

BOOST_AUTO_TEST_CASE(home_assistant_colours_do_not_switch_on_what_is_on) {
    Rig rig("homeassistant:\n  enabled: true\n", R"({"0x00158d0001020304":{"state":"ON"}})");
    rig.start();
    rig.command("hall/set", R"({"state":"ON","color":{"x":0.1}})");
    BOOST_TEST(rig.sent() == "");
    rig.command("hall/set", R"({"state":"ON","brightness":"on","color":1})");
    BOOST_TEST(rig.sent() == "2/0006 01tt01");
}

BOOST_AUTO_TEST_CASE(a_set_takes_its_keys_out_of_what_debounce_holds_back) {
    Rig rig(with_hall("    debounce: 2\n"));
    rig.start();
    rig.from_hall(2, 0x0006, "18 2B 0A 00 00 10 00");
    rig.from_hall(3, 0x0006, "18 2C 0A 00 00 10 00");
    rig.command("hall/set", "ON");
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON","state_left":"OFF"})");
    rig.loop.pass(3s);
    BOOST_TEST(rig.published() == R"(hall {"linkquality":100,"state":"ON","state_left":"OFF"})");
}

BOOST_AUTO_TEST_CASE(names_with_slashes_and_names_that_look_like_endpoints_resolve) {
    Rig rig("devices:\n  '0x00158d0001020304':\n    friendly_name: ground floor/left\n");
    rig.start();
    rig.command("ground floor/left/set", "ON");
    BOOST_TEST(rig.sent() == "2/0006 01tt01");
    rig.command("ground floor/left/left/set", "ON");
    BOOST_TEST(rig.sent() == "3/0006 01tt01");
}

BOOST_AUTO_TEST_CASE(a_group_is_commanded_with_a_groupcast) {
    Rig rig("groups:\n  '5':\n    friendly_name: all lights\n");
    rig.start();
    rig.command("all lights/set", "ON");
    BOOST_TEST(rig.logged().find("No converter available for 'state' on 'all lights'") !=
               std::string::npos);
    GroupMember member;
    member.ieee = *Ieee::parse(test::hall_ieee);
    member.endpoint = 2;
    rig.network->find_group(5)->members.push_back(member);
    rig.command("all lights/set", "ON");
    BOOST_REQUIRE(rig.radio.sent.size() == 1u);
    BOOST_TEST((rig.radio.sent[0].mode == ApsRequest::Mode::group));
    BOOST_TEST(rig.radio.sent[0].destination_address == 5);
    BOOST_TEST(rig.published() == R"(hall {"state":"ON"}|all lights {"state":"ON"})");
    rig.command("5/set", R"({"command":{"cluster":"genOnOff","command":"off"}})");
    BOOST_REQUIRE(rig.radio.sent.size() == 2u);
    BOOST_TEST(rig.radio.sent[1].payload.at(2) == 0x00);
    BOOST_TEST(rig.logged() == "");
    rig.command("5/set", R"({"zclcommand":{"cluster":"genOnOff","command":"off"}})");
    BOOST_TEST(rig.logged().find("failed: 'Not an endpoint'") != std::string::npos);
    BOOST_TEST(rig.radio.sent.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
