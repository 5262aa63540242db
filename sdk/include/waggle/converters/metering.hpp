#pragma once

#include <waggle/converters/sequence.hpp>

/// Electricity and gas: electrical measurement [ZCL8 4.9] and metering [SE 1.4 D.3]. What a device
/// sends is a count; its own multiplier and divisor, read when it is prepared, make it a value. A
/// definition that gives them is believed instead.
#pragma GCC visibility push(hidden)
namespace waggle {

struct MeterValue {
    bool present = true;
    double multiplier = 0, divisor = 0;  ///< 0: as the device says; one given: the other is 1
    std::optional<std::uint16_t> minimum = {}, maximum = {};  ///< of the reporting
    std::optional<double> change = {};                        ///< likewise, in the count's unit

    static MeterValue absent() { return {.present = false}; }
    bool is_forced() const noexcept { return multiplier != 0 || divisor != 0; }
};

enum class MeterClusters : std::uint8_t { both, electrical, metering };

struct ElectricityMeter {
    MeterClusters clusters = MeterClusters::both;
    MeterValue power = {}, voltage = {}, current = {}, energy = {};
    MeterValue produced_energy = MeterValue::absent(), ac_frequency = MeterValue::absent(),
               power_factor = MeterValue::absent(), apparent_power = MeterValue::absent();
    bool power_from_metering = false;  ///< with both clusters
    bool three_phase = false;
    bool tariffs = false;
    bool direct_current = false;
    bool configure_reporting = true;
    EndpointNames endpoints = {};
};

struct GasMeter {
    MeterValue flow = {}, volume = {};
    bool status = true, extended_status = true;
    bool configure_reporting = true;
};

namespace detail {

/// The attributes that make a value of a count; 0 multiplier: nothing does.
struct Factor {
    std::uint16_t multiplier = 0, divisor = 0;
};
inline constexpr Factor ac_voltage{0x0600, 0x0601}, ac_current{0x0602, 0x0603},
    ac_power{0x0604, 0x0605}, ac_frequency_factor{0x0400, 0x0401}, dc_voltage{0x0200, 0x0201},
    dc_current{0x0202, 0x0203}, dc_power{0x0204, 0x0205}, metering_factor{0x0301, 0x0302};

inline constexpr std::uint16_t extended_status = 0x0204;  ///< of metering, a 64-bit bitmap

/// One attribute of a meter.
struct MeterRow {
    std::uint16_t attribute;
    const char* property;
    Factor factor;
    double change = 0;  ///< that is reported, in the property's unit; 0: not reported
    MeterValue forced = {};
};

/// A meter's rows on one cluster.
struct Meter {
    std::uint16_t cluster = 0;
    std::vector<MeterRow> converted;
    std::vector<MeterRow> reported;
};

/// Value of a count. 1 while the device's own numbers are not known.
inline std::optional<double> factor_of(Device device, std::uint8_t endpoint, std::uint16_t cluster,
                                       const Factor& factor, const MeterValue& forced) {
    if (forced.is_forced())
        return (forced.multiplier != 0 ? forced.multiplier : 1) /
               (forced.divisor != 0 ? forced.divisor : 1);
    const auto multiplier = device.attribute(endpoint, cluster, factor.multiplier).number();
    const auto divisor = device.attribute(endpoint, cluster, factor.divisor).number();
    if (!multiplier || !divisor || *multiplier == 0 || *divisor == 0)
        return std::nullopt;
    return *multiplier / *divisor;
}

/// Whether the same message came before: meters on a network with loops repeat themselves.
inline bool is_repeated(const Message& msg) {
    constexpr std::size_t kept = 5;
    auto store = msg.device().store();
    const auto key = "transactions_" + std::to_string(msg.endpoint());
    const auto seen = store[key];
    Array list{Value(msg.sequence())};
    for (std::uint32_t i = 0; i < seen.size(); ++i) {
        const auto number = seen.at(i).integer().value_or(-1);
        if (number == msg.sequence())
            return true;
        if (list.size() < kept)
            list.emplace_back(number);
    }
    store.set(key, Value(std::move(list)));
    return false;
}

inline void convert_electrical(const Meter& meter, const Message& msg, Publisher& out) {
    if (is_repeated(msg))
        return;
    for (const auto& row : meter.converted) {
        const auto raw = msg[row.attribute].number();
        if (!raw)
            continue;
        if (row.factor.multiplier == 0) {  // power factors, in hundredths
            out.set_of_endpoint(row.property, number(round_to(*raw / 100, 2)));
            continue;
        }
        const auto factor =
            factor_of(msg.device(), msg.endpoint(), meter.cluster, row.factor, row.forced);
        out.set_of_endpoint(row.property, number(*raw * factor.value_or(1)));
    }
}

inline void convert_metering(const Meter& meter, const Message& msg, Publisher& out) {
    if (is_repeated(msg))
        return;
    for (const auto& row : meter.converted) {
        const auto raw = msg[row.attribute].number();
        if (!raw)
            continue;
        const auto factor =
            factor_of(msg.device(), msg.endpoint(), meter.cluster, row.factor, row.forced);
        const bool is_demand = row.attribute == 0x0400;
        const double value = is_demand && factor ? *raw * *factor * 1000  // kW
                                                 : *raw * factor.value_or(1);
        out.set_of_endpoint(row.property, number(value));
    }
}

inline void convert_gas(const Meter& meter, const Message& msg, Publisher& out) {
    if (is_repeated(msg))
        return;
    for (const auto& row : meter.converted) {
        const auto raw = msg[row.attribute].number();
        if (!raw)
            continue;
        if (row.attribute == extended_status) {  // 64 bits, as text: JSON's numbers have 53
            const auto bits = static_cast<std::uint64_t>(msg[row.attribute].integer().value_or(0));
            out.set_of_endpoint(row.property, std::to_string(bits));
            continue;
        }
        if (row.factor.multiplier == 0) {
            out.set_of_endpoint(row.property, number(*raw));
            continue;
        }
        const auto factor =
            factor_of(msg.device(), msg.endpoint(), meter.cluster, row.factor, row.forced);
        out.set_of_endpoint(row.property, number(round_to(*raw * factor.value_or(1), 2)));
    }
}

/// Reads the factors of a cluster at an endpoint, binds, reports, reads.
inline void prepare_meter(Sequence& steps, const Meter& meter, std::uint8_t endpoint) {
    constexpr std::size_t at_once = 4;
    std::vector<std::uint16_t> read_already;
    for (const auto& row : meter.reported) {
        const bool known = std::find(read_already.begin(), read_already.end(),
                                     row.factor.multiplier) != read_already.end();
        if (row.factor.multiplier == 0 || row.forced.is_forced() || known)
            continue;
        read_already.push_back(row.factor.multiplier);
        steps.add_optional(
            read(endpoint, meter.cluster, {row.factor.divisor, row.factor.multiplier}));
    }
    if (meter.reported.empty())
        return;
    steps.add(bind(endpoint, meter.cluster));
    for (std::size_t first = 0; first < meter.reported.size(); first += at_once) {
        const auto last = std::min(first + at_once, meter.reported.size());
        const std::vector<MeterRow> rows(
            meter.reported.begin() + static_cast<std::ptrdiff_t>(first),
            meter.reported.begin() + static_cast<std::ptrdiff_t>(last));
        const auto cluster = meter.cluster;
        steps.add([rows, cluster, endpoint](Device device) {
            std::vector<ReportedAttribute> list;
            for (const auto& row : rows) {
                const auto factor =
                    row.factor.multiplier == 0
                        ? std::optional<double>()
                        : factor_of(device, endpoint, cluster, row.factor, row.forced);
                const double change = row.change / factor.value_or(1);
                list.push_back({row.attribute, row.forced.minimum.value_or(10),
                                row.forced.maximum.value_or(65000),
                                row.forced.change.value_or(change)});
            }
            return std::optional(configure_reporting(endpoint, cluster, std::move(list)));
        });
        std::vector<std::uint16_t> ids;
        for (const auto& row : rows)
            ids.push_back(row.attribute);
        steps.add_optional(read(endpoint, meter.cluster, ids));
    }
}

inline Configure prepare_meters(std::vector<Meter> meters) {
    return [meters = std::move(meters)](Device device, Answer answer) {
        Sequence steps;
        for (const auto& meter : meters) {
            bool found = false;
            for (const auto& endpoint : device.endpoints()) {
                if (!endpoint.has_input(meter.cluster))
                    continue;
                found = true;
                prepare_meter(steps, meter, endpoint.id());
            }
            if (!found)
                return answer.fail("the device has no metering cluster");
        }
        std::move(steps).run(device, answer);
    };
}

/// /get of a property: reads its attribute.
inline ToDevice read_on_get(std::string property, std::uint16_t cluster, std::uint16_t attribute) {
    return {.keys = {std::move(property)}, .get = [cluster, attribute](const Set& set) {
                set.send(read(set.endpoint_with(cluster), cluster, {attribute}));
            }};
}

struct MeterPart {
    Extension part;
    Meter electrical{cluster::electrical_measurement, {}, {}}, metering{cluster::metering, {}, {}};
    EndpointNames endpoints;

