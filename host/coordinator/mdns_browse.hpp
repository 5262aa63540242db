#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "base/errc.hpp"
#include "coordinator/mdns.hpp"

/// The part of mDNS that waits: asks the Avahi daemon, on the calling thread.
namespace waggle {

struct MdnsAnswer {
    std::optional<MdnsService> service;
    Errc error = Errc::not_found;  ///< when there is none
    std::string problem;           ///< a sentence without the port's name
};

/// The first service of this type that is found and resolved within `limit`.
MdnsAnswer browse_mdns(const std::string& type, std::chrono::milliseconds limit,
                       std::stop_token stop);

}  // namespace waggle
