#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "zigbee/types.hpp"

/// What a plugin says about devices that do not follow the interview to its end. Vendors are known
/// to plugins only; here is the mechanism: fields to match and values to fill in.
namespace waggle::network {

/// Every field that is given must match. Patterns are ECMAScript regular expressions, searched for
/// anywhere in the text unless they carry anchors; one that does not compile never matches.
struct InterviewQuirk {
    std::string model;              ///< pattern of the model id
    std::string manufacturer_name;  ///< pattern of the manufacturer name
    std::optional<ManufacturerCode> manufacturer_code;
    std::optional<DeviceType> type;

    /// A failed interview counts as done. Asked after each failed node descriptor request and when
    /// the interview as a whole fails, on whatever is known by then.
    bool accept_failure = false;

    /// What is set when the failure is accepted: where it is missing, or always with `overwrite`.
    struct Fill {
        std::optional<DeviceType> type;
        std::optional<ManufacturerCode> manufacturer_code;
        std::optional<std::string> manufacturer_name, model_id, power_source;
        bool overwrite = false;
    };
    Fill fill;

    /// Between node descriptor and active endpoints: a pause, or a read of model id and
    /// manufacturer name on endpoint 1 before the device falls asleep.
    std::chrono::milliseconds pause{0};
    bool read_identity_early = false;
};

}  // namespace waggle::network
