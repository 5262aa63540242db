#include "bridge/homeassistant/announced.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "bridge/homeassistant/state_messages.hpp"
#include "store/json_text.hpp"

// What was said of an entity, and what its states need.

namespace json = boost::json;
namespace ha = waggle::bridge::homeassistant;

namespace {

ha::ConfigMessages messages(std::initializer_list<std::pair<const char*, const char*>> list,
                            std::vector<std::string> properties = {}) {
    ha::ConfigMessages out;
    for (const auto& [object_id, payload] : list) {
        ha::ConfigMessage message;
        message.component = "sensor";
        message.object_id = object_id;
        message.payload = payload;
        out.messages.push_back(std::move(message));
    }
    out.properties = std::move(properties);
    return out;
}

struct Told {
    ha::Names names;
    ha::Announced announced;
    std::string sent;

    ha::Announced::Send send() {
        return [this](auto component, auto object_id, auto payload) {
            sent += std::string(component) + "/" + std::string(object_id) + "=" +
                    std::string(payload) + " ";
        };
    }
    std::string update(const ha::ConfigMessages& now) {
        sent.clear();
        announced.update(now, names, send());
        return sent;
    }
};

std::string adjusted(std::string_view text, std::vector<std::string> properties) {
    auto message = json::parse(json::string_view(text.data(), text.size())).as_object();
    std::vector<const std::string*> sorted;
    for (const auto& property : properties)
        sorted.push_back(&property);
    ha::add_placeholders(message, sorted);
    ha::add_color_names(message);
    std::string out;
    waggle::store::append_json(out, message);  // in the order in which the keys are
    return out;
}

std::string versions(std::string_view text) {
    auto message = json::parse(json::string_view(text.data(), text.size())).as_object();
    ha::add_update_versions(message);
    return waggle::store::sorted_json(message);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(homeassistant_announced)

BOOST_AUTO_TEST_CASE(only_what_differs_is_said_and_what_is_gone_is_cleared) {
    Told told;
    BOOST_TEST(told.update(messages({{"a", "1"}, {"b", "2"}})) == "sensor/a=1 sensor/b=2 ");
    BOOST_TEST(told.update(messages({{"a", "1"}, {"b", "2"}})) == "");
    BOOST_TEST(told.update(messages({{"a", "1"}, {"b", "3"}, {"c", "4"}})) ==
               "sensor/b=3 sensor/c=4 ");
    BOOST_TEST(told.update(messages({{"b", "3"}})) == "sensor/a= sensor/c= ");
    BOOST_TEST(told.update(messages({{"a", "1"}, {"b", "3"}})) == "sensor/a=1 ");
    told.announced.lost("sensor", "a");
    BOOST_TEST(told.update(messages({{"a", "1"}, {"b", "3"}})) == "sensor/a=1 ");
}

BOOST_AUTO_TEST_CASE(what_the_broker_has_already_is_not_said_again) {
    Told told;
    told.announced.update(messages({{"a", "1"}, {"b", "2"}}), told.names, {});
    BOOST_TEST(told.announced.seen("sensor", "a", ha::Announced::hash_of("1")));
    BOOST_TEST(told.announced.seen("sensor", "b", ha::Announced::hash_of("old")));
    BOOST_TEST(!told.announced.seen("sensor", "c", ha::Announced::hash_of("1")));
    BOOST_TEST(!told.announced.seen("switch", "a", ha::Announced::hash_of("1")));
    BOOST_TEST(told.update(messages({{"a", "1"}, {"b", "2"}})) == "sensor/b=2 ");
    told.announced.doubt();
    BOOST_TEST(told.update(messages({{"a", "1"}, {"b", "2"}})) == "sensor/a=1 sensor/b=2 ");
}

BOOST_AUTO_TEST_CASE(all_or_one_component_is_cleared) {
    Told told;
    auto now = messages({{"a", "1"}, {"scene_1", "2"}});
    now.messages[1].component = "scene";
    told.update(now);
    told.sent.clear();
    told.announced.clear(told.send(), "scene");
    BOOST_TEST(told.sent == "scene/scene_1= ");
    BOOST_TEST(told.update(now) == "scene/scene_1=2 ");
    told.sent.clear();
    told.announced.clear(told.send());
    BOOST_TEST(told.sent == "sensor/a= scene/scene_1= ");
    BOOST_TEST(told.announced.is_empty());
}

BOOST_AUTO_TEST_CASE(a_trigger_is_announced_once) {
    ha::Triggers triggers;
    BOOST_TEST(triggers.needs("single"));
    BOOST_TEST(!triggers.needs("single"));
    triggers.seen("double", ha::Triggers::State::sent);
    BOOST_TEST(!triggers.needs("double"));
    triggers.seen("hold", ha::Triggers::State::outdated);
    BOOST_TEST(triggers.needs("hold"));
    BOOST_TEST(!triggers.needs("hold"));
    triggers.doubt();
    BOOST_TEST(triggers.needs("single"));
    BOOST_TEST(triggers.all().size() == 3u);
}

BOOST_AUTO_TEST_CASE(what_a_template_reads_is_there_and_in_order) {
    BOOST_TEST(adjusted(R"({"b":1,"d":2})", {"a", "b", "c", "e", "update"}) ==
               R"({"a":null,"b":1,"c":null,"d":2,"e":null,"update":{"state":null}})");
    BOOST_TEST(adjusted(R"({"b":1,"d":2})", {"b", "d"}) == R"({"b":1,"d":2})");
    BOOST_TEST(adjusted("{}", {}) == "{}");
    BOOST_TEST(adjusted(R"({"color":{"hue":200,"saturation":60,"x":1}})", {}) ==
               R"({"color":{"h":200,"hue":200,"s":60,"saturation":60,"x":1}})");
    BOOST_TEST(adjusted(R"({"color":null})", {"color"}) == R"({"color":null})");
}

BOOST_AUTO_TEST_CASE(an_update_has_versions_at_all_times) {
    BOOST_TEST(versions(R"({"update":{"state":null}})") ==
               R"({"update":{"installed_version":-1,"latest_version":-1,"state":null}})");
    BOOST_TEST(versions("{}") == R"({"update":{"installed_version":-1,"latest_version":-1}})");
    BOOST_TEST(versions(R"({"update":null})") ==
               R"({"update":{"installed_version":-1,"latest_version":-1}})");
    BOOST_TEST(versions(R"({"update":{"installed_version":3,"latest_version":4}})") ==
               R"({"update":{"installed_version":3,"latest_version":4}})");
}

BOOST_AUTO_TEST_CASE(lights_and_covers_on_endpoints_get_their_part) {
    Told told;
    told.update(
        messages({{"light_l1", "1"}, {"linkquality", "2"}, {"cover_left", "3"}, {"light", "4"}}));
    const auto message =
        json::parse(R"({"brightness_l1":5,"linkquality":9,"state":"x","state_l1":"ON"})")
            .as_object();
    std::string parts;
    ha::for_each_endpoint_part(told.announced, message, [&](auto endpoint, const auto& part) {
        parts += std::string(endpoint) + waggle::store::sorted_json(part) + " ";
    });
    BOOST_TEST(parts == R"(l1{"brightness":5,"state":"ON"} left{} )");
}

BOOST_AUTO_TEST_SUITE_END()
