#pragma once

#include <string>

#include "plugin/services.hpp"
#include "plugin/value.hpp"
#include "waggle/plugin.h"

/// A plugin's requests in the host's types, and answers back.
namespace waggle::plugin {

/// Copies and checks a request: types from the cluster tables where the plugin left them open,
/// values that fit their types, commands that the tables know. On error `problem` says which part
/// is wrong. `endpoint` is left as the plugin gave it (0: default).
[[nodiscard]] Result<RadioRequest> to_radio(const wg_request& request, const EntityRef& entity,
                                            std::string& problem);

/// Views of `answer`, arrays in `scratch`; `text` gets the message. Statuses that records of the
/// answer carry count: a write is refused when any of its attributes is.
wg_reply to_wg(const RadioReply& answer, wg_request_kind kind, Scratch& scratch, std::string& text);

wg_status status_of(const boost::system::error_code& error) noexcept;

}  // namespace waggle::plugin
