#include <boost/test/unit_test.hpp>

#include "engine/scene_content.hpp"
#include "engine/scene_store.hpp"
#include "engine/user_color.hpp"
#include "store/json_read.hpp"
#include "store/json_text.hpp"
#include "unit/engine/rig.hpp"

// Frames as zigbee2mqtt 2.14.1 sends them for the same requests; statuses of answers from
// [ZCL8 2.6.3]. Colours are those that zigbee-herdsman-converters 26.105.0 gives.

using namespace std::chrono_literals;
using namespace waggle;
using test::Rig;

namespace {

/// Devices that answer scene commands with a status and the ids of the request.
struct Scenes : Rig, engine::Events {
    explicit Scenes(std::string_view with = "") : Rig(with) {
        const auto otherwise = radio.answer;
        radio.answer = [this, otherwise](const ApsRequest& request) -> std::optional<Bytes> {
            const auto& frame = request.payload;
            const bool is_scene = request.cluster == 0x0005 && (frame.at(0) & 0x03) == 0x01;
            if (!is_scene || frame.at(2) == 0x05)
                return otherwise(request);
            if (is_silent)
                return std::nullopt;
            Bytes reply{0x19, frame.at(1), frame.at(2)};
            reply.push_back(frame.at(2) == 0x02 ? remove_status : status);
            const std::size_t ids = frame.at(2) == 0x03 ? 2 : 3;
            reply.insert(reply.end(), frame.begin() + 3,
                         frame.begin() + 3 + static_cast<std::ptrdiff_t>(ids));
            return reply;
        };
        start();
        engine->listen(*this);
    }
    void scenes_changed(engine::EntityId entity) override { changes += entity.key() + " "; }

    std::string meta(EndpointId endpoint = 2) { return hall().endpoint(endpoint)->meta_json; }
    void scene(std::string_view payload) { command("hall/set", payload); }
    /// Sends nothing and says why.
    void refused(std::string_view payload, std::string_view expected) {
        scene(payload);
        const auto text = logged();
        BOOST_TEST(text.find(expected) != std::string::npos, payload << ": " << text);
        BOOST_TEST(sent() == "");
        BOOST_TEST(meta() == "");
    }

