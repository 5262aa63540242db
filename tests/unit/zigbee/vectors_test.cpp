#include <fstream>
#include <sstream>
#include <string>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "herdsman_json.hpp"
#include "support/hex.hpp"
#include "zigbee/zcl_frame.hpp"

/// Replays vectors.json, which tools/clusters/vectors.mjs wrote with the real zigbee-herdsman: what
/// it encoded we decode to the same values, and those we encode to the same octets.
namespace waggle {
namespace {

namespace json = boost::json;
using test::hex;

const json::object& vectors() {
    static const json::object document = [] {
        std::ifstream file(WAGGLE_VECTORS);
        std::stringstream text;
        text << file.rdbuf();
        return json::parse(text.str()).as_object();
    }();
    return document;
}

/// As the comparison wants them: numbers of one kind whatever their sign, keys in any order.
bool same(const json::value& a, const json::value& b) {
    if (a.is_number() && b.is_number())
        return a.to_number<double>() == b.to_number<double>();
    if (a.is_array() && b.is_array()) {
        const auto &x = a.get_array(), &y = b.get_array();
        return std::equal(x.begin(), x.end(), y.begin(), y.end(), same);
    }
    if (!a.is_object() || !b.is_object())
        return a == b;
    const auto &x = a.get_object(), &y = b.get_object();
    return x.size() == y.size() && std::all_of(x.begin(), x.end(), [&y](const auto& member) {
               const auto* other = y.if_contains(member.key());
               return other && same(member.value(), *other);
           });
}

std::string text_of(const json::object& vector, std::string_view key) {
    return json::value_to<std::string>(vector.at(key));
}

void check_octets_again(const zcl::Frame& frame, const Bytes& expected) {
    Bytes again;
    const auto encoded = zcl::encode(again, frame);
    BOOST_TEST_REQUIRE(encoded.has_value());
    BOOST_TEST(to_hex(again) == to_hex(expected));
}

/// zigbee-herdsman parses what a Green Power device said; we keep its octets.
json::value without_gpd_frame(json::value payload) {
    payload.as_object().erase("commandFrame");
    return payload;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vectors_of_zigbee_herdsman)

BOOST_AUTO_TEST_CASE(values_of_every_type_are_read_and_written_alike) {
    std::size_t count = 0;
    for (const auto& entry : vectors().at("values").as_array()) {
        const auto& vector = entry.as_object();
        BOOST_TEST_CONTEXT(json::serialize(entry)) {
            const auto type = static_cast<zcl::DataType>(vector.at("type").as_int64());
            const auto octets = hex(text_of(vector, "hex"));
            ByteReader in(octets);
            const auto value = zcl::read_value(in, type);
            BOOST_TEST_REQUIRE(value.has_value());
            BOOST_TEST(in.empty());

            const auto shown = test::present(*value);
            const auto* expected = vector.if_contains("value");
            BOOST_TEST(same(shown, expected ? *expected : json::value(nullptr)),
                       json::serialize(shown));

            Bytes again;
            ByteWriter out(again);
            BOOST_TEST(zcl::write_value(out, *value).has_value());
            BOOST_TEST(to_hex(again) == to_hex(octets));
            ++count;
        }
    }
    BOOST_TEST(count > 150u);
}

BOOST_AUTO_TEST_CASE(foundation_commands_are_read_and_written_alike) {
    std::size_t count = 0;
    for (const auto& entry : vectors().at("foundation").as_array()) {
        const auto& vector = entry.as_object();
        BOOST_TEST_CONTEXT(json::serialize(entry)) {
            const auto octets = hex(text_of(vector, "hex"));
            const auto frame = zcl::decode(octets, 0x0000);
            BOOST_TEST_REQUIRE(frame.has_value());
            const auto shown = test::present_foundation(*frame);
            BOOST_TEST(same(shown, vector.at("payload")), json::serialize(shown));
            check_octets_again(*frame, octets);
            ++count;
        }
    }
    BOOST_TEST(count > 25u);
}

BOOST_AUTO_TEST_CASE(cluster_commands_are_read_and_written_alike) {
    std::size_t count = 0;
    for (const auto& entry : vectors().at("commands").as_array()) {
        const auto& vector = entry.as_object();
        BOOST_TEST_CONTEXT(json::serialize(entry)) {
            const auto octets = hex(text_of(vector, "hex"));
            const auto* cluster = zcl::find_cluster(text_of(vector, "cluster"));
            BOOST_TEST_REQUIRE(cluster);
            const auto frame = zcl::decode(octets, cluster->id);
            BOOST_TEST_REQUIRE(frame.has_value());
            BOOST_TEST(frame->command_definition->name == text_of(vector, "command"));
            check_octets_again(*frame, octets);
            ++count;
            if (const auto* payload = vector.if_contains("payload")) {
                const auto shown = without_gpd_frame(test::present_parameters(*frame));
                BOOST_TEST(same(shown, without_gpd_frame(*payload)), json::serialize(shown));
            }
        }
    }
    BOOST_TEST(count > 550u);
}

BOOST_AUTO_TEST_CASE(every_truncation_of_every_frame_is_an_error_or_a_shorter_frame) {
    std::size_t errors = 0;
    for (const auto* section : {"foundation", "commands"})
        for (const auto& entry : vectors().at(section).as_array()) {
            const auto& vector = entry.as_object();
            const auto whole = hex(text_of(vector, "hex"));
            const auto* name = vector.if_contains("cluster");
            const auto* cluster =
                name ? zcl::find_cluster(json::value_to<std::string>(*name)) : nullptr;
            for (std::size_t n = 0; n < whole.size(); ++n) {
                const Bytes cut(whole.data(),
                                whole.data() + n);  // own block: ASan sees an overread
                if (!zcl::decode(cut, cluster ? cluster->id : ClusterId{0}))
                    ++errors;
            }
        }
    BOOST_TEST(errors > 3000u);
}

BOOST_AUTO_TEST_CASE(attribute_values_are_kept_absent_or_refused_alike) {
    std::size_t count = 0;
    for (const auto& entry : vectors().at("attributes").as_array()) {
        const auto& vector = entry.as_object();
        const auto* cluster = zcl::find_cluster(text_of(vector, "cluster"));
        BOOST_TEST_REQUIRE(cluster);
        const auto* attribute = cluster->attribute(text_of(vector, "attribute"));
        BOOST_TEST_REQUIRE(attribute);
        for (const auto* outcome : {"kept", "absent", "refused"})
            for (const auto& number : vector.at(outcome).as_array()) {
                const auto value =
                    zcl::make_signed(attribute->type, number.to_number<std::int64_t>());
                const std::string_view ours = attribute->is_absent(value)     ? "absent"
                                              : attribute->is_in_range(value) ? "kept"
                                                                              : "refused";
                BOOST_TEST(ours == outcome, json::serialize(entry) << ' ' << number);
                ++count;
            }
    }
    BOOST_TEST(count > 2000u);
}

BOOST_AUTO_TEST_CASE(the_published_definitions_are_the_same_text) {
    const auto& expected = vectors().at("definitions").as_object();
    const auto text = zcl::definitions_json();
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    char shown[17];
    std::snprintf(shown, sizeof shown, "%llx", static_cast<unsigned long long>(hash));
    BOOST_TEST(text.size() == static_cast<std::size_t>(expected.at("length").as_int64()));
    BOOST_TEST(shown == text_of(expected, "fnv1a"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace waggle
