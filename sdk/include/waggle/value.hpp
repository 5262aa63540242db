#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <waggle/plugin.h>

/// Values: `Value` owns, `ValueView` looks at what the host handed over and lives no longer than the
/// callback.
#pragma GCC visibility push(hidden)
namespace waggle {

class Value;
struct Property;

using Bytes = std::vector<std::uint8_t>;
using Array = std::vector<Value>;
using Object = std::vector<Property>;

inline std::string_view view(const wg_str& text) noexcept {
    return {text.data, text.length};
}
inline wg_str to_wg(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

/// Null, a boolean, a number, text, bytes, a list or an object. Lists and objects are shared between
/// copies; nothing changes them. (Not a std::variant: GCC 12 warns about every use of one.)
class Value {
  public:
    Value() noexcept {}
    Value(std::nullptr_t) noexcept {}
    Value(bool boolean) noexcept : kind_(WG_BOOL), integer_(boolean) {}
    template <class T>
    requires std::is_integral_v<T> Value(T integer)
    noexcept : kind_(WG_INT), integer_(static_cast<std::int64_t>(integer)) {}
    Value(double number) noexcept : kind_(WG_DOUBLE), number_(number) {}
    Value(const char* text) : kind_(WG_STRING), text_(text) {}
    Value(std::string_view text) : kind_(WG_STRING), text_(text) {}
    Value(std::string text) noexcept : kind_(WG_STRING), text_(std::move(text)) {}
    Value(const Bytes& bytes) : kind_(WG_BYTES), text_(bytes.begin(), bytes.end()) {}
    Value(Array items);
    Value(Object members);

    wg_kind kind() const noexcept { return kind_; }
    bool is_null() const noexcept { return kind_ == WG_NULL; }
    bool boolean() const noexcept { return integer_ != 0; }
    std::int64_t integer() const noexcept { return integer_; }
    double number() const noexcept { return number_; }
    const std::string& text() const noexcept { return text_; }  ///< also the octets of bytes
    const Array& items() const noexcept;
    const Object& members() const noexcept;

    bool operator==(const Value& other) const;

  private:
    struct Nested;
    wg_kind kind_ = WG_NULL;
    std::int64_t integer_ = 0;
    double number_ = 0;
    std::string text_;
    std::shared_ptr<const Nested> nested_;
};

/// A named value: what is emitted, published, answered.
struct Property {
    std::string name;
    Value value;
    bool operator==(const Property&) const = default;
};

struct Value::Nested {
    Array items;
    Object members;
};

inline Value::Value(Array items)
    : kind_(WG_ARRAY), nested_(std::make_shared<const Nested>(Nested{std::move(items), {}})) {
}
inline Value::Value(Object members)
    : kind_(WG_OBJECT), nested_(std::make_shared<const Nested>(Nested{{}, std::move(members)})) {
}
inline const Array& Value::items() const noexcept {
    return nested_->items;
}
inline const Object& Value::members() const noexcept {
    return nested_->members;
}
inline bool Value::operator==(const Value& other) const {
    if (kind_ != other.kind_ || integer_ != other.integer_ || number_ != other.number_ ||
        text_ != other.text_)
        return false;
    return nested_ == other.nested_ || (nested_ && nested_->items == other.nested_->items &&
                                        nested_->members == other.nested_->members);
}

/// A value as the border wants it, and the memory that its arrays and objects need.
class Encoded {
  public:
    Encoded() = default;
    explicit Encoded(const Value& value) : value_(encode(value)) {}
    Encoded(const Encoded&) = delete;
    Encoded& operator=(const Encoded&) = delete;

    const wg_value& get() const noexcept { return value_; }
    wg_value encode(const Value& value) {
        switch (value.kind()) {
            case WG_BOOL: return wg_bool(value.boolean());
            case WG_INT: return wg_int(value.integer());
            case WG_DOUBLE: return wg_double(value.number());
            case WG_STRING: return wg_string(to_wg(value.text()));
            case WG_BYTES:
                return wg_octets({reinterpret_cast<const std::uint8_t*>(value.text().data()),
                                  value.text().size()});
            case WG_ARRAY: return list(value.items());
            case WG_OBJECT: return object(value.members());
            default: return wg_null();
        }
    }
    wg_value object(std::span<const Property> properties) {
        const auto list = members(properties);
        auto value = wg_null();
        value.kind = WG_OBJECT;
        value.length = static_cast<std::uint32_t>(list.size());
        value.as.members = list.data();
        return value;
    }
    /// Views `properties`, which must outlive the result.
    std::span<const wg_member> members(std::span<const Property> properties) {
        auto& list = members_.emplace_back();
        list.reserve(properties.size());
        for (const auto& property : properties)
            list.push_back({to_wg(property.name), encode(property.value)});
        return list;
    }

  private:
    wg_value list(const Array& items) {
        auto& list = items_.emplace_back();
        list.reserve(items.size());
        for (const auto& item : items)
            list.push_back(encode(item));
        auto value = wg_null();
        value.kind = WG_ARRAY;
        value.length = static_cast<std::uint32_t>(list.size());
        value.as.items = list.data();
        return value;
    }

    std::deque<std::vector<wg_value>> items_;
    std::deque<std::vector<wg_member>> members_;
    wg_value value_ = wg_null();
};

class ValueView {
  public:
    ValueView() noexcept : value_(wg_null()) {}
    ValueView(const wg_value& value) noexcept : value_(value) {}

    const wg_value& raw() const noexcept { return value_; }
    bool is_null() const noexcept { return value_.kind == WG_NULL; }
    bool is_text() const noexcept { return value_.kind == WG_STRING; }
    bool is_object() const noexcept { return value_.kind == WG_OBJECT; }
    bool is_number() const noexcept { return value_.kind == WG_INT || value_.kind == WG_DOUBLE; }

    std::optional<bool> boolean() const noexcept {
        return value_.kind == WG_BOOL ? std::optional(value_.as.boolean) : std::nullopt;
    }
    /// A number without a fraction.
    std::optional<std::int64_t> integer() const noexcept {
        if (value_.kind == WG_INT)
            return value_.as.integer;
        if (value_.kind == WG_DOUBLE && value_.as.number > -9.2e18 && value_.as.number < 9.2e18) {
            const auto whole = static_cast<std::int64_t>(value_.as.number);
            if (static_cast<double>(whole) == value_.as.number)
                return whole;
        }
        return std::nullopt;
    }
    std::optional<double> number() const noexcept {
        if (value_.kind == WG_INT)
            return static_cast<double>(value_.as.integer);
        return value_.kind == WG_DOUBLE ? std::optional(value_.as.number) : std::nullopt;
    }
    std::optional<std::string_view> text() const noexcept {
        if (value_.kind != WG_STRING)
            return std::nullopt;
        return std::string_view(value_.as.string, value_.length);
    }
    std::span<const std::uint8_t> bytes() const noexcept {
        if (value_.kind != WG_BYTES)
            return {};
        return {value_.as.bytes, value_.length};
    }

    /// Items of an array, members of an object; null beyond and for what is neither.
    std::uint32_t size() const noexcept { return value_.kind >= WG_ARRAY ? value_.length : 0; }
    ValueView at(std::uint32_t index) const noexcept {
        return value_.kind == WG_ARRAY && index < value_.length ? ValueView(value_.as.items[index])
                                                                : ValueView();
    }
    ValueView operator[](std::string_view name) const noexcept {
        if (value_.kind == WG_OBJECT)
            for (std::uint32_t i = 0; i < value_.length; ++i)
                if (view(value_.as.members[i].name) == name)
                    return value_.as.members[i].value;
        return {};
    }

    template <class T>
    std::optional<T> as() const {
        if constexpr (std::is_same_v<T, bool>) {
            return boolean();
        } else if constexpr (std::is_integral_v<T>) {
            const auto whole = integer();
            return whole && std::in_range<T>(*whole) ? std::optional(static_cast<T>(*whole))
                                                     : std::nullopt;
        } else if constexpr (std::is_floating_point_v<T>) {
            return number();
        } else {
            const auto held = text();
            return held ? std::optional<T>(*held) : std::nullopt;
        }
    }

    /// For people: what was sent, as it would stand in an error message.
    std::string to_string() const {
        switch (value_.kind) {
            case WG_BOOL: return value_.as.boolean ? "true" : "false";
            case WG_INT: return std::to_string(value_.as.integer);
            case WG_DOUBLE: return std::to_string(value_.as.number);
            case WG_STRING: return std::string(*text());
            case WG_ARRAY: return "a list";
            case WG_OBJECT: return "an object";
            case WG_BYTES: return "bytes";
            default: return "null";
        }
    }

  private:
    wg_value value_;
};

}  // namespace waggle
#pragma GCC visibility pop
