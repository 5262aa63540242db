#include "store/json_read.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>

namespace waggle::store {
namespace {

namespace json = boost::json;
using Error = boost::system::error_code;

/// What Boost's own handler does, and the text of a number kept until it is complete.
struct Handler {
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    json::value_stack stack;
    std::string number;

    bool on_document_begin(Error&) { return true; }
    bool on_document_end(Error&) { return true; }
    bool on_object_begin(Error&) { return true; }
    bool on_object_end(std::size_t count, Error&) {
        stack.push_object(count);
        return true;
    }
    bool on_array_begin(Error&) { return true; }
    bool on_array_end(std::size_t count, Error&) {
        stack.push_array(count);
        return true;
    }
    bool on_key_part(json::string_view text, std::size_t, Error&) {
        stack.push_chars(text);
        return true;
    }
    bool on_key(json::string_view text, std::size_t, Error&) {
        stack.push_key(text);
        return true;
    }
    bool on_string_part(json::string_view text, std::size_t, Error&) {
        stack.push_chars(text);
        return true;
    }
    bool on_string(json::string_view text, std::size_t, Error&) {
        stack.push_string(text);
        return true;
    }
    bool on_number_part(json::string_view text, Error&) {
        number.append(text.data(), text.size());
        return true;
    }
    bool on_int64(std::int64_t value, json::string_view, Error&) {
        number.clear();
        stack.push_int64(value);
        return true;
    }
    bool on_uint64(std::uint64_t value, json::string_view, Error&) {
        number.clear();
        stack.push_uint64(value);
        return true;
    }
    bool on_double(double value, json::string_view text, Error&) {
        number.append(text.data(), text.size());
        double exact = 0;
        const auto* end = number.data() + number.size();
        const auto read = std::from_chars(number.data(), end, exact);
        // Beyond the range of a double it says so and leaves the number alone; Boost has infinity or 0.
        stack.push_double(read.ec == std::errc() && read.ptr == end ? exact : value);
        number.clear();
        return true;
    }
    bool on_bool(bool value, Error&) {
        stack.push_bool(value);
        return true;
    }
    bool on_null(Error&) {
        stack.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, Error&) { return true; }
    bool on_comment(json::string_view, Error&) { return true; }
};

}  // namespace

json::value read_json(std::string_view text, Error& error, json::storage_ptr memory) {
    json::basic_parser<Handler> parser(json::parse_options{});
    parser.handler().stack.reset(std::move(memory));
    const auto used = parser.write_some(false, text.data(), text.size(), error);
    if (!error && used < text.size())
        error = json::error::extra_data;
    if (error)
        return nullptr;
    return parser.handler().stack.release();
}

}  // namespace waggle::store
