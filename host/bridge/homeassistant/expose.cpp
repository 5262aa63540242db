#include "bridge/homeassistant/expose.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::bridge::homeassistant {
namespace {

const json::array& list(const json::object& data, std::string_view key) noexcept {
    static const json::array none;
    const auto* found = data.if_contains(key);
    return found && found->is_array() ? found->get_array() : none;
}

}  // namespace

std::string_view Expose::text(std::string_view key) const noexcept {
    const auto* found = data_->if_contains(key);
    return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

std::string Expose::label() const {
    std::string label(text("label"));
    if (!endpoint().empty())
        label += " " + std::string(endpoint());
    return label;
}

unsigned Expose::access() const noexcept {
    const auto* found = data_->if_contains("access");
    return found && found->is_int64() ? static_cast<unsigned>(found->get_int64()) : 0;
}

std::string_view Expose::base_property() const noexcept {
    const auto whole = property();
    const auto suffix = endpoint().size() + 1;
    return endpoint().empty() ? whole
                              : whole.substr(0, whole.size() - std::min(whole.size(), suffix));
}

const json::value* Expose::truthy(std::string_view key) const noexcept {
    const auto* found = data_->if_contains(key);
    if (!found || found->is_null() || *found == false || *found == "")
        return nullptr;
    const bool is_zero = found->is_number() && found->to_number<double>() == 0;
    return is_zero ? nullptr : found;
}

const json::array& Expose::values() const noexcept {
    return list(*data_, "values");
}

bool Expose::has_value(std::string_view value) const noexcept {
    const auto& all = values();
    return std::any_of(all.begin(), all.end(), [value](const json::value& one) {
        return one.is_string() && std::string_view(one.get_string()) == value;
    });
}

const json::array& Expose::features() const noexcept {
    return list(*data_, "features");
}

std::optional<Expose> Expose::feature(std::string_view name, std::string_view type) const {
    for (const auto& item : features()) {
        const auto* data = item.if_object();
        if (data && Expose(*data).name() == name && (type.empty() || Expose(*data).type() == type))
            return Expose(*data);
    }
    return std::nullopt;
}

int Expose::feature_place(std::string_view name) const noexcept {
    int place = 0;
    for (const auto& item : features()) {
        const auto* data = item.if_object();
        if (data && Expose(*data).name() == name)
            return place;
        ++place;
    }
    return -1;
}

std::vector<Expose> exposes_of(const json::array& exposes) {
    std::vector<Expose> out;
    for (const auto& item : exposes)
        if (const auto* data = item.if_object())
            out.emplace_back(*data);
    return out;
}

std::string text_of(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : store::compact_json(value);
}

}  // namespace waggle::bridge::homeassistant
