#include "standard.hpp"

using namespace waggle;

/// Inputs and outputs of no particular meaning: the device may say what they are called, in what unit
/// they count and between which limits.
namespace standard {
namespace {

struct Kind {
    std::uint16_t cluster;
    const char* name;   ///< "binary_input"
    const char* title;  ///< "Binary Input"
    Access access;
};

std::string property_of(std::string_view name) {
    std::string result;
    bool blank = false;
    for (const char c : name) {
        const bool is_blank = c == ' ' || (c >= '\t' && c <= '\r');
        if (is_blank && !blank)
            result += '_';
        else if (!is_blank)
            result += c;
        blank = is_blank;
    }
    return detail::lowered(result);
}

/// What the device calls it, and what it is called otherwise.
struct Naming {
    Naming(const Maker& maker, const EndpointInfo& endpoint, const Kind& kind, bool suffixed) {
        const auto number = std::to_string(endpoint.id());
        name = suffixed ? kind.name : std::string(kind.name) + "_" + number;
        const auto told = maker.attribute(endpoint, {kind.cluster, deciding::description}).text();
        if (told && !told->empty()) {
            name = *told;
            label = *told;
        }
        description = std::string(kind.title) + " " + name + " on endpoint " + number;
    }
    std::string name, label, description;
};

EndpointNames name_of(const Maker& maker, const Endpoints& endpoints, const EndpointInfo& one) {
    return maker.is_first(endpoints) ? EndpointNames{} : EndpointNames{std::to_string(one.id())};
}

constexpr std::string_view usual_reporting = "ReportingInterval{0, 65000, 1}";

std::string_view access_text(const Kind& kind) {
    return kind.access == Access::all ? "Access::all" : "Access::state_get";
}

/// The members that both kinds of attributes begin with.
Call begun(std::string_view function, std::string_view property, const Kind& kind) {
    return Call(function)
        .text("property", property)
        .member("cluster", cluster_text(kind.cluster))
        .member("attribute", "attr::present_value");
}

void add_binary(Maker& maker, const Endpoints& endpoints, const Kind& kind) {
    for (const auto& endpoint : endpoints) {
        const auto names = name_of(maker, endpoints, endpoint);
        const Naming naming(maker, endpoint, kind, !names.empty());
        BinaryAttribute part{.property = property_of(naming.name),
                             .cluster = kind.cluster,
                             .attribute = attr::present_value,
                             .value_on = "ON",
                             .value_off = "OFF",
                             .description = naming.description,
                             .reporting = ReportingInterval{0, 65000, 1},
                             .access = kind.access,
                             .label = naming.label,
                             .endpoints = names};
        auto call = begun("binary", part.property, kind);
        call.member("value_on", quoted("ON")).member("value_off", quoted("OFF"));
        call.text("description", part.description).member("reporting", usual_reporting);
        call.member("access", access_text(kind)).text("label", part.label).endpoints(names);
        maker.add(binary(std::move(part)), call);
    }
}

void add_analog(Maker& maker, const Endpoints& endpoints, const Kind& kind) {
    for (const auto& endpoint : endpoints) {
        const auto names = name_of(maker, endpoints, endpoint);
        const Naming naming(maker, endpoint, kind, !names.empty());
        const auto told = [&](std::uint16_t attribute) {
            return maker.attribute(endpoint, {kind.cluster, attribute});
        };
        const auto unit = unit_of(told(deciding::application_type).integer(),
                                  told(deciding::engineering_units).integer());
        NumericAttribute part{.property = property_of(naming.name),
                              .cluster = kind.cluster,
                              .attribute = attr::present_value,
                              .description = naming.description,
                              .unit = std::string(unit),
                              .reporting = ReportingInterval{0, 65000, 1},
                              .access = kind.access,
                              .min = told(deciding::minimum).number(),
                              .max = told(deciding::maximum).number(),
                              .step = told(deciding::resolution).number(),
                              .label = naming.label,
                              .endpoints = names};
        auto call = begun("numeric", part.property, kind);
        call.text("description", part.description).text("unit", part.unit);
        call.member("reporting", usual_reporting).member("access", access_text(kind));
        for (const auto& [name, limit] :
             {std::pair("min", part.min), std::pair("max", part.max), std::pair("step", part.step)})
            if (limit)
                call.member(name, number_text(*limit));
        call.text("label", part.label).endpoints(names);
        maker.add(numeric(std::move(part)), call);
    }
}

}  // namespace

void add_binary_input(Maker& maker, const Endpoints& endpoints) {
    add_binary(maker, endpoints, {0x000F, "binary_input", "Binary Input", Access::state_get});
}
void add_binary_output(Maker& maker, const Endpoints& endpoints) {
    add_binary(maker, endpoints, {0x0010, "binary_output", "Binary Output", Access::all});
}
void add_analog_input(Maker& maker, const Endpoints& endpoints) {
    add_analog(maker, endpoints, {0x000C, "analog_input", "Analog Input", Access::state_get});
}
void add_analog_output(Maker& maker, const Endpoints& endpoints) {
    add_analog(maker, endpoints, {0x000D, "analog_output", "Analog Output", Access::all});
}

}  // namespace standard
