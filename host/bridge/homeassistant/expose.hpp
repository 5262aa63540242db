#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

/// One expose as bridge/devices shows it, to read from. It looks at JSON that somebody else keeps.
namespace waggle::bridge::homeassistant {

class Expose {
  public:
    static constexpr unsigned state = 1, set = 2;  ///< bits of access()

    explicit Expose(const boost::json::object& data) noexcept : data_(&data) {}

    std::string_view type() const noexcept { return text("type"); }
    std::string_view name() const noexcept { return text("name"); }
    std::string_view property() const noexcept { return text("property"); }
    std::string_view endpoint() const noexcept { return text("endpoint"); }
    std::string_view unit() const noexcept { return text("unit"); }
    std::string_view category() const noexcept { return text("category"); }
    /// "Operation mode left": the label, and the endpoint if it is on one; the name without one.
    std::string label() const;
    unsigned access() const noexcept;
    bool has_access(unsigned bit) const noexcept { return (access() & bit) != 0; }
    /// The property without the endpoint that it ends in.
    std::string_view base_property() const noexcept;

    const boost::json::value* find(std::string_view key) const noexcept {
        return data_->if_contains(key);
    }
    /// As `find`, but nullptr for null and for what JavaScript takes for false.
    const boost::json::value* truthy(std::string_view key) const noexcept;
    const boost::json::array& values() const noexcept;  ///< empty when it has none
    bool has_value(std::string_view value) const noexcept;

    /// The first feature of this name, and of this kind unless that is "".
    std::optional<Expose> feature(std::string_view name, std::string_view type = {}) const;
    /// Where the feature of this name stands; -1: nowhere.
    int feature_place(std::string_view name) const noexcept;

  private:
    std::string_view text(std::string_view key) const noexcept;
    const boost::json::array& features() const noexcept;

    const boost::json::object* data_;
};

/// The exposes of one device, as a list to look into.
std::vector<Expose> exposes_of(const boost::json::array& exposes);

/// As JavaScript's toString().
std::string text_of(const boost::json::value& value);

}  // namespace waggle::bridge::homeassistant
