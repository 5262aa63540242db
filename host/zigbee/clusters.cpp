#include "zigbee/clusters.hpp"

#include <algorithm>
#include <ranges>

#include "zigbee/cluster_tables.hpp"

namespace waggle::zcl {
namespace {

/// The entry of that manufacturer code, else the first that belongs to none, else the first.
template <class Range>
auto best_match(Range&& candidates, ManufacturerCode manufacturer) noexcept
    -> decltype(&*candidates.begin()) {
    decltype(&*candidates.begin()) best = nullptr;
    for (auto& candidate : candidates) {
        if (candidate.manufacturer == manufacturer)
            return &candidate;
        if (!best || (best->manufacturer != 0 && candidate.manufacturer == 0))
            best = &candidate;
    }
    return best;
}

template <class Definition>
const Definition* named(std::span<const Definition> all, std::string_view name) noexcept {
    const auto found = std::ranges::find(all, name, &Definition::name);
    return found == all.end() ? nullptr : &*found;
}

const CommandDefinition* by_id(std::span<const CommandDefinition> all, std::uint8_t id,
                               ManufacturerCode manufacturer) noexcept {
    return best_match(std::ranges::equal_range(all, id, {}, &CommandDefinition::id), manufacturer);
}

const ClusterDefinition& at(std::uint16_t index) noexcept {
    return tables::all[index];
}

bool is_number(const Value& value, double number) noexcept {
    return value.number() == number;
}

bool is_always_valid(const AttributeLimits& limits, const Value& value) noexcept {
    return std::ranges::any_of(limits.always_valid,
                               [&value](double number) { return is_number(value, number); });
}

std::size_t length(const Value& value) noexcept {
    if (const auto* text = value.text())
        return text->size();
    return value.octets() ? value.octets()->size() : 0;
}

bool is_string(const Value& value) noexcept {
    return value.text() || value.octets();
}

}  // namespace

bool AttributeDefinition::is_absent(const Value& value) const noexcept {
    // The table's type decides, not the one the device stated.
    const Value as_defined{type, value.list() ? Value::Data{} : value.data};
    return !value.list() && as_defined.is_non_value() && !(limits && limits->non_value_is_ordinary);
}

bool AttributeDefinition::is_in_range(const Value& value) const noexcept {
    if (!limits || is_always_valid(*limits, value))
        return true;
    if (const auto number = value.number())
        return !(limits->minimum && *number < *limits->minimum) &&
               !(limits->maximum && *number > *limits->maximum);
    if (!is_string(value))
        return true;
    return !(limits->shortest && length(value) < *limits->shortest) &&
           !(limits->longest && length(value) > *limits->longest);
}

const AttributeDefinition* ClusterDefinition::attribute(std::uint16_t wanted,
                                                        ManufacturerCode code) const noexcept {
    const AttributeDefinition* plain = nullptr;
    for (const auto& candidate :
         std::ranges::equal_range(attributes, wanted, {}, &AttributeDefinition::id)) {
        if (code != 0 && candidate.manufacturer == code)
            return &candidate;
        if (candidate.manufacturer == 0)
            plain = &candidate;  // of several zigbee2mqtt takes the last
    }
    return plain;
}

const AttributeDefinition* ClusterDefinition::attribute(std::string_view wanted) const noexcept {
    return named(attributes, wanted);
}

const CommandDefinition* ClusterDefinition::command(std::uint8_t wanted,
                                                    ManufacturerCode code) const noexcept {
    return by_id(commands, wanted, code);
}

const CommandDefinition* ClusterDefinition::command(std::string_view wanted) const noexcept {
    return named(commands, wanted);
}

const CommandDefinition* ClusterDefinition::response(std::uint8_t wanted,
                                                     ManufacturerCode code) const noexcept {
    return by_id(command_responses, wanted, code);
}

const CommandDefinition* ClusterDefinition::response(std::string_view wanted) const noexcept {
    return named(command_responses, wanted);
}

std::span<const ClusterDefinition> clusters() noexcept {
    return tables::all;
}

const ClusterDefinition* find_cluster(ClusterId id, ManufacturerCode manufacturer) noexcept {
    const auto id_of = [](std::uint16_t index) { return at(index).id; };
    const auto found = std::ranges::equal_range(tables::in_order_of_id, id, {}, id_of);
    return best_match(found | std::views::transform(at), manufacturer);
}

const ClusterDefinition* find_cluster(ClusterId id, ManufacturerCode manufacturer,
                                      std::span<const ClusterDefinition> custom) noexcept {
    if (!custom.empty()) {
        const auto has_id = [id](const ClusterDefinition& cluster) { return cluster.id == id; };
        if (const auto* own = best_match(custom | std::views::filter(has_id), manufacturer))
            return own;
    }
    return find_cluster(id, manufacturer);
}

const ClusterDefinition* find_cluster(std::string_view name) noexcept {
    const auto name_of = [](std::uint16_t index) { return at(index).name; };
    const auto found = std::ranges::lower_bound(tables::in_order_of_name, name, {}, name_of);
    if (found == tables::in_order_of_name.end() || name_of(*found) != name)
        return nullptr;
    return &at(*found);
}

std::string cluster_name(ClusterId id, ManufacturerCode manufacturer) {
    if (const auto* cluster = find_cluster(id, manufacturer))
        return std::string(cluster->name);
    return std::to_string(id);
}

}  // namespace waggle::zcl