    void expose(const char* name, const char* unit, const char* text, bool can_get = true,
                const char* label = "", bool diagnostic = false) {
        Expose item{.type = ExposeType::numeric,
                    .name = name,
                    .access = can_get ? Access::state_get : Access::state,
                    .description = text,
                    .label = label,
                    .unit = unit};
        if (diagnostic)
            item.homeassistant = {{"entityCategory", "diagnostic"}};
        for (auto& one : of_endpoints(item, endpoints))
            part.exposes.push_back(std::move(one));
    }
    void report(Meter& meter, const MeterValue& wanted, MeterRow row) {
        if (!wanted.present)
            return;
        row.forced = wanted;
        meter.reported.push_back(row);
    }
};

/// What a device with electrical measurement may report at all, wanted or not.
inline void convert_all_electrical(Meter& meter, const ElectricityMeter& what) {
    // The factors that a definition gives are those of the kind of current that it names.
    const MeterValue unknown;
    const auto of = [&](const MeterValue& value, bool direct) -> const MeterValue& {
        return direct == what.direct_current ? value : unknown;
    };
    const auto& p = of(what.power, false);
    const auto& u = of(what.voltage, false);
    const auto& i = of(what.current, false);
    meter.converted = {
        {0x050B, "power", ac_power, 0, p},
        {0x090B, "power_phase_b", ac_power, 0, p},
        {0x0A0B, "power_phase_c", ac_power, 0, p},
        {0x050F, "power_apparent", ac_power, 0,
         what.apparent_power.is_forced() ? what.apparent_power : p},
        {0x090F, "power_apparent_phase_b", ac_power, 0, p},
        {0x0A0F, "power_apparent_phase_c", ac_power, 0, p},
        {0x050E, "power_reactive", ac_power, 0, p},
        {0x090E, "power_reactive_phase_b", ac_power, 0, p},
        {0x0A0E, "power_reactive_phase_c", ac_power, 0, p},
        {0x0508, "current", ac_current, 0, i},
        {0x0908, "current_phase_b", ac_current, 0, i},
        {0x0A08, "current_phase_c", ac_current, 0, i},
        {0x0303, "current_neutral", ac_current, 0, i},
        {0x0505, "voltage", ac_voltage, 0, u},
        {0x0905, "voltage_phase_b", ac_voltage, 0, u},
        {0x0A05, "voltage_phase_c", ac_voltage, 0, u},
        {0x0300, "ac_frequency", ac_frequency_factor, 0, what.ac_frequency},
        {0x0106, "power", dc_power, 0, of(what.power, true)},
        {0x0103, "current", dc_current, 0, of(what.current, true)},
        {0x0100, "voltage", dc_voltage, 0, of(what.voltage, true)},
        {0x0510, "power_factor", {}, 0, {}},
        {0x0910, "power_factor_phase_b", {}, 0, {}},
        {0x0A10, "power_factor_phase_c", {}, 0, {}},
    };
}

inline void convert_all_metering(Meter& meter, const ElectricityMeter& what) {
    const auto& forced = what.energy.is_forced() ? what.energy
                         : what.power_from_metering || what.clusters == MeterClusters::metering
                             ? what.power
                             : what.produced_energy;
    meter.converted = {
        {0x0400, "power", metering_factor, 0, forced},
        {0x0000, "energy", metering_factor, 0, forced},
        {0x0001, "produced_energy", metering_factor, 0, forced},
        {0x0100, "energy_tier_1", metering_factor, 0, forced},
        {0x0102, "energy_tier_2", metering_factor, 0, forced},
        {0x0104, "energy_tier_3", metering_factor, 0, forced},
        {0x0106, "energy_tier_4", metering_factor, 0, forced},
        {0x0101, "produced_energy_tier_1", metering_factor, 0, forced},
        {0x0103, "produced_energy_tier_2", metering_factor, 0, forced},
    };
}

inline void report_electrical(MeterPart& m, const ElectricityMeter& what) {
    auto& e = m.electrical;
    if (what.direct_current) {
        m.report(e, what.power, {0x0106, "power", dc_power, 0.1});
        m.report(e, what.voltage, {0x0100, "voltage", dc_voltage, 0.1});
        m.report(e, what.current, {0x0103, "current", dc_current, 0.1});
        return;
    }
    const bool power_here = what.clusters == MeterClusters::electrical || !what.power_from_metering;
    if (power_here)
        m.report(e, what.power, {0x050B, "power", ac_power, 5});
    if (what.three_phase) {
        m.report(e, what.power, {0x090B, "power_phase_b", ac_power, 5});
        m.report(e, what.power, {0x0A0B, "power_phase_c", ac_power, 5});
    }
    m.report(e, what.current, {0x0508, "current", ac_current, 0.05});
    m.report(e, what.ac_frequency, {0x0300, "ac_frequency", ac_frequency_factor, 1});
    if (what.three_phase) {
        m.report(e, what.current, {0x0908, "current_phase_b", ac_current, 0.05});
        m.report(e, what.current, {0x0A08, "current_phase_c", ac_current, 0.05});
    }
    m.report(e, what.power_factor, {0x0510, "power_factor", {}, 10});
    m.report(e, what.apparent_power, {0x050F, "power_apparent", ac_power, 5});
    m.report(e, what.voltage, {0x0505, "voltage", ac_voltage, 5});
    if (what.three_phase) {
        m.report(e, what.voltage, {0x0905, "voltage_phase_b", ac_voltage, 5});
        m.report(e, what.voltage, {0x0A05, "voltage_phase_c", ac_voltage, 5});
    }
}

inline void report_metering(MeterPart& m, const ElectricityMeter& what) {
    auto& e = m.metering;
    if (what.clusters == MeterClusters::metering || what.power_from_metering)
        m.report(e, what.power, {0x0400, "power", metering_factor, 0.005});
    m.report(e, what.energy, {0x0000, "energy", metering_factor, 0.1});
    m.report(e, what.produced_energy, {0x0001, "produced_energy", metering_factor, 0.1});
    if (!what.tariffs)
        return;
    constexpr std::uint16_t tiers[] = {0x0100, 0x0102, 0x0101, 0x0103};
    for (const auto attribute : tiers)
        m.report(e, {}, {attribute, "", metering_factor, 0.1});
}

inline void expose_meter(MeterPart& m, const ElectricityMeter& what) {
    const bool electrical = what.clusters != MeterClusters::metering;
    const bool metering = what.clusters != MeterClusters::electrical;
    const auto frequency_and_factor = [&] {
        if (what.ac_frequency.present)
            m.expose("ac_frequency", "Hz", "Measured electrical AC frequency", true, "AC frequency",
                     true);
        if (what.power_factor.present)
            m.expose("power_factor", "", "Instantaneous measured power factor");
        if (what.apparent_power.present)
            m.expose("power_apparent", "VA", "Instantaneous measured apparent power", false);
    };
    if (what.power.present)
        m.expose("power", "W", "Instantaneous measured power");
    if (electrical && what.voltage.present)
        m.expose("voltage", "V", "Measured electrical potential value", true, "", true);
    if (electrical && metering)
        frequency_and_factor();
    if (electrical && what.current.present)
        m.expose("current", "A", "Instantaneous measured electrical current");
    if (electrical && !metering)
        frequency_and_factor();
    if (metering && what.energy.present)
        m.expose("energy", "kWh", "Sum of consumed energy");
    if (metering && what.produced_energy.present)
        m.expose("produced_energy", "kWh", "Sum of produced energy");
    if (metering && what.tariffs) {
        m.expose("energy_tier_1", "kWh", "Energy consumed in tariff 1 (peak, OBIS 1.8.1)");
        m.expose("energy_tier_2", "kWh", "Energy consumed in tariff 2 (off-peak, OBIS 1.8.2)");
        m.expose("produced_energy_tier_1", "kWh", "Energy produced in tariff 1 (peak, OBIS 2.8.1)");
        m.expose("produced_energy_tier_2", "kWh",
                 "Energy produced in tariff 2 (off-peak, OBIS 2.8.2)");
    }
    if (!what.three_phase)
        return;
    if (what.power.present) {
        m.expose("power_phase_b", "W", "Instantaneous measured power on phase B");
        m.expose("power_phase_c", "W", "Instantaneous measured power on phase C");
    }
    if (what.voltage.present) {
        m.expose("voltage_phase_b", "V", "Measured electrical potential value on phase B", true,
                 "Voltage phase B", true);
        m.expose("voltage_phase_c", "V", "Measured electrical potential value on phase C", true,
                 "Voltage phase C", true);
    }
    if (what.current.present) {
        m.expose("current_phase_b", "A", "Instantaneous measured electrical current on phase B",
                 true, "Current phase B");
        m.expose("current_phase_c", "A", "Instantaneous measured electrical current on phase C",
                 true, "Current phase C");
    }
}

inline void read_meter(MeterPart& m, const ElectricityMeter& what) {
    constexpr auto electrical = cluster::electrical_measurement;
    const bool has_electrical = what.clusters != MeterClusters::metering;
    const bool has_metering = what.clusters != MeterClusters::electrical;
    auto& to = m.part.to_device;
    const bool metered_power = !has_electrical || (has_metering && what.power_from_metering);
    const bool dc = what.direct_current && !has_metering;
    if (metered_power)
        to.push_back(read_on_get("power", cluster::metering, 0x0400));
    else
        to.push_back(read_on_get("power", electrical, dc ? 0x0106 : 0x050B));
    if (has_electrical) {
        to.push_back(read_on_get("voltage", electrical, dc ? 0x0100 : 0x0505));
        to.push_back(read_on_get("current", electrical, dc ? 0x0103 : 0x0508));
        if (!dc) {
            to.push_back(read_on_get("ac_frequency", electrical, 0x0300));
            to.push_back(read_on_get("power_factor", electrical, 0x0510));
        }
    }
    if (has_metering) {
        to.push_back(read_on_get("energy", cluster::metering, 0x0000));
        to.push_back(read_on_get("produced_energy", cluster::metering, 0x0001));
    }
    if (!what.three_phase)
        return;
    to.push_back(read_on_get("power_phase_b", electrical, 0x090B));
    to.push_back(read_on_get("power_phase_c", electrical, 0x0A0B));
    to.push_back(read_on_get("voltage_phase_b", electrical, 0x0905));
    to.push_back(read_on_get("voltage_phase_c", electrical, 0x0A05));
    to.push_back(read_on_get("current_phase_b", electrical, 0x0908));
    to.push_back(read_on_get("current_phase_c", electrical, 0x0A08));
}

}  // namespace detail

/// power, voltage, current, energy and what else the device measures.
inline Extension electricity_meter(ElectricityMeter what = {}) {
    detail::MeterPart m;
    m.endpoints = what.endpoints;
    detail::expose_meter(m, what);
    detail::read_meter(m, what);
    detail::convert_all_electrical(m.electrical, what);
    detail::convert_all_metering(m.metering, what);
    std::vector<detail::Meter> meters;
    if (what.clusters != MeterClusters::metering) {
        detail::report_electrical(m, what);
        meters.push_back(m.electrical);
        const auto meter = std::make_shared<const detail::Meter>(m.electrical);
        m.part.from_device.push_back(
            {.cluster = meter->cluster,
             .convert = [meter](const Message& msg,
                                Publisher& out) { detail::convert_electrical(*meter, msg, out); },
             .name = "electrical_measurement"});
    }
    if (what.clusters != MeterClusters::electrical) {
        detail::report_metering(m, what);
        meters.push_back(m.metering);
        const auto meter = std::make_shared<const detail::Meter>(m.metering);
        m.part.from_device.push_back(
            {.cluster = meter->cluster,
             .convert = [meter](const Message& msg,
                                Publisher& out) { detail::convert_metering(*meter, msg, out); },
             .name = "metering"});
    }
    if (what.configure_reporting)
        m.part.configure.push_back(detail::prepare_meters(std::move(meters)));
    return std::move(m.part);
}

/// gas and volume_flow_rate.
inline Extension gas_meter(GasMeter what = {}) {
    using detail::metering_factor;
    detail::MeterPart m;
    if (what.flow.present)
        m.expose("volume_flow_rate", "m³/h", "Instantaneous gas flow in m³/h");
    if (what.volume.present)
        m.expose("gas", "m³", "Total gas consumption in m³");
    const auto& forced = what.volume.is_forced() ? what.volume : what.flow;
    m.metering.converted = {{0x0400, "volume_flow_rate", metering_factor, 0, forced},
                            {0x0000, "gas", metering_factor, 0, forced},
                            {0x0200, "status", {}, 0, {}},
                            {detail::extended_status, "extended_status", {}, 0, {}}};
    m.report(m.metering, what.flow, {0x0400, "volume_flow_rate", metering_factor, 0.01});
    m.report(m.metering, what.volume, {0x0000, "gas", metering_factor, 0.1});
    if (what.status)
        m.report(m.metering, {}, {0x0200, "status", {}, 1});
    if (what.extended_status)
        m.report(m.metering, {}, {0x0204, "extended_status", {}, 1});
    const auto set_gas = [](const Set& set) {
        const auto value = set.value().number();
        if (!value)
            throw Refused("Value is not a number, got " + set.value().to_string());
        const Attribute count{0x0000, number(detail::rounded(*value * 100)), Type::from_table};
        set.send(write(set.endpoint(), cluster::metering, {count}), {{"gas", number(*value)}});
    };
    auto gas = detail::read_on_get("gas", cluster::metering, 0x0000);
    gas.set = set_gas;
    m.part.to_device = {std::move(gas), detail::read_on_get("power", cluster::metering, 0x0400),
                        detail::read_on_get("volume_flow_rate", cluster::metering, 0x0400),
                        detail::read_on_get("status", cluster::metering, 0x0200),
                        detail::read_on_get("extended_status", cluster::metering, 0x0204)};
    const auto meter = std::make_shared<const detail::Meter>(m.metering);
    m.part.from_device = {
        {.cluster = cluster::metering,
         .convert = [meter](const Message& msg,
                            Publisher& out) { detail::convert_gas(*meter, msg, out); },
         .name = "gas_metering"}};
    if (what.configure_reporting)
        m.part.configure = {detail::prepare_meters({m.metering})};
    return std::move(m.part);
}

}  // namespace waggle
#pragma GCC visibility pop
