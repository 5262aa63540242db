#include <algorithm>

#include "behaviour.hpp"
#include "behaviours.hpp"

namespace waggle::sim {

namespace {

struct Row {
    std::string_view name;
    const Behaviour& (*get)();
};

constexpr Row rows[] = {
    {"basic", basic_behaviour},           {"color", color_behaviour},
    {"door_lock", door_lock_behaviour},   {"fan", fan_behaviour},
    {"groups", groups_behaviour},         {"ias_warning", ias_warning_behaviour},
    {"ias_zone", ias_zone_behaviour},     {"identify", identify_behaviour},
    {"level", level_behaviour},           {"lumi_curtain", lumi_curtain_behaviour},
    {"lumi_meter", lumi_meter_behaviour}, {"metering", metering_behaviour},
    {"on_off", on_off_behaviour},         {"scenes", scenes_behaviour},
    {"thermostat", thermostat_behaviour}, {"window_covering", window_covering_behaviour},
};

}  // namespace

const Behaviour* find_behaviour(std::string_view name) {
    const auto found = std::ranges::find(rows, name, &Row::name);
    return found == std::end(rows) ? nullptr : &found->get();
}

std::vector<std::string> behaviour_names() {
    std::vector<std::string> names;
    for (const Row& row : rows)
        names.emplace_back(row.name);
    return names;
}

void start_behaviours(Device& device) {
    for (const EndpointDescription& endpoint : device.description().endpoints)
        for (const std::string& name : endpoint.behaviours)
            if (const Behaviour* behaviour = find_behaviour(name))
                behaviour->start(device, endpoint.id);
}

const Behaviour* behaviour_of(const EndpointDescription& endpoint, std::uint16_t cluster) {
    for (const std::string& name : endpoint.behaviours)
        if (const Behaviour* behaviour = find_behaviour(name);
            behaviour && behaviour->cluster() == cluster)
            return behaviour;
    return nullptr;
}

}  // namespace waggle::sim
