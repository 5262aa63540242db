#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <waggle/sdk.hpp>

/// C++ text of what a definition is made of, as an author would write it.
namespace standard {

/// "…" with what C++ wants escaped.
std::string quoted(std::string_view text);
/// {"a", "b"}
std::string quoted_list(const std::vector<std::string>& texts);
std::string quoted_list(const std::vector<waggle::Value>& texts);
/// As short as it can be: 7, 0.5
std::string number_text(double number);
/// 0x000C
std::string cluster_text(std::uint16_t cluster);

/// A call of one of the SDK's functions with the members that are not as they usually are:
/// `light({.effect = false, .endpoints = {"2"}})`.
class Call {
  public:
    Call(std::string_view function) : function_(function) {}

    /// `value` is C++.
    Call& member(std::string_view name, std::string_view value);
    Call& text(std::string_view name, std::string_view value);  ///< unless it is empty
    Call& arguments(std::string_view list);                     ///< instead of members
    Call& endpoints(const waggle::EndpointNames& names);        ///< likewise
    std::string source() const;

  private:
    std::string function_, members_, arguments_;
};

/// A whole file with one definition: `parts` are calls.
std::string plugin_source(const waggle::Definition& definition,
                          const std::vector<std::string>& parts);

}  // namespace standard
