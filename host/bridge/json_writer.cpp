#include "bridge/json_writer.hpp"

#include <boost/json/value.hpp>

#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::bridge {

void JsonWriter::separate() {
    if (!first_ && !after_key_)
        out_ += ',';
    first_ = false;
    after_key_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    out_ += bracket;
    first_ = true;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    out_ += bracket;
    first_ = false;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    separate();
    store::append_json_string(out_, name);
    out_ += ':';
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    separate();
    store::append_json_string(out_, value);
    return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
    separate();
    store::append_json_number(out_, value);
    return *this;
}

JsonWriter& JsonWriter::number(double value) {
    separate();
    store::append_json_number(out_, value);
    return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
    return raw(value ? "true" : "false");
}

JsonWriter& JsonWriter::null() {
    return raw("null");
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

JsonWriter& JsonWriter::value(const json::value& tree) {
    separate();
    store::append_sorted_json(out_, tree);
    return *this;
}

}  // namespace waggle::bridge
