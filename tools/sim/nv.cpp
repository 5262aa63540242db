#include "nv.hpp"

#include <algorithm>
#include <cstdio>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace waggle::sim {

namespace {

namespace json = boost::json;

bool is_legacy(const ExtendedId& id) {
    return id.system == nv::zstack && id.item == nv::ex_legacy;
}

std::string text_of(const ExtendedId& id) {
    char text[32];
    std::snprintf(text, sizeof text, "%u:%u:%u", static_cast<unsigned>(id.system),
                  static_cast<unsigned>(id.item), static_cast<unsigned>(id.sub));
    return text;
}

std::optional<ExtendedId> extended_id(const std::string& text) {
    unsigned system = 0;
    unsigned item = 0;
    unsigned sub = 0;
    if (std::sscanf(text.c_str(), "%u:%u:%u", &system, &item, &sub) != 3)
        return std::nullopt;
    if (system > 0xFF || item > 0xFFFF || sub > 0xFFFF)
        return std::nullopt;
    return ExtendedId{static_cast<std::uint8_t>(system), static_cast<std::uint16_t>(item),
                      static_cast<std::uint16_t>(sub)};
}

const json::object* section(const json::object& object, const char* key) {
    const json::value* value = object.if_contains(key);
    return value ? value->if_object() : nullptr;
}

std::optional<Bytes> bytes_of(const json::value& value) {
    return value.is_string() ? from_hex(std::string_view(value.get_string())) : std::nullopt;
}

bool overwrite(Bytes* item, std::size_t offset, View part) {
    if (!item || offset > item->size() || part.size() > item->size() - offset)
        return false;
    std::ranges::copy(part, item->begin() + static_cast<std::ptrdiff_t>(offset));
    return true;
}

}  // namespace

const Bytes* NvMemory::find(std::uint16_t id) const {
    const auto found = items_.find(id);
    return found == items_.end() ? nullptr : &found->second;
}

const Bytes* NvMemory::find(const ExtendedId& id) const {
    if (is_legacy(id))
        return find(id.sub);
    const auto found = extended_.find(id);
    return found == extended_.end() ? nullptr : &found->second;
}

void NvMemory::set(std::uint16_t id, View value) {
    items_[id].assign(value.begin(), value.end());
    changed();
}

void NvMemory::set(const ExtendedId& id, View value) {
    if (is_legacy(id))
        return set(id.sub, value);
    extended_[id].assign(value.begin(), value.end());
    changed();
}

bool NvMemory::erase(std::uint16_t id) {
    const bool existed = items_.erase(id) > 0;
    changed();
    return existed;
}

bool NvMemory::erase(const ExtendedId& id) {
    if (is_legacy(id))
        return erase(id.sub);
    const bool existed = extended_.erase(id) > 0;
    changed();
    return existed;
}

Bytes* NvMemory::edit(std::uint16_t id) {
    const auto found = items_.find(id);
    return found == items_.end() ? nullptr : &found->second;
}

Bytes* NvMemory::edit(const ExtendedId& id) {
    if (is_legacy(id))
        return edit(id.sub);
    const auto found = extended_.find(id);
    return found == extended_.end() ? nullptr : &found->second;
}

bool NvMemory::write(std::uint16_t id, std::size_t offset, View part) {
    const bool written = overwrite(edit(id), offset, part);
    changed();
    return written;
}

bool NvMemory::write(const ExtendedId& id, std::size_t offset, View part) {
    const bool written = overwrite(edit(id), offset, part);
    changed();
    return written;
}

std::uint8_t NvMemory::byte(std::uint16_t id) const {
    const Bytes* item = find(id);
    return item && !item->empty() ? item->front() : std::uint8_t{0};
}

json::object NvMemory::save() const {
    json::object items;
    for (const auto& [id, value] : items_)
        items[hex16(id)] = to_hex(value);
    json::object extended;
    for (const auto& [id, value] : extended_)
        extended[text_of(id)] = to_hex(value);
    json::object object;
    object["items"] = std::move(items);
    object["extended"] = std::move(extended);
    return object;
}

bool NvMemory::load(const json::object& object) {
    const json::object* items = section(object, "items");
    const json::object* extended = section(object, "extended");
    if (!items || !extended)
        return false;
    clear();
    for (const auto& [key, value] : *items) {
        const auto id = parse_number(std::string_view(key));
        const auto bytes = bytes_of(value);
        if (!id || *id > 0xFFFF || !bytes)
            return false;
        items_[static_cast<std::uint16_t>(*id)] = *bytes;
    }
    for (const auto& [key, value] : *extended) {
        const auto id = extended_id(std::string(key));
        const auto bytes = bytes_of(value);
        if (!id || !bytes)
            return false;
        extended_[*id] = *bytes;
    }
    return true;
}

void NvMemory::clear() {
    items_.clear();
    extended_.clear();
}

void NvMemory::changed() {
    if (changed_)
        changed_();
}

}  // namespace waggle::sim
