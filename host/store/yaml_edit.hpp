#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "store/failure.hpp"

/// Changes values in YAML text and leaves the rest as the user wrote it.
///
/// The difference between what the text says and what it shall say becomes a list of edits, each of
/// one entry of a block-style map: its value is replaced, it is removed, or one is added behind the
/// last. yaml-cpp says where each key stands; where an entry ends follows from the next key, with
/// comments and blank lines before that key left to it. After every edit the text is read again and
/// must say exactly what was meant; if it does not (anchors used elsewhere, "? key" forms, a map in
/// braces at the top), the whole document is written anew, and the result says so.
namespace waggle::store {

struct YamlUpdate {
    std::string text;
    bool reformatted = false;  ///< comments and layout were lost
};

/// `target` is a map. Fails when `text` is not one document with a map in it.
[[nodiscard]] Outcome<YamlUpdate> update_yaml(std::string_view text,
                                              const boost::json::object& target);

/// Numbers in the form that parse_yaml gives them: whole ones as int64.
boost::json::value normalised(const boost::json::value& value);

}  // namespace waggle::store
