#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "engine/outbox.hpp"
#include "store/settings.hpp"

/// How a state message goes out [mqtt-api 3.1].
///
///     json       one object on NAME
///     attribute  one message a key on NAME/KEY: null is empty, strings stand raw, arrays are
///     joined by
///                ',', members of an object go to NAME/KEY-MEMBER; a colour with r, g, b is "r,g,b"
namespace waggle::engine {

/// `json` is the text of `message`.
void send_state(Outbox& outbox, store::Output mode, std::string_view name,
                const boost::json::object& message, std::string_view json,
                const PublishOptions& options);

}  // namespace waggle::engine
