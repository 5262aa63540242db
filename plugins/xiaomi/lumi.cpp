#include "lumi.hpp"

#include <algorithm>
#include <array>

using namespace waggle;

namespace lumi {
namespace {

// [captured: genBasic report 1C 5F11 2D 0A F0FF 41 09 AA10054187 01011000]
constexpr std::array<std::uint8_t, 5> warning_prefix{0xAA, 0x10, 0x05, 0x41, 0x87};
constexpr std::array<std::uint8_t, 9> stay{0xAA, 0x10, 0x05, 0x41, 0x47, 0x01, 0x01, 0x10, 0x01};

void answer_warning(const Message& msg, Publisher&) {
    const auto text = msg[attr::reset_warning].bytes();
    if (text.size() < warning_prefix.size() ||
        !std::equal(warning_prefix.begin(), warning_prefix.end(), text.begin()))
        return;
    const auto device = msg.device();
    const Attribute answer{attr::reset_warning, Bytes(stay.begin(), stay.end()),
                           Type::octet_string};
    device.send(write(1, cluster::basic, {answer}, manufacturer), [device](const Reply& reply) {
        if (!reply.ok())
            log(LogLevel::error, "The reset of '" + device.name() +
                                     "' could not be prevented: " + std::string(reply.message()));
    });
}

/// How many octets a number of this type has, and whether it has a sign; 0: no such number.
struct NumberType {
    std::size_t size;
    bool is_signed;
};
NumberType number_type(std::uint8_t type) {
    if (type == 0x10)  // boolean
        return {1, false};
    if (type >= 0x20 && type <= 0x27)
        return {type - 0x1Fu, false};
    if (type >= 0x28 && type <= 0x2F)
        return {type - 0x27u, true};
    return {0, false};
}

double little_endian(std::span<const std::uint8_t> octets, bool is_signed) {
    std::uint64_t raw = 0;
    for (std::size_t i = octets.size(); i-- > 0;)
        raw = raw << 8 | octets[i];
    const auto bits = octets.size() * 8;
    if (is_signed && bits < 64 && (raw >> (bits - 1) & 1) != 0)
        raw |= ~std::uint64_t{0} << bits;
    return is_signed ? static_cast<double>(static_cast<std::int64_t>(raw))
                     : static_cast<double>(raw);
}

void convert_telemetry(const Reports& what, const Message& msg, Publisher& out) {
    const Telemetry telemetry(msg);
    if (const auto millivolts = telemetry[1]) {
        out.set("voltage", number(*millivolts));
        if (what.on_battery)
            out.set("battery", number(battery_percentage(*millivolts, coin_cell)));
    }
    if (const auto degrees = telemetry[3])
        out.set("device_temperature", number(*degrees));
    if (const auto starts = telemetry[5])
        out.set("power_outage_count", number(*starts - 1));
    for (const auto& item : what.tags)
        if (const auto value = telemetry[item.tag])
            item.publish(*value, out);
}

}  // namespace

Telemetry::Telemetry(const Message& msg) {
    const auto tagged = msg[attr::telemetry];
    if (!tagged.bytes().empty())
        read_octets(tagged.bytes());
    else
        read_pairs(tagged);
    read_octets(msg[attr::new_telemetry].bytes());
    read_structure(msg[attr::old_telemetry]);
}

std::optional<double> Telemetry::operator[](std::uint8_t tag) const noexcept {
    for (auto item = values_.rbegin(); item != values_.rend(); ++item)
        if (item->first == tag)
            return item->second;
    return std::nullopt;
}

void Telemetry::read_pairs(ValueView list) {
    for (std::uint32_t i = 0; i < list.size(); ++i) {
        const auto tag = list.at(i).at(0).as<std::uint8_t>();
        const auto value = list.at(i).at(1).number();
        if (tag && value)
            values_.emplace_back(*tag, *value);
    }
}

/// Tag, type, value; what is not a number ends it, because its length is not known.
void Telemetry::read_octets(std::span<const std::uint8_t> octets) {
    while (octets.size() >= 3) {
        const auto tag = octets[0];
        const auto type = octets[1];
        octets = octets.subspan(2);
        if (type == 0x39 && octets.size() >= sizeof(float)) {
            float value = 0;
            std::copy_n(octets.begin(), sizeof value, reinterpret_cast<std::uint8_t*>(&value));
            values_.emplace_back(tag, value);
            octets = octets.subspan(sizeof value);
            continue;
        }
        const auto [size, is_signed] = number_type(type);
        if (size == 0 || octets.size() < size)
            return;
        values_.emplace_back(tag, little_endian(octets.first(size), is_signed));
        octets = octets.subspan(size);
    }
}

void Telemetry::read_structure(ValueView list) {
    if (const auto millivolts = list.at(1).number())
        values_.emplace_back(std::uint8_t{1}, *millivolts);
    if (const auto starts = list.at(4).number())
        values_.emplace_back(std::uint8_t{5}, *starts);
}

Expose battery() {
    auto expose = battery_expose();
    expose.description = "Remaining battery in %, can take up to 24 hours before reported";
    return expose;
}

Expose voltage() {
    auto expose = battery_voltage_expose();
    expose.description = "Voltage of the battery in millivolts";
    return expose;
}

Expose device_temperature() {
    return {.type = ExposeType::numeric,
            .name = "device_temperature",
            .access = Access::state,
            .description = "Temperature of the device",
            .unit = "°C",
            .category = Category::diagnostic};
}

Expose power_outage_count(bool since_pairing) {
    return {.type = ExposeType::numeric,
            .name = "power_outage_count",
            .access = Access::state,
            .description = since_pairing ? "Number of power outages (since last pairing)"
                                         : "Number of power outages",
            .category = Category::diagnostic};
}

Expose trigger_count() {
    return {.type = ExposeType::numeric,
            .name = "trigger_count",
            .access = Access::state,
            .description = "How many times the sensor was triggered since its last hourly report",
            .category = Category::diagnostic};
}

Extension telemetry(Reports what) {
    const auto convert = [what = std::move(what)](const Message& msg, Publisher& out) {
        convert_telemetry(what, msg, out);
    };
    return {.from_device = {{.cluster = cluster::basic, .convert = convert, .name = "telemetry"},
                            {.cluster = own_cluster, .convert = convert, .name = "telemetry"}}};
}

void temperature(double centidegrees, Publisher& out) {
    if (centidegrees > -6500 && centidegrees < 6500)
        out.set("temperature", number(centidegrees / 100));
}

void humidity(double hundredths, Publisher& out) {
    if (hundredths >= 0 && hundredths <= 10000)
        out.set("humidity", number(hundredths / 100));
}

Quirks sleepy() {
    return {.checkin_interval_s = 3600, .interview_may_fail = true};
}

Extension ota() {
    return {.cluster_edits = {{.endpoint = 1, .cluster = cluster::ota}}, .ota = Ota{}};
}

Extension prevent_reset() {
    return {.from_device = {
                {cluster::basic, Kind::report, any_endpoint, answer_warning, "prevent_reset"}}};
}

}  // namespace lumi
