#include "engine/state_object.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace json = boost::json;
using namespace waggle::engine;

namespace {

json::object object(const char* text) {
    return json::parse(text).as_object();
}

std::string text(const json::object& value) {
    return json::serialize(value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(state_object)

BOOST_AUTO_TEST_CASE(a_new_key_takes_its_place_in_the_order) {
    json::object state;
    for (const auto* key : {"state", "brightness", "linkquality", "update", "a"})
        set_sorted(state, key, key);
    BOOST_TEST(text(state) == R"({"a":"a","brightness":"brightness","linkquality":"linkquality",)"
                              R"("state":"state","update":"update"})");
}

BOOST_AUTO_TEST_CASE(a_known_key_keeps_its_place_and_takes_the_value) {
    auto state = object(R"({"a":1,"b":2,"c":3})");
    set_sorted(state, "b", "x");
    BOOST_TEST(text(state) == R"({"a":1,"b":"x","c":3})");
}

BOOST_AUTO_TEST_CASE(what_was_so_already_is_no_change) {
    auto state = object(R"({"a":1,"b":{"c":[1,{"z":1,"y":2}]}})");
    BOOST_TEST(!set_sorted(state, "a", 1));
    BOOST_TEST(!merge_sorted(state, object(R"({"b":{"c":[1,{"z":1,"y":2}]}})")));
    BOOST_TEST(!merge_sorted(state, {}));
    BOOST_TEST(set_sorted(state, "a", "1"));
    BOOST_TEST(merge_sorted(state, object(R"({"a":"1","b":{"d":null}})")));
    BOOST_TEST(merge_sorted(state, object(R"({"b":{"c":[1]}})")));
    BOOST_TEST(set_sorted(state, "new", nullptr));
}

BOOST_AUTO_TEST_CASE(objects_are_merged_and_everything_else_is_replaced) {
    auto state = object(R"({"color":{"x":0.1,"y":0.2},"list":[1,2],"mode":"a"})");
    merge_sorted(state, object(R"({"color":{"y":0.3,"hue":5},"list":[3],"mode":null})"));
    BOOST_TEST(text(state) == R"({"color":{"hue":5,"x":1E-1,"y":3E-1},"list":[3],"mode":null})");
}

BOOST_AUTO_TEST_CASE(an_object_replaces_a_scalar_and_the_other_way_round) {
    auto state = object(R"({"a":1,"b":{"c":1}})");
    merge_sorted(state, object(R"({"a":{"z":1,"y":2},"b":2})"));
    BOOST_TEST(text(state) == R"({"a":{"y":2,"z":1},"b":2})");
}

BOOST_AUTO_TEST_CASE(keys_from_a_file_are_brought_into_order_at_every_depth) {
    auto state = object(R"({"b":{"d":1,"c":[{"z":1,"a":2}]},"a":1})");
    sort_keys(state);
    BOOST_TEST(text(state) == R"({"a":1,"b":{"c":[{"a":2,"z":1}],"d":1}})");
}

BOOST_AUTO_TEST_CASE(many_keys_stay_in_order_and_findable) {
    json::object state;  // beyond the size at which the object begins to hash
    for (int i = 99; i >= 0; --i)
        set_sorted(state, "key" + std::to_string(i * 7 % 100), i);
    BOOST_TEST(state.size() == 100u);
    BOOST_TEST(std::is_sorted(state.begin(), state.end(), [](const auto& x, const auto& y) {
        return std::string_view(x.key()) < std::string_view(y.key());
    }));
    BOOST_TEST(state.at("key7").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(events_are_never_cached_and_states_are) {
    for (const auto* key : {"action", "action_group", "button", "elapsed", "transition_time",
                            "from_side", "illuminance_lux", "step_size"})
        BOOST_TEST(is_never_cached(key), key);
    for (const auto* key : {"state", "duration", "actions", "button_middle", "update", ""})
        BOOST_TEST(!is_never_cached(key), key);
}

BOOST_AUTO_TEST_SUITE_END()
