#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "plugin/case_bench.hpp"

// What devices send and users set, through the converters of the plugins that are shipped: the telemetry
// of Lumi's devices, the colours of lights, the schedules of thermostats, the users of locks.
//
//     device   1 octet, which of those below
//     then     endpoint 0x01-0x7F, cluster (2, little endian), length, that many octets of a ZCL frame
//              or 0x80, length, a JSON object that is set

namespace {

namespace json = boost::json;
using namespace waggle;

struct Pretended {
    int plugin;
    const char* model_id;
    const char* manufacturer_name;
};
constexpr const char* plugins[] = {PLUGINS "/xiaomi.so", PLUGINS "/ikea.so",
                                   PLUGINS "/standard.so"};
constexpr Pretended devices[] = {
    {0, "lumi.weather", "LUMI"},
    {0, "lumi.sensor_magnet.aq2", "LUMI"},
    {0, "lumi.sensor_motion.aq2", "LUMI"},
    {0, "lumi.motion.agl02", "LUMI"},
    {0, "lumi.sensor_switch.aq2", "LUMI"},
    {0, "lumi.ctrl_neutral1", "LUMI"},
    {0, "lumi.ctrl_ln2.aq1", "LUMI"},
    {0, "lumi.plug", "LUMI"},
    {0, "lumi.curtain", "LUMI"},
    {1, "TRADFRI bulb E27 CWS opal 600lm", "IKEA of Sweden"},
    {1, "TRADFRI remote control", "IKEA of Sweden"},
    {1, "FYRTUR block-out roller blind", "IKEA of Sweden"},
    {1, "INSPELNING Smart plug", "IKEA of Sweden"},
    {2, "Nobody's", "Nobody"},
};

/// An endpoint with every cluster that a converter is for.
json::object description(const Pretended& device) {
    const json::array clusters{0,      1,      2,      3,      5,      6,      8,      0x0C,
                               0x0D,   0x0F,   0x10,   0x12,   0x0101, 0x0102, 0x0201, 0x0202,
                               0x0204, 0x0300, 0x0301, 0x0400, 0x0402, 0x0403, 0x0404, 0x0405,
                               0x0406, 0x0408, 0x040D, 0x042A, 0x0500, 0x0502, 0x0702, 0x0B04};
    return {{"model_id", device.model_id},
            {"manufacturer_name", device.manufacturer_name},
            {"type", "Router"},
            {"endpoints", {{"1", {{"inputs", clusters}, {"outputs", clusters}}}}}};
}

plugin::CaseBench& bench_of(int plugin) {
    static std::array<std::unique_ptr<plugin::CaseBench>, std::size(plugins)> benches;
    auto& bench = benches[static_cast<std::size_t>(plugin)];
    if (!bench)
        bench = std::make_unique<plugin::CaseBench>(plugins[plugin], 5u);
    return *bench;
}

std::string hex(std::span<const std::uint8_t> octets) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const auto octet : octets) {
        text += digits[octet >> 4];
        text += digits[octet & 15];
    }
    return text;
}

/// The next so many octets, or all that are left.
std::span<const std::uint8_t> take(std::span<const std::uint8_t>& from, std::size_t count) {
    const auto part = from.first(std::min(count, from.size()));
    from = from.subspan(part.size());
    return part;
}

json::object next_step(std::span<const std::uint8_t>& input) {
    const auto first = take(input, 1)[0];
    if (first >= 0x80) {
        const auto length = take(input, 1);
        const auto text = take(input, length.empty() ? 0 : length[0]);
        boost::system::error_code error;
        const auto value =
            json::parse({reinterpret_cast<const char*>(text.data()), text.size()}, error);
        return !error && value.is_object() ? json::object{{"set", value}} : json::object{};
    }
    const auto head = take(input, 3);
    if (head.size() < 3)
        return {};
    const auto cluster = head[0] | head[1] << 8;
    return {
        {"in", {{"endpoint", first}, {"cluster", cluster}, {"frame", hex(take(input, head[2]))}}}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::span<const std::uint8_t> input(data, size);
    if (input.empty())
        return 0;
    const auto& device = devices[take(input, 1)[0] % std::size(devices)];
    auto& bench = bench_of(device.plugin);
    bench.place(description(device), {}, {});
    constexpr int most_steps = 16;
    for (int i = 0; i < most_steps && !input.empty(); ++i) {
        const auto step = next_step(input);
        if (!step.empty())
            (void)bench.run(step);
    }
    return 0;
}
