#include "store/schema.hpp"

#include <algorithm>
#include <regex>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include "store/json_text.hpp"

namespace waggle::store {
namespace {

namespace json = boost::json;

const json::value* member(const json::object& rule, std::string_view key) {
    return rule.if_contains(key);
}

std::vector<std::string> types_of(const json::object& rule) {
    std::vector<std::string> types;
    const auto* type = member(rule, "type");
    if (type == nullptr)
        return types;
    if (const auto* one = type->if_string())
        types.emplace_back(*one);
    else
        for (const auto& each : type->get_array())
            types.emplace_back(each.get_string());
    return types;
}

bool has_type(const json::value& value, std::string_view type) {
    return (type == "null" && value.is_null()) || (type == "boolean" && value.is_bool()) ||
           (type == "number" && value.is_number()) || (type == "string" && value.is_string()) ||
           (type == "array" && value.is_array()) || (type == "object" && value.is_object());
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    std::string out;
    for (const auto& part : parts) {
        if (!out.empty())
            out += separator;
        out += part;
    }
    return out;
}

bool matches(std::string_view text, std::string_view pattern) {
    const std::regex regex(pattern.data(), pattern.size(), std::regex::ECMAScript);
    return std::regex_search(text.begin(), text.end(), regex);
}

/// One pass over a value; collects.
class Checker {
  public:
    Checker(const json::object& document, std::vector<SchemaProblem>& problems)
        : document_(document), problems_(problems) {}

    void check(const json::value& value, const json::object& rule) {
        if (const auto* reference = member(rule, "$ref")) {
            check(value, resolve(reference->get_string()));
            return;
        }
        const auto types = types_of(rule);
        const auto fits = [&](const std::string& type) { return has_type(value, type); };
        if (!types.empty() && std::none_of(types.begin(), types.end(), fits))
            report(rule, "must be " + joined(types, ","));
        if (value.is_number())
            check_range(value, rule);
        if (value.is_string())
            check_pattern(value, rule);
        check_choices(value, rule);
        if (value.is_array())
            check_items(value.get_array(), rule);
        if (value.is_object())
            check_members(value.get_object(), rule);
    }

    const json::object& resolve(std::string_view reference) const {
        const auto name = reference.substr(std::string_view("#/definitions/").size());
        return document_.at("definitions").at(name).as_object();
    }

  private:
    void report(const json::object& rule, std::string message) {
        problems_.push_back({path_, std::move(message), describe_allowed(rule), false});
    }

    void check_range(const json::value& value, const json::object& rule) {
        const auto number = value.to_number<double>();
        if (const auto* most = member(rule, "maximum"); most && number > most->to_number<double>())
            report(rule, "must be <= " + compact_json(*most));
        if (const auto* least = member(rule, "minimum");
            least && number < least->to_number<double>())
            report(rule, "must be >= " + compact_json(*least));
    }

    void check_pattern(const json::value& value, const json::object& rule) {
        const auto* pattern = member(rule, "pattern");
        if (pattern != nullptr && !matches(value.get_string(), pattern->get_string()))
            report(rule, "must match pattern \"" + std::string(pattern->get_string()) + "\"");
    }

    void check_choices(const json::value& value, const json::object& rule) {
        if (const auto* choices = member(rule, "enum")) {
            const auto& list = choices->get_array();
            if (std::find(list.begin(), list.end(), value) == list.end())
                report(rule, "must be equal to one of the allowed values");
        }
        if (const auto* alternatives = member(rule, "oneOf"))
            check_alternatives(value, rule, alternatives->get_array());
    }

    void check_alternatives(const json::value& value, const json::object& rule,
                            const json::array& alternatives) {
        const auto before = problems_.size();
        std::vector<SchemaProblem> all;
        for (const auto& alternative : alternatives) {
            check(value, alternative.get_object());
            if (problems_.size() == before)
                return;
            std::move(problems_.begin() + static_cast<std::ptrdiff_t>(before), problems_.end(),
                      std::back_inserter(all));
            problems_.resize(before);
        }
        for (auto& problem : all) {
            if (problem.path == path_)
                problem.allowed = describe_allowed(rule);
            problems_.push_back(std::move(problem));
        }
        report(rule, "must match exactly one schema in oneOf");
    }

    void check_items(const json::array& array, const json::object& rule) {
        const auto* items = member(rule, "items");
        for (std::size_t i = 0; items != nullptr && i < array.size(); ++i) {
            path_.push_back(std::to_string(i));
            check(array[i], items->get_object());
            path_.pop_back();
        }
    }

    void check_members(const json::object& object, const json::object& rule) {
        if (const auto* required = member(rule, "required"))
            for (const auto& key : required->get_array())
                if (!object.contains(key.get_string()))
                    problems_.push_back(
                        {path_,
                         "must have required property '" + std::string(key.get_string()) + "'",
                         "needs the key `" + std::string(key.get_string()) + "`", true});
        check_names(object, rule);
        const auto* properties = member(rule, "properties");
        if (properties != nullptr)
            for (const auto& property : properties->get_object())
                if (const auto* value = object.if_contains(property.key()))
                    check_member(property.key(), *value, property.value().get_object());
        const auto* patterns = member(rule, "patternProperties");
        const auto* others = member(rule, "additionalProperties");
        if (patterns == nullptr && others == nullptr)
            return;
        const auto& each = patterns ? patterns->get_object().begin()->value() : *others;
        for (const auto& entry : object)
            check_member(entry.key(), entry.value(), each.get_object());
    }

