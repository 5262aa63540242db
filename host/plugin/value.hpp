#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "base/result.hpp"
#include "waggle/plugin.h"
#include "zigbee/zcl_value.hpp"

/// Values between the three worlds: the border's wg_value, JSON, and ZCL.
namespace waggle::plugin {

/// Memory for what wg_values point to while a call lasts. Reused: clear() keeps the capacity of
/// what usual messages need. Pieces stay where they are until then.
class Scratch {
  public:
    wg_value* values(std::size_t count) { return take(values_, count); }
    wg_member* members(std::size_t count) { return take(members_, count); }
    wg_attribute* attributes(std::size_t count) { return take(attributes_, count); }
    wg_parameter* parameters(std::size_t count) { return take(parameters_, count); }
    std::string_view keep(std::string_view text);

    /// A place to come back to: a call from inside a call must not free what the outer one uses.
    struct Mark {
        std::size_t values, members, attributes, parameters, texts;
    };
    Mark mark() const noexcept;
    void release(const Mark& mark) noexcept;

  private:
    template <class T>
    struct Pool {
        static constexpr std::size_t block_size = 32;
        struct Block {
            std::unique_ptr<T[]> items;
            std::size_t size = 0;
            std::size_t first = 0;  ///< position of its first item over all blocks
        };
        std::vector<Block> blocks;
        std::size_t used = 0;  ///< position of the next free item
    };
    template <class T>
    static T* take(Pool<T>& pool, std::size_t count);

    Pool<wg_value> values_;
    Pool<wg_member> members_;
    Pool<wg_attribute> attributes_;
    Pool<wg_parameter> parameters_;
    std::deque<std::string> texts_;
};

/// Views into `value`, which must outlive the result; `scratch` holds the arrays.
wg_value to_wg(const boost::json::value& value, Scratch& scratch);
wg_value to_wg(const zcl::Value& value, Scratch& scratch);

/// Whether a value from a plugin can be read: no null pointer with a length, depth at most 16, at
/// most 65536 items or octets a level, text in UTF-8.
bool is_readable(const wg_value& value, int depth = 0) noexcept;

/// `value` must be readable. Kinds this host does not know become null. Bytes become an array of
/// numbers. Doubles without a fraction become integers, NaN and infinities null.
boost::json::value to_json(const wg_value& value, boost::json::storage_ptr storage = {});

/// As a value of `type`; Errc::invalid_value when it does not fit.
[[nodiscard]] Result<zcl::Value> to_zcl(const wg_value& value, zcl::DataType type);

bool is_utf8(std::string_view text) noexcept;

}  // namespace waggle::plugin
