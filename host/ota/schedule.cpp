#include "ota/schedule.hpp"

#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::ota {
namespace {

std::string text_of(const Wish& wish) {
    json::object out;
    out["downgrade"] = wish.direction == Direction::downgrade;
    if (!wish.url.empty())
        out["url"] = wish.url;
    return store::compact_json(out);
}

}  // namespace

std::optional<Wish> scheduled_for(const Device& device) {
    if (device.scheduled_ota_json.empty())
        return std::nullopt;
    boost::system::error_code error;
    const auto value = json::parse(device.scheduled_ota_json, error);
    const auto* members = error ? nullptr : value.if_object();
    if (!members)
        return std::nullopt;
    Wish wish;
    if (const auto* back = members->if_contains("downgrade"); back && back->is_bool())
        wish.direction = back->get_bool() ? Direction::downgrade : Direction::upgrade;
    if (const auto* url = members->if_contains("url"); url && url->is_string())
        wish.url = std::string(url->get_string());
    return wish;
}

bool set_scheduled(Device& device, const std::optional<Wish>& wish) {
    auto text = wish ? text_of(*wish) : std::string();
    if (text == device.scheduled_ota_json)
        return false;
    device.scheduled_ota_json = std::move(text);
    return true;
}

}  // namespace waggle::ota
