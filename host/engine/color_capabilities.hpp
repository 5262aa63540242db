#pragma once

#include <cstdint>

#include "engine/core.hpp"

/// What colours a light can show, asked of it when it has not said so yet.
namespace waggle::engine {

/// Bits of lightingColorCtrl's colorCapabilities.
[[nodiscard]] Awaitable<Result<std::int64_t>> color_capabilities(Core& core, Ieee device,
                                                                 EndpointId endpoint);

}  // namespace waggle::engine
