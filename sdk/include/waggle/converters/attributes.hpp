#pragma once

#include <waggle/converters/basics.hpp>

/// Properties that are one attribute of the device.
#pragma GCC visibility push(hidden)
namespace waggle {

/// A name for a number.
struct Choice {
    std::string_view name;
    std::int64_t value;
};

struct AttributeChoice {
    std::string property;
    std::uint8_t endpoint = any_endpoint;
    std::uint16_t cluster = 0;
    std::uint16_t attribute = 0;
    Type type = Type::from_table;
    std::uint16_t manufacturer = 0;
    std::vector<Choice> choices;
    std::string description = {};
    bool readable = false;  ///< answers /get
    Category category = Category::none;
};

/// An attribute whose values have names: read, set (exact name, or in lower or upper case; also as
/// {"state": name}), published as that name.
inline Extension attribute_choice(AttributeChoice what) {
    Expose expose{.type = ExposeType::enumeration,
                  .name = what.property,
                  .access = what.readable ? Access::all : Access::state_set,
                  .description = what.description,
                  .category = what.category};
    for (const auto& choice : what.choices)
        expose.values.emplace_back(choice.name);

    const auto shared = std::make_shared<const AttributeChoice>(std::move(what));
    const auto convert = [shared](const Message& msg, Publisher& out) {
        const auto value = msg.get<std::int64_t>(shared->attribute);
        for (const auto& choice : shared->choices)
            if (value == choice.value)
                out.set(shared->property, choice.name);
    };
    const auto set_choice = [shared](const Set& set) {
        const auto inner = set.value()["state"];
        const auto value = inner.is_null() ? set.value() : inner;
        const auto text = value.text();
        if (!text)
            throw Refused("Expected text, got: " + value.to_string());
        std::vector<std::string_view> names;
        for (const auto& choice : shared->choices) {
            if (detail::lowered(*text) == detail::lowered(choice.name)) {
                const Attribute attribute{shared->attribute, choice.value, shared->type};
                return set.send(
                    write(shared->endpoint, shared->cluster, {attribute}, shared->manufacturer),
                    {{shared->property, choice.name}});
            }
            names.push_back(choice.name);
        }
        throw Refused("Key '" + std::string(*text) + "' not found in: [" +
                      detail::joined(names, ", ") + "]");
    };
    std::function<void(const Set&)> get;
    if (shared->readable)
        get = [shared](const Set& set) {
            set.send(
                read(shared->endpoint, shared->cluster, {shared->attribute}, shared->manufacturer));
        };
    return {
        .exposes = {std::move(expose)},
        .from_device = {{shared->cluster, Kind::state, shared->endpoint, convert,
                         shared->property}},
        .to_device = {{{shared->property}, set_choice, get}},
    };
}

struct NumericAttribute {
    std::string property;
    std::uint16_t cluster = 0;
    std::uint16_t attribute = 0;
    std::string description = {};
    std::string unit = {};
    double scale = 1;                   ///< the attribute is the value times this
    std::optional<int> precision = {};  ///< decimals
    std::function<double(double)> from_raw = {}, to_raw = {};  ///< instead of `scale`
    std::optional<ReportingInterval> reporting = {};
    Access access = Access::all;
    std::optional<double> min = {}, max = {}, step = {};
    std::string label = {};
    Category category = Category::none;
    EndpointNames endpoints = {};
    Type type = Type::from_table;  ///< of a written attribute
    std::uint16_t manufacturer = 0;
};

/// A number that is an attribute: published, set, read. Bound and reported where `reporting` is set,
/// read once when the device is prepared where it can be read.
inline Extension numeric(NumericAttribute what) {
    const bool settable = detail::has(what.access, Access::set);
    const bool readable = detail::has(what.access, Access::get);
    Expose expose{.type = ExposeType::numeric,
                  .name = what.property,
                  .access = what.access,
                  .description = what.description,
                  .label = what.label,
                  .unit = what.unit,
                  .category = what.category,
                  .min = what.min,
                  .max = what.max,
                  .step = what.step};
    Extension result{.exposes = of_endpoints(expose, what.endpoints)};

    const auto shared = std::make_shared<const NumericAttribute>(std::move(what));
    const auto convert = [shared](const Message& msg, Publisher& out) {
        const auto raw = msg[shared->attribute].number();
        if (!raw)
            return;
        double value = shared->from_raw ? shared->from_raw(*raw) : *raw / shared->scale;
        if (shared->precision)
            value = round_to(value, *shared->precision);
        if (shared->endpoints.empty())
            out.set(shared->property, number(value));
        else
            out.set_of_endpoint(shared->property, number(value));
    };
    const auto set_number = [shared](const Set& set) {
        const auto wanted = set.value().number();
        if (!wanted)
            throw Refused(shared->property + " is not a number, got " + set.value().to_string());
        double raw = shared->to_raw ? shared->to_raw(*wanted) : *wanted * shared->scale;
        if (shared->precision)
            raw = round_to(raw, *shared->precision);
        const Attribute attribute{shared->attribute, number(raw), shared->type};
        set.send(write(set.endpoint_with(shared->cluster), shared->cluster, {attribute},
                       shared->manufacturer),
                 {{shared->property, number(*wanted)}});
    };
    const auto get_number = [shared](const Set& set) {
        set.send(read(set.endpoint_with(shared->cluster), shared->cluster, {shared->attribute},
                      shared->manufacturer));
    };
    result.from_device = {{.cluster = shared->cluster,
                           .convert = convert,
                           .name = shared->property,
                           .endpoints = shared->endpoints}};
    if (settable || readable) {
        ToDevice row{.keys = {shared->property}};
        if (settable)
            row.set = set_number;
        if (readable)
            row.get = get_number;
        result.to_device = {std::move(row)};
    }
    detail::set_up(result, shared->cluster, {{shared->attribute, shared->reporting}}, readable,
                   shared->endpoints, shared->manufacturer);
    return result;
}

struct BinaryAttribute {
    std::string property;
    std::uint16_t cluster = 0;
    std::uint16_t attribute = 0;
    Value value_on = true, value_off = false;  ///< as they are published and set
    std::int64_t raw_on = 1, raw_off = 0;      ///< as the device has them
    std::string description = {};
    std::optional<ReportingInterval> reporting = {};
    Access access = Access::all;
    std::string label = {};
    Category category = Category::none;
    EndpointNames endpoints = {};
    Type type = Type::from_table;
    std::uint16_t manufacturer = 0;
};

/// Yes or no that is an attribute; otherwise like numeric().
inline Extension binary(BinaryAttribute what) {
    const bool settable = detail::has(what.access, Access::set);
    const bool readable = detail::has(what.access, Access::get);
    const Expose expose{.type = ExposeType::binary,
                        .name = what.property,
                        .access = what.access,
                        .description = what.description,
                        .label = what.label,
                        .category = what.category,
                        .value_on = what.value_on,
                        .value_off = what.value_off};
    Extension result{.exposes = of_endpoints(expose, what.endpoints)};

    const auto shared = std::make_shared<const BinaryAttribute>(std::move(what));
    const auto convert = [shared](const Message& msg, Publisher& out) {
        const auto raw = msg[shared->attribute].integer();
        if (!raw)
            return;
        const auto& value = *raw == shared->raw_on ? shared->value_on : shared->value_off;
        if (shared->endpoints.empty())
            out.set(shared->property, value);
        else
            out.set_of_endpoint(shared->property, value);
    };
    const auto set_binary = [shared](const Set& set) {
        const auto wanted = set.value().copy();
        const bool on = wanted == shared->value_on;
        if (!on && wanted != shared->value_off)
            throw Refused("'" + shared->property + "' has no value " + set.value().to_string());
        const auto raw = on ? shared->raw_on : shared->raw_off;
        set.send(write(set.endpoint_with(shared->cluster), shared->cluster,
                       {{shared->attribute, raw, shared->type}}, shared->manufacturer),
                 {{shared->property, set.value().copy()}});
    };
    const auto get_binary = [shared](const Set& set) {
        set.send(read(set.endpoint_with(shared->cluster), shared->cluster, {shared->attribute},
                      shared->manufacturer));
    };
    result.from_device = {{.cluster = shared->cluster,
                           .convert = convert,
                           .name = shared->property,
                           .endpoints = shared->endpoints}};
    if (settable || readable) {
        ToDevice row{.keys = {shared->property}};
        if (settable)
            row.set = set_binary;
        if (readable)
            row.get = get_binary;
        result.to_device = {std::move(row)};
    }
    detail::set_up(result, shared->cluster, {{shared->attribute, shared->reporting}}, readable,
                   shared->endpoints, shared->manufacturer);
    return result;
}

}  // namespace waggle
#pragma GCC visibility pop
