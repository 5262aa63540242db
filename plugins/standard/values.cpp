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

void add_binary(Maker& maker, const Endpoints& endpoints, const Kind& kind) {
    for (const auto& endpoint : endpoints) {
        const auto names = name_of(maker, endpoints, endpoint);
        const Naming naming(maker, endpoint, kind, !names.empty());
        maker.add(binary({.property = property_of(naming.name),
                          .cluster = kind.cluster,
                          .attribute = attr::present_value,
                          .value_on = "ON",
                          .value_off = "OFF",
                          .description = naming.description,
                          .reporting = ReportingInterval{0, 65000, 1},
                          .access = kind.access,
                          .label = naming.label,
                          .endpoints = names}));
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
        maker.add(numeric({.property = property_of(naming.name),
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
                           .endpoints = names}));
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
