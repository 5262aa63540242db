#pragma once

#include <string>

#include "coordinator/znp/frame.hpp"

/// A frame as the debug log shows it. What is stored in a co-processor (network key, link keys,
/// install codes) is left out, since logs are sent to strangers; identifiers and lengths stay.
namespace waggle::znp {

std::string frame_text(const Frame& frame);
/// The same of an encoded frame, or of other bytes that are sent.
std::string frame_text(ByteView bytes);

}  // namespace waggle::znp