    void check_names(const json::object& object, const json::object& rule) {
        const auto* names = member(rule, "propertyNames");
        if (names == nullptr)
            return;
        const auto pattern = names->at("pattern").get_string();
        for (const auto& entry : object) {
            if (matches(entry.key(), pattern))
                continue;
            const auto allowed =
                "the key '" + std::string(entry.key()) + "' must match " + std::string(pattern);
            problems_.push_back(
                {path_, "must match pattern \"" + std::string(pattern) + "\"", allowed, false});
            problems_.push_back({path_, "property name must be valid", allowed, false});
        }
    }

    void check_member(std::string_view key, const json::value& value, const json::object& rule) {
        path_.emplace_back(key);
        check(value, rule);
        path_.pop_back();
    }

    const json::object& document_;
    std::vector<SchemaProblem>& problems_;
    KeyPath path_;
};

/// Walks value and rule together; `found` says of each rule met whether to stop.
bool any_rule(const json::object& document, const json::value& value, const json::object& rule,
              bool (*found)(const json::object&)) {
    if (const auto* reference = member(rule, "$ref")) {
        std::vector<SchemaProblem> none;
        return any_rule(document, value, Checker(document, none).resolve(reference->get_string()),
                        found);
    }
    if (found(rule))
        return true;
    if (!value.is_object())
        return false;
    for (const auto& entry : value.get_object()) {
        const json::object* inner = nullptr;
        if (const auto* properties = member(rule, "properties"))
            if (const auto* property = properties->get_object().if_contains(entry.key()))
                inner = property->if_object();
        if (const auto* patterns = member(rule, "patternProperties"))
            inner = patterns->get_object().begin()->value().if_object();
        if (inner != nullptr && any_rule(document, entry.value(), *inner, found))
            return true;
    }
    return false;
}

bool wants_restart(const json::object& rule) {
    const auto* flag = member(rule, "requiresRestart");
    return flag != nullptr && flag->is_bool() && flag->get_bool();
}

void find_unknown(const json::object& object, const json::object& rule, KeyPath& path,
                  std::vector<KeyPath>& unknown) {
    const auto* properties = member(rule, "properties");
    if (properties == nullptr || member(rule, "patternProperties") != nullptr)
        return;
    for (const auto& entry : object) {
        path.emplace_back(entry.key());
        const auto* inner = properties->get_object().if_contains(entry.key());
        if (inner == nullptr)
            unknown.push_back(path);
        else if (entry.value().is_object())
            find_unknown(entry.value().get_object(), inner->get_object(), path, unknown);
        path.pop_back();
    }
}

std::string describe_number(const json::object& rule) {
    const auto* least = member(rule, "minimum");
    const auto* most = member(rule, "maximum");
    if (least != nullptr && most != nullptr)
        return "a number from " + compact_json(*least) + " to " + compact_json(*most);
    if (least != nullptr)
        return "a number, at least " + compact_json(*least);
    return "a number";
}

std::string describe_type(const std::string& type, const json::object& rule) {
    if (type == "boolean")
        return "true or false";
    if (type == "number")
        return describe_number(rule);
    if (type == "array")
        return "a list";
    if (type == "object")
        return "a map of keys and values";
    if (type == "null")
        return "empty";
    const auto* pattern = member(rule, "pattern");
    return pattern == nullptr ? "a text"
                              : "a text that matches " + std::string(pattern->get_string());
}

std::string describe(const json::object& rule) {
    if (const auto* choices = member(rule, "enum")) {
        std::vector<std::string> names;
        for (const auto& choice : choices->get_array())
            names.push_back(choice.is_string() ? std::string(choice.get_string())
                                               : compact_json(choice));
        return "one of " + joined(names, ", ");
    }
    std::vector<std::string> kinds;
    if (const auto* alternatives = member(rule, "oneOf")) {
        for (const auto& alternative : alternatives->get_array()) {
            const auto& inner = alternative.get_object();
            const auto* title = member(inner, "title");
            const bool is_word = title && title->get_string() == "GENERATE";
            kinds.push_back(is_word ? "GENERATE" : describe(inner));
        }
    }
    for (const auto& type : types_of(rule))
        kinds.push_back(describe_type(type, rule));
    return joined(kinds, " or ");
}

}  // namespace

std::string SchemaProblem::text() const {
    return joined(path, "/") + " " + message;
}

std::string describe_allowed(const json::object& rule) {
    const auto what = describe(rule);
    return what.empty() ? "must be another value" : "must be " + what;
}

Schema::Schema()
    : document_(json::parse(schema_text, json::make_shared_resource<json::monotonic_resource>())) {
}

std::vector<SchemaProblem> Schema::check(const json::value& configuration) const {
    std::vector<SchemaProblem> problems;
    Checker(document(), problems).check(configuration, document());
    return problems;
}

bool Schema::needs_restart(const json::value& changes) const {
    return any_rule(document(), changes, document(), wants_restart);
}
bool Schema::device_needs_restart(const json::value& options) const {
    return any_rule(document(), options, definition("device"), wants_restart);
}
bool Schema::group_needs_restart(const json::value& options) const {
    return any_rule(document(), options, definition("group"), wants_restart);
}

std::vector<KeyPath> Schema::unknown_keys(const json::value& configuration) const {
    std::vector<KeyPath> unknown;
    KeyPath path;
    if (configuration.is_object())
        find_unknown(configuration.get_object(), document(), path, unknown);
    return unknown;
}

const json::object* Schema::rule_at(const KeyPath& path) const {
    const json::object* rule = &document();
    for (const auto& key : path) {
        const auto* properties = member(*rule, "properties");
        const auto* inner = properties ? properties->get_object().if_contains(key) : nullptr;
        if (inner == nullptr)
            return nullptr;
        rule = inner->if_object();
    }
    return rule;
}

const json::object& Schema::definition(std::string_view name) const {
    return document().at("definitions").at(name).as_object();
}

}  // namespace waggle::store
