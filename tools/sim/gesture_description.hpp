/// Gestures in device files: named lists of steps, see README.md.
#pragma once

#include <map>

#include "description.hpp"

namespace waggle::sim {

/// Types of the attributes a device has, for values that gestures compare with or set.
class AttributeTypes {
  public:
    explicit AttributeTypes(const std::vector<AttributeDescription>& attributes);
    /// @throws DescriptionError when there is no such attribute
    std::uint8_t of(const AttributeKey& key) const;

  private:
    std::map<AttributeKey, std::uint8_t> types_;
};

[[nodiscard]] Steps parse_steps(const boost::json::value& value, const AttributeTypes& types);
[[nodiscard]] FrameTemplate parse_frame(const boost::json::value& value);

}  // namespace waggle::sim
