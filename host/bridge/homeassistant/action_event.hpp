#pragma once

#include <string>

#include <boost/json/array.hpp>

/// Actions as events of Home Assistant: "dial_rotate_left_slow" is the event `dial_rotate` with
/// direction and speed beside it. A handful of patterns says how names are taken apart, and the
/// same patterns stand in the template that takes them apart in Home Assistant.
namespace waggle::bridge::homeassistant {

/// Events that the actions of an expose come down to, each once; those with a wildcard that no
/// pattern knows are left out.
boost::json::array action_event_types(const boost::json::array& actions);

/// The template of every event entity; it takes them apart in Home Assistant.
const std::string& action_event_template();

}  // namespace waggle::bridge::homeassistant
