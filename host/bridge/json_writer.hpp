#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

/// Writes JSON text straight into a buffer that the caller owns and may reuse. The big documents
/// (bridge/devices is 3.5 KB a device) are never built as a tree: at 200 devices the tree would
/// weigh several times the text. The caller writes object keys in sorted order, as zigbee2mqtt
/// publishes them; value() sorts the keys of a tree by itself.
///
///     writer.begin_object().key("name").text("hall").key("ids").begin_array();
namespace waggle::bridge {

class JsonWriter {
  public:
    explicit JsonWriter(std::string& out) noexcept : out_(out) {}

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }

    JsonWriter& key(std::string_view name);
    JsonWriter& text(std::string_view value);
    JsonWriter& number(std::int64_t value);
    JsonWriter& number(double value);  ///< as JavaScript writes it; null when it is not finite
    JsonWriter& boolean(bool value);
    JsonWriter& null();
    JsonWriter& value(const boost::json::value& tree);
    JsonWriter& raw(std::string_view json);  ///< text that is one JSON value already

  private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void separate();

    std::string& out_;
    bool first_ = true;  ///< nothing stands in the innermost bracket yet
    bool after_key_ = false;
};

}  // namespace waggle::bridge
