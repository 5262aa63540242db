#pragma once

#include <waggle/converters/numbers.hpp>

/// A device that shows which one it is [ZCL8 3.5].
#pragma GCC visibility push(hidden)
namespace waggle {

struct Identify {
    bool is_sleepy = false;  ///< says in the description that it may have to be woken
    EndpointNames endpoints = {};
};

/// `identify`, for as long as the option identify_timeout says (3 seconds).
inline Extension identify(Identify what = {}) {
    const auto set_identify = [](const Set& set) {
        constexpr std::uint8_t identify_command = 0x00;
        const auto option = set.device().option("identify_timeout");
        const double seconds =
            option.is_null() ? 3 : detail::number_from(option, "identify_timeout");
        set.send(command(set.endpoint(), cluster::identify, identify_command,
                         {{"identifytime", detail::whole(seconds)}}));
    };
    const Expose expose{
        .type = ExposeType::enumeration,
        .name = "identify",
        .access = Access::set,
        .description = what.is_sleepy
                           ? "Initiate device identification. This device is asleep by default."
                             "You may need to wake it up first before sending the identify command."
                           : "Initiate device identification",
        .category = Category::config,
        .values = {"identify"}};
    const Expose timeout{
        .type = ExposeType::numeric,
        .name = "identify_timeout",
        .access = Access::set,
        .description =
            "Sets the duration of the identification procedure in seconds (i.e., how "
            "long the device would flash).The value ranges from 1 to 30 seconds "
            "(default: 3).",
        .min = 1,
        .max = 30};
    return {.exposes = of_endpoints(expose, what.endpoints),
            .to_device = {{{"identify"}, set_identify, {}, what.endpoints}},
            .options = {{.expose = timeout}}};
}

}  // namespace waggle
#pragma GCC visibility pop
