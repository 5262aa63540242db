#include <algorithm>

#include "standard.hpp"

using namespace waggle;

/// What is switched: lights where there is a level or a colour, switches elsewhere.
namespace standard {
namespace {

enum Capabilities : std::uint8_t { hue_saturation = 1, enhanced_hue = 2, xy = 8, temperature = 16 };

/// A device that does not tell is offered everything.
constexpr std::int64_t every_capability = 31;

Light light_of(Maker& maker, const EndpointInfo& endpoint) {
    Light light;
    if (!endpoint.has_input(cluster::color))
        return light;
    const auto can = maker.attribute(endpoint, deciding::color_capabilities)
                         .integer()
                         .value_or(every_capability);
    if (can & temperature)
        light.color_temp = {
            .coolest = maker.attribute(endpoint, deciding::coolest).number().value_or(150),
            .warmest = maker.attribute(endpoint, deciding::warmest).number().value_or(500)};
    if (can & xy)
        light.color = {.hs = (can & hue_saturation) != 0,
                       .enhanced_hue = (can & enhanced_hue) != 0};
    return light;
}

std::string flag(bool value) {
    return value ? "true" : "false";
}

Call call_of(const Light& light) {
    Call call("light");
    if (light.color_temp)
        call.member("color_temp", "ColorTemp{.coolest = " + number_text(light.color_temp->coolest) +
                                      ", .warmest = " + number_text(light.color_temp->warmest) +
                                      "}");
    if (light.color)
        call.member("color", "Color{.hs = " + flag(light.color->hs) +
                                 ", .enhanced_hue = " + flag(light.color->enhanced_hue) + "}");
    return call.endpoints(light.endpoints);
}

}  // namespace

void add_lights(Maker& maker, const Endpoints& endpoints) {
    Endpoints lights, switches;
    for (const auto& endpoint : endpoints) {
        const bool is_light =
            endpoint.has_input(cluster::color) || endpoint.has_input(cluster::level);
        (is_light ? lights : switches).push_back(endpoint);
    }
    if (!switches.empty()) {
        const auto names = maker.names(switches);
        maker.add(on_off({.endpoints = names}), Call("on_off").endpoints(names));
        if (maker.is_first(switches))
            maker.unsuffixed({"state", "on", "off", "power_on_behavior"});
    }
    if (maker.is_first(lights))
        maker.unsuffixed({"state", "on", "off", "brightness", "level_config", "power_on_behavior",
                          "color_temp", "color_temp_startup", "color", "color_mode",
                          "color_options"});
    for (const auto& endpoint : lights) {
        auto light_here = light_of(maker, endpoint);
        if (!maker.is_first(lights))
            light_here.endpoints = {std::to_string(endpoint.id())};
        const auto call = call_of(light_here);
        maker.add(light(std::move(light_here)), call);
    }
}

bool is_silent_when_bound(const wg_entity_info& device) {
    // Signify (Hue), Atmel, Busch-Jaeger, Telink, Müller Licht, GLEDOPTO
    constexpr std::uint16_t makers[] = {0x100B, 0x1014, 0x112E, 0x1141, 0x121B, 0x124F};
    constexpr std::string_view names[] = {"GLEDOPTO",
                                          std::string_view("Trust International B.V.\0", 25)};
    return std::ranges::count(makers, device.manufacturer) != 0 ||
           std::ranges::count(names, view(device.manufacturer_name)) != 0;
}

}  // namespace standard