    std::uint8_t status = 0, remove_status = 0;
    bool is_silent = false;
    std::string changes;
};

boost::json::value parsed(std::string_view text) {
    boost::system::error_code error;
    auto value = store::read_json(text, error);
    BOOST_REQUIRE(!error);
    return value;
}

/// "fields|state", or what was wrong.
std::string content_of(std::string_view request, const engine::SceneTraits& traits = {}) {
    std::string problem;
    const auto value = parsed(request);
    const auto content = engine::scene_content(value.get_object(), traits, problem);
    if (!content)
        return problem;
    return store::compact_json(content->fields) + "|" + store::compact_json(content->state);
}

std::string synchronised(std::string_view fresh, std::string_view old,
                         const engine::MiredRange& range = {}) {
    auto state = parsed(fresh).get_object();
    engine::add_color_mode(state);
    engine::synchronise_color(state, parsed(old).get_object(), range);
    return store::sorted_json(state);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(scenes_of_a_device, Scenes)

BOOST_AUTO_TEST_CASE(a_stored_scene_keeps_the_state_and_is_recalled_with_it) {
    engine->merge_state(hall_id(),
                        parsed(R"({"state":"ON","brightness":120,"power":7})").get_object());
    scene(R"({"scene_store":5})");
    BOOST_TEST(sent() == "2/0005 11tt04000005");
    BOOST_TEST(meta() ==
               R"({"scenes":{"5_0":{"name":null,"state":{"brightness":120,"state":"ON"}}}})");
    BOOST_TEST(published() == "");
    BOOST_TEST(changes == "0x00158d0001020304 ");

    engine->merge_state(hall_id(), parsed(R"({"state":"OFF","brightness":1})").get_object());
    scene(R"({"scene_recall":5})");
    BOOST_TEST(sent() == "2/0005 01tt05000005ffff");
    BOOST_TEST(published() ==
               R"(hall {"brightness":120,"linkquality":100,"power":7,"state":"ON"})");
    BOOST_TEST(changes == "0x00158d0001020304 ");
    BOOST_TEST(logged() == "");
}

BOOST_AUTO_TEST_CASE(a_scene_has_a_name_and_may_belong_to_a_group) {
    scene(R"({"scene_store":{"ID":3,"name":"Evening","group_id":17}})");
    BOOST_TEST(sent() == "2/0005 11tt04110003");
    BOOST_TEST(meta() == R"({"scenes":{"3_17":{"name":"Evening","state":{}}}})");
    scene(R"({"scene_rename":{"ID":3,"name":"Night","group_id":17}})");
    BOOST_TEST(meta() == R"({"scenes":{"3_17":{"name":"Night","state":{}}}})");
    BOOST_TEST(sent() == "");
    scene(R"({"scene_store":{"ID":0,"group_id":17}})");
    BOOST_TEST(meta() == R"({"scenes":{"3_17":{"name":"Night","state":{}},"0_17":{"state":{}}}})");
    BOOST_TEST(logged() == "");
}

BOOST_AUTO_TEST_CASE(every_endpoint_has_its_own) {
    command("hall/left/set", R"({"scene_store":1})");
    command("hall/set", R"({"scene_store_left":2})");
    command("hall/3/set/scene_store", "3");
    BOOST_TEST(sent() == "3/0005 11tt04000001|3/0005 11tt04000002|3/0005 11tt04000003");
    BOOST_TEST(meta(2) == "");
    BOOST_TEST(meta(3).find(R"("3_0")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_recalled_at_an_endpoint_goes_by_its_name) {
    hall().endpoint(3)->meta_json = R"({"scenes":{"1_0":{"state":{"state":"ON"}}}})";
    command("hall/left/set", R"({"scene_recall":1})");
    BOOST_TEST(published() == R"(hall {"linkquality":100,"state_left":"ON"})");
    command("hall/left/set", R"({"scene_recall":1})");
    BOOST_TEST(published() == R"(hall {"linkquality":100,"state_left":"ON"})");
}

BOOST_AUTO_TEST_CASE(adding_replaces_what_the_device_has) {
    scene(R"({"scene_add":{"ID":7,"name":"Dim","transition":2,"state":"on","brightness":100}})");
    BOOST_TEST(sent() ==
               "2/0005 11tt02000007|"
               "2/0005 11tt00000007020000060001010800"
               "0164");
    BOOST_TEST(meta() ==
               R"({"scenes":{"7_0":{"name":"Dim","state":{"state":"ON","brightness":100}}}})");
    scene(R"({"scene_add":{"ID":7,"transition":1.55,"position":20}})");
    BOOST_TEST(sent() ==
               "2/0005 11tt02000007|"
               "2/0005 11tt400000070f0000020101"
               "14");
    BOOST_TEST(meta() == R"({"scenes":{"7_0":{"state":{}}}})");
    BOOST_TEST(logged() == "");
}

BOOST_AUTO_TEST_CASE(that_there_was_no_such_scene_does_not_keep_it_from_being_added) {
    for (const auto gone : {std::uint8_t{0x8B}, std::uint8_t{0x85}}) {
        remove_status = gone;
        scene(R"({"scene_add":{"ID":7,"state":"OFF"}})");
        BOOST_TEST(sent() ==
                   "2/0005 11tt02000007|2/0005 11tt00000007000000060001"
                   "00");
        BOOST_TEST(logged() == "");
    }
    remove_status = 0x01;
    scene(R"({"scene_add":{"ID":8,"state":"OFF"}})");
    BOOST_TEST(sent() == "2/0005 11tt02000008");
    BOOST_TEST(logged().find("Scene add unable to remove existing scene ('FAILURE')") !=
               std::string::npos);
    BOOST_TEST(meta().find("8_0") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_device_refuses_is_logged_and_not_remembered) {
    status = 0x89;
    scene(R"({"scene_store":1})");
    BOOST_TEST(logged() ==
               "Publish 'set' 'scene_store' to 'hall' failed: 'Scene store not "
               "successful ('INSUFFICIENT_SPACE')'");
    scene(R"({"scene_add":{"ID":1,"state":"ON"}})");
    BOOST_TEST(logged().find("Scene add not successful ('INSUFFICIENT_SPACE')") !=
               std::string::npos);
    BOOST_TEST(meta() == "");
    hall().endpoint(2)->meta_json = R"({"scenes":{"1_0":{"state":{}}}})";
    remove_status = 0x8B;
    scene(R"({"scene_remove":1})");
    BOOST_TEST(logged().find("Scene remove not successful ('NOT_FOUND')") != std::string::npos);
    scene(R"({"scene_remove_all":""})");
    BOOST_TEST(logged().find("Scene remove all not successful ('INSUFFICIENT_SPACE')") !=
               std::string::npos);
    BOOST_TEST(meta() == R"({"scenes":{"1_0":{"state":{}}}})");
    BOOST_TEST(published() == "");
}

BOOST_AUTO_TEST_CASE(a_device_that_says_nothing_has_stored_nothing) {
    is_silent = true;
    engine->handle_command("hall/set", R"({"scene_store":1})");
    loop.pass(60s);
    BOOST_TEST(logged().find("Publish 'set' 'scene_store' to 'hall' failed") != std::string::npos);
    BOOST_TEST(meta() == "");
    BOOST_TEST(changes == "0x00158d0001020304 ");
}

BOOST_AUTO_TEST_CASE(scenes_are_removed_one_by_one_and_all_together) {
    const auto* stored = R"({"other":1,"scenes":{"1_0":{"state":{}},"2_0":{"state":{}},"3_9":{}}})";
    hall().endpoint(2)->meta_json = stored;
    scene(R"({"scene_remove":1})");
    BOOST_TEST(sent() == "2/0005 11tt02000001");
    BOOST_TEST(meta() == R"({"other":1,"scenes":{"2_0":{"state":{}},"3_9":{}}})");
    scene(R"({"scene_remove_all":""})");
    BOOST_TEST(sent() == "2/0005 11tt030000");
    BOOST_TEST(meta() == R"({"other":1,"scenes":{}})");
    BOOST_TEST(logged() == "");
}

BOOST_AUTO_TEST_CASE(a_scene_nobody_knows_is_recalled_without_a_state) {
    scene(R"({"scene_recall":9})");
    BOOST_TEST(sent() == "2/0005 01tt05000009ffff");
    BOOST_TEST(published() == "");
    BOOST_TEST(logged() ==
               "Unknown scene was recalled for 0x00158d0001020304, can't restore "
               "state.");
}

BOOST_AUTO_TEST_CASE(damaged_memory_is_as_good_as_none) {
    for (const auto* text : {"[", R"({"scenes":5})", R"({"scenes":{"9_0":7}})",
                             R"({"scenes":{"9_0":{"state":"ON"}}})"}) {
        hall().endpoint(2)->meta_json = text;
        scene(R"({"scene_recall":9})");
        BOOST_TEST(published() == "");
        BOOST_TEST(logged().find("Unknown scene") != std::string::npos, text);
        scene(R"({"scene_store":9})");
        BOOST_TEST(meta() == R"({"scenes":{"9_0":{"name":null,"state":{}}}})");
    }
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused_with_a_sentence) {
    refused(R"({"scene_store":"5"})", "'ID' is not a number, got string (\"5\")");
    refused(R"({"scene_store":null})", "'ID' is not a number");
    refused(R"({"scene_store":{"name":"x"}})", "'ID' is not a number, got undefined");
    refused(R"({"scene_store":300})", "from 0 to 255");
    refused(R"({"scene_store":0})", "Scene ID 0 cannot be used with group ID 0");
    refused(R"({"scene_store":{"ID":1,"group_id":70000}})", "'group_id' cannot be 70000");
    refused(R"({"scene_recall":{"ID":1}})", "Value is not a number, got object");
    refused(R"({"scene_recall":true})", "Value is not a number, got boolean");
    refused(R"({"scene_remove":[1]})", "Value is not a number");
    refused(R"({"scene_add":5})", "scene_add is not an object");
    refused(R"({"scene_add":{"state":"ON"}})", "'ID' is not a number");
    refused(R"({"scene_add":{"ID":1,"color_temp":200,"color":{"h":1}}})", "Don't specify both");
    refused(R"({"scene_add":{"ID":1,"brightness":300}})", "'brightness' of a scene cannot be 300");
    refused(R"({"scene_add":{"ID":1,"state":1}})", "'state' of a scene cannot be 1");
    refused(R"({"scene_add":{"ID":1,"transition":-1}})", "'transition' cannot be -1");
    refused(R"({"scene_add":{"ID":1,"color":{"blue":1}}})", "valid color definition");
    refused(R"({"scene_add":{"ID":1,"color":{"x":2,"y":0}}})", "'color' of a scene cannot be");
    refused(R"({"scene_rename":{"ID":1,"name":"x"}})", "No such scene in device meta data");
    refused(R"({"scene_rename":7})", "scene_rename is not an object");
    command("hall/get", R"({"scene_store":""})");
    BOOST_TEST(logged().find("No converter available for 'get' 'scene_store'") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_device_that_is_removed_meanwhile_is_let_go) {
    engine->handle_command("hall/set", R"({"scene_store":1})");
    std::string problem;
    loop.run(network->remove_device(*Ieee::parse(test::hall_ieee), true));
    loop.pass(60s);
    BOOST_TEST(published() == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(scenes_of_a_group)

struct Group : Scenes {
    Group() : Scenes("groups:\n  '5':\n    friendly_name: lights\n") {
        for (const auto endpoint : {EndpointId{2}, EndpointId{3}}) {
            GroupMember member;
            member.ieee = *Ieee::parse(test::hall_ieee);
            member.endpoint = endpoint;
            network->create_group(5).members.push_back(member);
        }
    }
};

BOOST_FIXTURE_TEST_CASE(one_frame_goes_to_all_and_every_member_is_remembered, Group) {
    engine->merge_state(hall_id(), parsed(R"({"state":"ON"})").get_object());
    command("lights/set", R"({"scene_store":{"ID":0,"name":"All"}})");
    BOOST_REQUIRE(radio.sent.size() == 1u);
    BOOST_TEST((radio.sent[0].mode == ApsRequest::Mode::group));
    BOOST_TEST(radio.sent[0].destination_address == 5);
    BOOST_TEST(sent().ends_with("11tt04050000"));
    const auto* expected = R"({"scenes":{"0_5":{"name":"All","state":{"state":"ON"}}}})";
    BOOST_TEST(meta(2) == expected);
    BOOST_TEST(meta(3) == expected);
    BOOST_TEST(changes == "5 ");

    command("lights/set", R"({"scene_add":{"ID":1,"state":"OFF","group_id":9}})");
    BOOST_REQUIRE(radio.sent.size() == 2u);
    BOOST_TEST(sent().ends_with("11tt0005000100000006000100"));
    command("lights/set", R"({"scene_rename":{"ID":1,"name":"Dark"}})");
    BOOST_TEST(meta(3).find(R"("1_5":{"name":"Dark","state":{"state":"OFF"}})") !=
               std::string::npos);
    command("lights/set", R"({"scene_remove":0})");
    BOOST_TEST(meta(2).find("0_5") == std::string::npos);
    command("lights/set", R"({"scene_remove_all":""})");
    BOOST_TEST(meta(2) == R"({"scenes":{}})");
    BOOST_TEST(logged() == "");
}

BOOST_FIXTURE_TEST_CASE(the_state_of_every_member_is_published, Group) {
    hall().endpoint(2)->meta_json = R"({"scenes":{"1_5":{"state":{"state":"ON"}}}})";
    hall().endpoint(3)->meta_json = R"({"scenes":{"1_5":{"state":{"brightness":3}}}})";
    command("lights/set", R"({"scene_recall":1})");
    BOOST_TEST(sent().ends_with("11tt05050001ffff"));
    BOOST_TEST(published() == R"(lights {"brightness":3}|hall {"brightness":3})");
    hall().endpoint(3)->meta_json = "";
    command("lights/set", R"({"scene_recall":1})");
    BOOST_TEST(published() == "");
    BOOST_TEST(logged().find("Unknown scene was recalled for") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(what_a_scene_consists_of)

BOOST_AUTO_TEST_CASE(fields_come_in_the_order_of_the_request) {
    BOOST_TEST(content_of(R"({"brightness":254,"state":"toggle"})") ==
               R"([{"clstId":8,"len":1,"extField":[254]},{"clstId":6,"len":1,"extField":[0]}]|)"
               R"({"brightness":254,"state":"TOGGLE"})");
    engine::SceneTraits inverted;
    inverted.cover_inverted = true;
    BOOST_TEST(content_of(R"({"position":30})", inverted) ==
               R"([{"clstId":258,"len":1,"extField":[70]}]|{"position":30})");
}

BOOST_AUTO_TEST_CASE(a_temperature_is_kept_within_what_the_light_can_and_sent_as_its_colour) {
    engine::SceneTraits traits;
    traits.range = {153, 500};
    BOOST_TEST(content_of(R"({"color_temp":250})", traits) ==
               R"([{"clstId":768,"len":4,"extField":[24932,24690]}]|)"
               R"({"color_mode":"color_temp","color_temp":250})");
    BOOST_TEST(content_of(R"({"color_temp":600})", traits) ==
               R"([{"clstId":768,"len":4,"extField":[34516,27085]}]|)"
               R"({"color_mode":"color_temp","color_temp":500})");
}

BOOST_AUTO_TEST_CASE(a_temperature_that_no_white_has_is_refused) {
    for (const auto* text : {"20", "1001", "0", "-1", R"("warm")", "null"})
        BOOST_TEST(content_of(std::string(R"({"color_temp":)") + text + "}") ==
                   std::string("'color_temp' of a scene cannot be ") + text);
}

BOOST_AUTO_TEST_CASE(colours_are_xy_or_enhanced_hue) {
    BOOST_TEST(content_of(R"({"color":{"x":0.3,"y":"0.4"}})") ==
               R"([{"clstId":768,"len":4,"extField":[19661,26214]}]|)"
               R"({"color_mode":"xy","color":{"x":0.3,"y":0.4}})");
    const auto* red = R"([{"clstId":768,"len":4,"extField":[45914,19615]}]|)"
                      R"({"color_mode":"hs","color":{"hue":0,"saturation":100}})";
    BOOST_TEST(content_of(R"({"color":{"hue":360,"saturation":100}})") == red);
    BOOST_TEST(content_of(R"({"color":"{\"h\":0,\"s\":100}"})") == red);
    engine::SceneTraits enhanced;
    enhanced.enhanced_hue = true;
    BOOST_TEST(content_of(R"({"color":{"h":180,"s":50}})", enhanced) ==
               R"([{"clstId":768,"len":13,"extField":[0,0,32768,127,0,0,0,0]}]|)"
               R"({"color_mode":"hs","color":{"hue":180,"saturation":50}})");
    for (const auto* rgb : {R"({"r":255,"g":0,"b":0})", R"({"hex":"#ff0000"})", R"("#ff0000")",
                            R"({"rgb":"255,0,0"})"})
        BOOST_TEST(content_of(std::string(R"({"color":)") + rgb + "}") == "[]|{}", rgb);
}

BOOST_AUTO_TEST_CASE(every_way_to_write_a_colour_is_understood) {
    const auto hue = [](std::string_view text) {
        const auto color = engine::parse_color(parsed(text));
        return color && color->hsv ? color->hsv->hue.value_or(-1) : -2;
    };
    for (const auto* text :
         {R"({"h":120,"s":100,"l":50})", R"({"hsl":"120,100,50"})", R"({"h":120,"s":1,"b":9})",
          R"({"hsb":"120,1,9"})", R"({"h":480,"s":1,"v":9})", R"({"hsv":"120, 1, 9"})",
          R"({"h":120,"s":1})", R"({"h":"120"})", R"({"hue":120})", R"({"hue":120,"value":3})"})
        BOOST_TEST(hue(text) == 120, text);
    BOOST_TEST(hue(R"({"s":5})") == -1);
    BOOST_TEST(hue(R"({"saturation":5})") == -1);
    for (const auto* text : {"null", "5", R"("red")", "{}", R"({"h":"blue"})", R"({"hsv":"1,2"})",
                             R"({"x":"a","y":1})", R"({"rgb":5})", R"({"r":1,"g":1})"})
        BOOST_TEST(!engine::parse_color(parsed(text)), text);
}

BOOST_AUTO_TEST_CASE(the_other_ways_to_say_a_colour_follow) {
    BOOST_TEST(synchronised(R"({"state":"ON"})", "{}") == R"({"state":"ON"})");
    BOOST_TEST(synchronised(R"({"color":{"x":0.3,"y":0.4}})",
                            R"({"color_temp":370,"color":{"hue":1,"saturation":2}})", {153, 500}) ==
               R"({"color":{"hue":117,"saturation":41,"x":0.3,"y":0.4},"color_mode":"xy",)"
               R"("color_temp":153})");
    BOOST_TEST(synchronised(R"({"color_temp":250})", R"({"color":{"x":0.1,"y":0.2}})") ==
               R"({"color":{"x":0.3804,"y":0.3767},"color_mode":"color_temp","color_temp":250})");
    BOOST_TEST(synchronised(R"({"color":{"hue":0,"saturation":100}})",
                            R"({"color":{"x":0.1,"y":0.2},"color_mode":"xy"})") ==
               R"({"color":{"hue":0,"saturation":100,"x":0.7006,"y":0.2993},"color_mode":"hs"})");
    BOOST_TEST(
        synchronised(R"({"state":"ON"})", R"({"color_mode":"xy","color":{"x":0.1,"y":0.2}})") ==
        R"({"color":{"x":0.1,"y":0.2},"color_mode":"xy","state":"ON"})");
}

BOOST_AUTO_TEST_SUITE_END()
