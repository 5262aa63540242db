#pragma once

#include <optional>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "engine/user_color.hpp"

/// What `scene_add` puts into a scene: the extension fields of the command [ZCL8 3.7.2.4.2.2], and
/// the state that is remembered.
namespace waggle::engine {

/// What of the light or cover decides about the frame.
struct SceneTraits {
    SceneTraits() = default;
    bool cover_inverted = false;
    bool enhanced_hue = false;
    MiredRange range;
    boost::json::object options;  ///< hue_correction
};

struct SceneContent {
    SceneContent() = default;
    boost::json::array fields;  ///< of {clstId, len, extField}, in the order of the request
    boost::json::object state;
};

/// @param problem  a sentence when nullopt comes back
[[nodiscard]] std::optional<SceneContent> scene_content(const boost::json::object& request,
                                                        const SceneTraits& traits,
                                                        std::string& problem);

}  // namespace waggle::engine
