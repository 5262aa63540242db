#pragma once

#include "network/network.hpp"
#include "plugin/value.hpp"
#include "waggle/plugin.h"

/// ZCL frames as plugins see them.
namespace waggle::plugin {

/// Views of `message`, arrays in `scratch`.
wg_message to_wg(const ZclMessage& message, wg_message_kind kind, wg_entity device,
                 Scratch& scratch);

/// The records of a frame as attributes; of reads without values, of read responses with a status.
/// `only_good`: records with a status other than success are left out.
wg_table attributes_of(const zcl::Frame& frame, Scratch& scratch, bool only_good);
wg_table parameters_of(const zcl::Frame& frame, Scratch& scratch);

/// What follows the ZCL header; empty when there is no whole header.
ByteView payload_of(ByteView frame) noexcept;

}  // namespace waggle::plugin
