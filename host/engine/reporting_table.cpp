#include "engine/reporting_table.hpp"

namespace waggle::engine {
namespace {

using Needs = AutomaticReport::Needs;

constexpr AutomaticReport on_off[] = {{0x0000, 0, 0}};
constexpr AutomaticReport level[] = {{0x0000, 5, 1}};
constexpr AutomaticReport color[] = {{0x0007, 5, 1, Needs::color_temperature},
                                     {0x0003, 5, 1, Needs::color_xy},
                                     {0x0004, 5, 1, Needs::color_xy}};
constexpr AutomaticReport covering[] = {{0x0008, 5, 1}, {0x0009, 5, 1}};  // lift, tilt

}  // namespace

std::span<const AutomaticReport> automatic_reports(ClusterId cluster) noexcept {
    switch (cluster) {
        case on_off_cluster: return on_off;
        case level_cluster: return level;
        case color_cluster: return color;
        case covering_cluster: return covering;
        default: return {};
    }
}

}  // namespace waggle::engine
