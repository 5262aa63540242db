#include "store/yaml_edit.hpp"

#include <functional>
#include <optional>
#include <random>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "store/json_merge.hpp"
#include "store/json_text.hpp"
#include "store/yaml_document.hpp"
#include "store/yaml_text.hpp"

using namespace waggle::store;
namespace json = boost::json;

namespace {

json::object read(std::string_view yaml) {
    auto document = parse_yaml(yaml);
    BOOST_REQUIRE_MESSAGE(document.has_value(), document.error().message << "\n" << yaml);
    return document->value.is_null() ? json::object() : document->value.as_object();
}

struct Result {
    std::string text;
    bool reformatted;
};

Result update(std::string_view yaml, const json::object& target) {
    const auto updated = update_yaml(yaml, target);
    BOOST_REQUIRE_MESSAGE(updated.has_value(), updated.error().message << "\n" << yaml);
    BOOST_TEST(compact_json(normalised(read(updated->text))) != "");
    BOOST_REQUIRE_MESSAGE(read(updated->text) == normalised(target).as_object(),
                          updated->text << "\nis not\n"
                                        << compact_json(target));
    return {updated->text, updated->reformatted};
}

/// Sets (or with no value removes) one path and expects exactly `after`.
void changes(std::string_view before, KeyPath path, std::optional<json::value> value,
             std::string_view after) {
    auto target = read(before);
    if (value)
        set_at(target, path, *value);
    else
        erase_at(target, path);
    const auto result = update(before, target);
    BOOST_TEST(result.text == after);
    BOOST_TEST(!result.reformatted);
}

/// The data must be right; comments may go.
void survives(std::string_view before, KeyPath path, std::optional<json::value> value) {
    auto target = read(before);
    if (value)
        set_at(target, path, *value);
    else
        erase_at(target, path);
    update(before, target);
}

constexpr std::string_view example = R"(# Indicates the version
version: 5

# MQTT settings
mqtt:
    # base topic
    base_topic: zigbee2mqtt
    server: "mqtt://localhost"  # my broker
    # user: my_user
    # password: my_password

# Serial settings
# serial:
#     port: /dev/ttyUSB0
advanced:
    network_key:
        - 1
        - 2
    log_level: info # quiet
devices:
    '0x00158d0001020304':
        friendly_name: lamp   # in the hall

