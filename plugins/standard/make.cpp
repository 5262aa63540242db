#include <algorithm>

#include "standard.hpp"

using namespace waggle;

namespace standard {
namespace {

using Add = void (*)(Maker&, const Endpoints&);

/// Which clusters a part is made of. The first of them that the device lists is where it stands.
struct Rule {
    std::vector<std::uint16_t> clusters;
    Add add;
};

/// The name of a function of the SDK, as a template's argument.
template <std::size_t size>
struct Name {
    constexpr Name(const char (&of)[size]) { std::copy_n(of, size, text); }
    char text[size];
};

/// A part that needs to know only its endpoints.
template <auto block, Name name>
void add_simple(Maker& maker, const Endpoints& endpoints) {
    const auto names = maker.names(endpoints);
    maker.add(block({.endpoints = names}), Call(name.text).endpoints(names));
}

void add_battery(Maker& maker, const Endpoints&) {
    maker.add(battery(), Call("battery"));
}

/// One meter: where several endpoints have one, the first.
void add_meter(Maker& maker, const Endpoints& endpoints) {
    const auto& endpoint = endpoints.front();
    const bool metering = endpoint.has_input(cluster::metering);
    const bool electrical = endpoint.has_input(cluster::electrical_measurement);
    ElectricityMeter meter;
    Call call("electricity_meter");
    if (!metering || !electrical) {
        meter.clusters = metering ? MeterClusters::metering : MeterClusters::electrical;
        call.member("clusters", metering ? "MeterClusters::metering" : "MeterClusters::electrical");
    }
    if (meter.clusters == MeterClusters::electrical) {
        constexpr std::int64_t dc_measurement = 1 << 6;
        const auto type =
            maker.attribute(endpoint, deciding::measurement_type).integer().value_or(0);
        meter.direct_current = (type & dc_measurement) != 0;
    }
    if (meter.direct_current)
        call.member("direct_current", "true");
    if (endpoint.id() != 1)
        meter.endpoints = {std::to_string(endpoint.id())};
    call.endpoints(meter.endpoints);
    maker.add(electricity_meter(std::move(meter)), call);
}

void add_lock(Maker& maker, const Endpoints& endpoints) {
    const auto users =
        maker.attribute(endpoints.front(), deciding::pin_users).integer().value_or(50);
    const auto codes = static_cast<unsigned>(users);
    maker.add(lock({.pin_codes = codes}), Call("lock").member("pin_codes", std::to_string(codes)));
}

void add_occupancy(Maker& maker, const Endpoints& endpoints) {
    const auto names = maker.names(endpoints);
    maker.add(occupancy({.endpoints = names}), Call("occupancy").endpoints(names));
}

void add_zone(Maker& maker, const Endpoints&) {
    using enum ZoneBit;
    maker.add(ias_zone({.bits = {alarm_1, alarm_2, tamper, battery_low}}),
              Call("ias_zone")
                  .member("bits",
                          "{ZoneBit::alarm_1, ZoneBit::alarm_2, "
                          "ZoneBit::tamper, ZoneBit::battery_low}"));
}

void add_warning(Maker& maker, const Endpoints&) {
    maker.add(ias_warning(), Call("ias_warning"));
}

void add_cover(Maker& maker, const Endpoints&) {
    maker.add(cover({.tilt = true}), Call("cover").member("tilt", "true"));
    maker.unsuffixed({"state", "position", "tilt", "cover_mode"});
}

void add_identify(Maker& maker, const Endpoints&) {
    maker.add(identify(), Call("identify"));
}

void add_ballast(Maker& maker, const Endpoints&) {
    maker.add(lighting_ballast(), Call("lighting_ballast"));
}

const std::vector<Rule>& input_rules() {
    static const std::vector<Rule> rules{
        {{cluster::temperature}, add_simple<temperature, "temperature">},
        {{cluster::pressure}, add_simple<pressure, "pressure">},
        {{cluster::humidity}, add_simple<humidity, "humidity">},
        {{cluster::co2}, add_simple<co2, "co2">},
        {{cluster::power}, add_battery},
        {{cluster::on_off, cluster::level, cluster::color}, add_lights},
        {{cluster::metering, cluster::electrical_measurement}, add_meter},
        {{cluster::door_lock}, add_lock},
        {{cluster::illuminance}, add_simple<illuminance, "illuminance">},
        {{cluster::occupancy}, add_occupancy},
        {{cluster::ias_zone}, add_zone},
        {{cluster::ias_warning}, add_warning},
        {{cluster::device_temperature}, add_simple<device_temperature, "device_temperature">},
        {{cluster::pm25}, add_simple<pm25, "pm25">},
        {{cluster::flow}, add_simple<flow, "flow">},
        {{cluster::soil_moisture}, add_simple<soil_moisture, "soil_moisture">},
        {{cluster::window_covering}, add_cover},
        {{0x000F}, add_binary_input},
        {{0x0010}, add_binary_output},
        {{cluster::analog_input}, add_analog_input},
        {{0x000D}, add_analog_output},
        {{cluster::thermostat}, add_thermostat},
        {{cluster::fan}, add_fan},
        {{0x0204}, add_thermostat_ui},
        {{cluster::identify}, add_identify},
        {{cluster::ballast}, add_ballast},
    };
    return rules;
}

const std::vector<Rule>& output_rules() {
    static const std::vector<Rule> rules{
        {{cluster::on_off}, add_simple<commands_on_off, "commands_on_off">},
        {{cluster::level}, add_simple<commands_level, "commands_level">},
        {{cluster::color}, add_simple<commands_color, "commands_color">},
        {{cluster::window_covering}, add_simple<commands_cover, "commands_cover">},
    };
    return rules;
}

std::vector<std::uint16_t> ids_of(const wg_table& clusters) {
    const auto* first = static_cast<const std::uint16_t*>(clusters.items);
    return {first, first + clusters.count};
}

}  // namespace

bool Maker::is_first(const Endpoints& endpoints) const {
    return endpoints.size() == 1 && endpoints.front().id() == all_.front().id();
}

EndpointNames Maker::names(const Endpoints& endpoints) const {
    EndpointNames result;
    if (!is_first(endpoints))
        for (const auto& endpoint : endpoints)
            result.push_back(std::to_string(endpoint.id()));
    return result;
}

bool Maker::has_several() const {
    const auto counts = [](const EndpointInfo& endpoint) {
        return endpoint.id() != green_power_endpoint;
    };
    return std::count_if(all_.begin(), all_.end(), counts) > 1;
}

void Maker::unsuffixed(std::initializer_list<const char*> properties) {
    unsuffixed_.insert(unsuffixed_.end(), properties.begin(), properties.end());
}

/// Parts stand in the order in which the device lists its clusters, endpoint by endpoint; one of
/// several clusters is for the endpoints that have the first of these.
void Maker::add_parts(bool inputs) {
    std::vector<std::pair<std::uint16_t, Endpoints>> clusters;
    for (const auto& endpoint : all_)
        for (const auto id : ids_of(inputs ? endpoint.raw().inputs : endpoint.raw().outputs)) {
            const auto is_same = [id](const auto& entry) { return entry.first == id; };
            auto found = std::find_if(clusters.begin(), clusters.end(), is_same);
            if (found == clusters.end())
                found = clusters.insert(clusters.end(), {id, {}});
            found->second.push_back(endpoint);
        }
    std::vector<const Rule*> used;
    for (const auto& [id, endpoints] : clusters)
        for (const auto& rule : inputs ? input_rules() : output_rules()) {
            const bool fits = std::count(rule.clusters.begin(), rule.clusters.end(), id) != 0;
            if (!fits || std::count(used.begin(), used.end(), &rule) != 0)
                continue;
            used.push_back(&rule);
            rule.add(*this, endpoints);
        }
}

std::optional<std::string> Maker::source() {
    const auto made = definition();
    return made ? std::optional(plugin_source(*made, calls_)) : std::nullopt;
}

std::optional<Definition> Maker::definition() {
    const auto info = device_.info();
    const auto model = view(info.model_id), vendor = view(info.manufacturer_name);
    if (model.empty() || all_.empty() || view(info.device_type) == "GreenPower")
        return std::nullopt;
    add_parts(true);
    add_parts(false);
    Definition result{.zigbee_models = {std::string(model)},
                      .model = std::string(model),
                      .vendor = vendor.empty() ? "unknown" : std::string(vendor),
                      .description = "Automatically generated definition"};
    result.extend = std::move(parts_);
    if (is_silent_when_bound(info))
        result.traits.push_back({"pollWhenBound", true});
    if (has_several()) {
        result.multi_endpoint = true;
        result.unsuffixed = std::move(unsuffixed_);
        for (const auto& endpoint : all_)
            if (endpoint.id() != green_power_endpoint)
                result.endpoints.push_back({std::to_string(endpoint.id()), endpoint.id()});
    }
    return result;
}

}  // namespace standard