    # the other one
    '0x00158d0001020305':
        friendly_name: 'switch'
groups: groups.yaml
)";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
    return text.replace(at, from.size(), to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(yaml_edit)

BOOST_AUTO_TEST_CASE(nothing_changes_when_nothing_changed) {
    BOOST_TEST(update(example, read(example)).text == example);
}

BOOST_AUTO_TEST_CASE(a_value_is_replaced_and_its_comment_and_quotes_stay) {
    const std::string text(example);
    changes(example, {"advanced", "log_level"}, "debug",
            replaced(text, "log_level: info # quiet", "log_level: debug # quiet"));
    changes(example, {"mqtt", "server"}, "mqtt://nas",
            replaced(text, "\"mqtt://localhost\"  # my", "\"mqtt://nas\"  # my"));
    changes(example, {"devices", "0x00158d0001020305", "friendly_name"}, "it's",
            replaced(text, "'switch'", "'it''s'"));
    changes(example, {"devices", "0x00158d0001020304", "friendly_name"}, "hall/lamp",
            replaced(text, "lamp   # in", "hall/lamp   # in"));
    changes(example, {"version"}, 6, replaced(text, "version: 5", "version: 6"));
}

BOOST_AUTO_TEST_CASE(a_list_keeps_its_form) {
    changes(example, {"advanced", "network_key"}, json::value({9, 8, 7}),
            replaced(std::string(example), "        - 1\n        - 2\n",
                     "        - 9\n        - 8\n        - 7\n"));
    changes("a: [1, 2] # two\nb: 1\n", {"a"}, json::parse("[3]"), "a: [3] # two\nb: 1\n");
    changes("a: GENERATE\nb: 1\n", {"a"}, json::value({3, 4}), "a: [3, 4]\nb: 1\n");
    changes("a:\n- x\n- y\nb: 1\n", {"a"}, json::parse(R"(["z"])"), "a:\n- z\nb: 1\n");
    changes("a: [x]\nb: 1\n", {"a"}, json::value({"x", "y, z"}), "a: [x, 'y, z']\nb: 1\n");
}

BOOST_AUTO_TEST_CASE(an_entry_is_added_behind_the_last_with_the_indentation_of_the_others) {
    json::object device;
    device["friendly_name"] = "0x00158d0001020306";
    changes(example, {"devices", "0x00158d0001020306"}, device,
            replaced(std::string(example), "friendly_name: 'switch'\n",
                     "friendly_name: 'switch'\n    '0x00158d0001020306':\n"
                     "        friendly_name: '0x00158d0001020306'\n"));
    changes(example, {"mqtt", "user"}, "me",
            replaced(std::string(example), "# my broker\n", "# my broker\n    user: me\n"));
    changes(example, {"health", "interval"}, 5,
            std::string(example) + "health:\n    interval: 5\n");
}

BOOST_AUTO_TEST_CASE(an_entry_is_removed_and_comments_before_the_next_stay) {
    changes(
        example, {"devices", "0x00158d0001020304"}, std::nullopt,
        replaced(std::string(example),
                 "    '0x00158d0001020304':\n        friendly_name: lamp   # in the hall\n", ""));
    changes(example, {"mqtt", "server"}, std::nullopt,
            replaced(std::string(example), "    server: \"mqtt://localhost\"  # my broker\n", ""));
}

BOOST_AUTO_TEST_CASE(the_last_entry_leaves_an_empty_map) {
    changes("a: 1\nd:\n  x: 2\nb: 3\n", {"d"}, json::object(), "a: 1\nd: {}\nb: 3\n");
}

BOOST_AUTO_TEST_CASE(an_empty_section_is_filled) {
    const json::value device = {{"friendly_name", "x"}};
    changes("devices:\ngroups: {}\n", {"devices", "0x1"}, device,
            "devices:\n  '0x1':\n    friendly_name: x\ngroups: {}\n");
    changes("devices: # mine\n  # none yet\ngroups: {}\n", {"devices", "0x1"}, device,
            "devices: # mine\n  '0x1':\n    friendly_name: x\n  # none yet\ngroups: {}\n");
    changes("a: 1\ngroups: {} # few\n", {"groups", "1"}, device,
            "a: 1\ngroups: {'1': {friendly_name: x}} # few\n");
    changes("devices: ~\n", {"devices", "0x1"}, device,
            "devices:\n  '0x1':\n    friendly_name: x\n");
}

BOOST_AUTO_TEST_CASE(maps_in_braces_keep_their_braces) {
    changes("d:\n  'a': {friendly_name: x, retain: true}  # hall\n  b: 1\n", {"d", "a", "retain"},
            false, "d:\n  'a': {friendly_name: x, retain: false}  # hall\n  b: 1\n");
    changes("d: {a: {n: x}, b: {name: why}}\ne: 1\n", {"d", "a"}, std::nullopt,
            "d: {b: {name: why}}\ne: 1\n");
    changes("d: {a: 'x: }', b: \"[\"}\ne: 1\n", {"d", "c"}, 1,
            "d: {a: 'x: }', b: '[', c: 1}\ne: 1\n");
    survives("d: {a: 1,\n  b: 2, # two\n  c: 3}\ne: 1\n", {"d", "b"}, 5);
    survives("{a: 1, b: {c: 2}}\n", {"b", "c"}, 3);
    survives("{}\n", {"b", "c"}, 3);
}

BOOST_AUTO_TEST_CASE(block_texts_are_one_value_with_their_hash_signs) {
    const std::string_view text =
        "a: |\n  one\n  # not a comment\n\n  two\n# comment\nb: >-\n  x\n  y\n";
    changes(text, {"a"}, "short", "a: short\n# comment\nb: >-\n  x\n  y\n");
    changes(text, {"b"}, std::nullopt, "a: |\n  one\n  # not a comment\n\n  two\n# comment\n");
    changes(text, {"c"}, 1, std::string(text) + "c: 1\n");
    survives("d:\n  a: |\n    x\n    # y\nz: 1\n", {"d", "b"}, 1);
    survives("a: \"x\n  # y\n  z\"\nb: 1\n", {"b"}, 2);
}

BOOST_AUTO_TEST_CASE(line_ends_and_a_byte_order_mark_stay) {
    changes(
        "\xEF\xBB\xBF"
        "a: 1\r\nb:\r\n  c: 2\r\n",
        {"b", "d"}, 3,
        "\xEF\xBB\xBF"
        "a: 1\r\nb:\r\n  c: 2\r\n  d: 3\r\n");
    changes("a: 1", {"b"}, 2, "a: 1\nb: 2");
    changes("a: 1", {"a"}, 2, "a: 2");
    changes("# nothing yet", {"a"}, 2, "# nothing yet\na: 2\n");
    changes("", {"a", "b"}, 2, "a:\n  b: 2\n");
    changes("---\na: 1\n...\n", {"b"}, 2, "---\na: 1\nb: 2\n...\n");
}

BOOST_AUTO_TEST_CASE(unusual_forms_give_the_right_data) {
    survives("? a\n: 1\nb: 2\n", {"a"}, 3);
    survives("a: &x {n: 1}\nb: *x\n", {"b", "n"}, 2);
    survives("a: &x\n  n: 1\nb: *x\n", {"a", "n"}, 2);
    survives("a: &x\n  n: 1\nb: *x\n", {"a"}, std::nullopt);
    survives("\"a b\": 1\n'c:d': 2\n", {"c:d"}, "x");
    survives("a: !!str 5\nb: 1\n", {"a"}, 6);
    survives("a: !secret x\nb: 1\n", {"b"}, 2);
    survives("a : 1\nb  :   2\n", {"b"}, 3);
    survives("a: plain\n  text on\n  three lines\nb: 1\n", {"a"}, "x");
    survives("a:\n  - b: 1\n    c: 2\n", {"a"}, json::value({1, "x"}));
    survives("http://x: 1\nb: 1\n", {"http://x"}, 2);
    survives("a: 1 #c: 2\nb: 1\n", {"a"}, 2);
    survives("--- # start\na: 1\n", {"a"}, 2);
    survives("a: 'x'   \nb: 1\n", {"a"}, 2);
    survives("null: 1\nb: 2\n", {"null"}, 2);
}

BOOST_AUTO_TEST_CASE(texts_of_all_kinds_are_read_back_as_they_were) {
    for (const std::string text : {"",
                                   " ",
                                   "x",
                                   "yes",
                                   "No",
                                   "on",
                                   "null",
                                   "~",
                                   "true",
                                   "12",
                                   "1e3",
                                   "0x1F",
                                   "- a",
                                   "a: b",
                                   "a #b",
                                   "#a",
                                   "'",
                                   "\"",
                                   "it's",
                                   "\\",
                                   "a\nb",
                                   "\n",
                                   "\t",
                                   "a\tb",
                                   "\x01",
                                   "\x7f",
                                   "é",
                                   "😀",
                                   "a:",
                                   ":a",
                                   "@x",
                                   "`",
                                   "%x",
                                   "!x y",
                                   "&a",
                                   "*a",
                                   "|",
                                   ">",
                                   "{a}",
                                   "[a]",
                                   "a, b",
                                   "?",
                                   "? a",
                                   "-",
                                   "---",
                                   "...",
                                   "=",
                                   "<<",
                                   "\xC2\x85",
                                   "\xE2\x80\xA8",
                                   "\xEF\xBB\xBF",
                                   "a ",
                                   "a  b",
                                   ".5",
                                   "+1",
                                   "2024-01-01",
                                   "1:30",
                                   "!secret network_key"}) {
        json::object target;
        target["k"] = text;
        target[text] = "v";
        target["list"] = json::array{text, 1};
        target["in"] = json::object{{text, json::object{{text, text}}}};
        update("k: 1\nlist: [x]\n", target);
        update("k: 'x'\nin: {}\n", target);
        update("", target);
    }
}

/// Random documents in random form, random edits: what is read back must be what was meant.
BOOST_AUTO_TEST_CASE(random_documents_and_edits_agree) {
    std::mt19937 random(20261122);
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const std::vector<std::string> keys = {"a", "b", "0x1", "12", "k k", "it's", "x:y", "true"};
    const std::vector<json::value> scalars = {1,     -2.5,   true, nullptr, "x",
                                              "yes", "a: b", "",   "#",     "é"};
    const std::function<json::value(int)> value = [&](int depth) -> json::value {
        const int kind = below(depth > 2 ? 3 : 6);
        if (kind < 3)
            return scalars[static_cast<std::size_t>(below(static_cast<int>(scalars.size())))];
        if (kind == 3) {
            json::array array;
            for (int i = below(4); i > 0; --i)
                array.push_back(scalars[static_cast<std::size_t>(below(10))]);
            return array;
        }
        json::object object;
        for (int i = below(4); i > 0; --i)
            object[keys[static_cast<std::size_t>(below(8))]] = value(depth + 1);
        return object;
    };
    const std::function<void(std::string&, const json::object&, std::size_t)> write =
        [&](std::string& out, const json::object& object, std::size_t indent) {
            for (const auto& entry : object) {
                if (below(4) == 0)
                    out += std::string(static_cast<std::size_t>(below(6)), ' ') + "# comment: x\n";
                if (below(6) == 0)
                    out += "\n";
                const auto comment = below(3) == 0 ? std::string("  # why\n") : std::string("\n");
                out += std::string(indent, ' ') + yaml_key(entry.key()) + ":";
                const auto* inner = entry.value().if_object();
                if (inner != nullptr && !inner->empty() && below(4) != 0) {
                    out += comment;
                    write(out, *inner, indent + 1 + static_cast<std::size_t>(below(4)));
                } else if (entry.value().is_null() && below(2) == 0) {
                    out += comment;
                } else {
                    out +=
                        " " + yaml_inline(entry.value(), static_cast<Quotes>(below(3))) + comment;
                }
            }
        };
    int reformatted = 0;
    for (int round = 0; round < 3000; ++round) {
        json::object document;
        for (int i = 1 + below(5); i > 0; --i)
            document[keys[static_cast<std::size_t>(below(8))]] = value(0);
        std::string text;
        write(text, document, 0);
        BOOST_REQUIRE_MESSAGE(read(text) == normalised(document).as_object(), text);
        auto target = document;
        for (int i = 1 + below(3); i > 0; --i) {
            KeyPath path;
            for (int depth = 1 + below(3); depth > 0; --depth)
                path.push_back(keys[static_cast<std::size_t>(below(8))]);
            if (below(3) == 0)
                erase_at(target, path);
            else
                set_at(target, path, value(1));
        }
        reformatted += update(text, target).reformatted ? 1 : 0;
    }
    BOOST_TEST(reformatted < 60, reformatted << " of 3000 lost their form");
}

BOOST_AUTO_TEST_CASE(a_damaged_document_is_a_failure_and_not_overwritten) {
    BOOST_TEST(update_yaml("a: [1\n", {}).has_error());
    BOOST_TEST(update_yaml("- 1\n- 2\n", {}).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
