#include "plugin/definition.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "plugin/definition_check.hpp"
#include "plugin/module.hpp"

namespace waggle::plugin {
namespace {

std::uint32_t row_key(ClusterId cluster, unsigned kind_bit) noexcept {
    return std::uint32_t{cluster} << 8 | kind_bit;
}

bool contains(const wg_table& texts, std::string_view wanted) noexcept {
    const Table<wg_str> list(texts);
    return std::any_of(list.begin(), list.end(),
                       [&](const wg_str& t) { return view(t) == wanted; });
}

}  // namespace

Result<std::shared_ptr<const Definition>> Definition::check(const wg_definition& data,
                                                            std::shared_ptr<Module> from,
                                                            std::string& problem) {
    if (data.size < least_definition_size) {
        problem = fmt::format("size: {} bytes ({} expected)", data.size, least_definition_size);
        return Errc::malformed;
    }
    std::shared_ptr<Definition> result(new Definition(data, std::move(from)));
    problem = check_definition(result->data_);
    if (!problem.empty())
        return Errc::malformed;

    constexpr unsigned kinds = 7;  // WG_REPORT … WG_RAW; bits this host does not know are ignored
    const Table<wg_from_device> table(result->data_.from_device);
    std::vector<std::pair<std::uint32_t, const wg_from_device*>> found;
    for (const auto& converter : table)
        for (unsigned bit = 0; bit < kinds; ++bit)
            if (converter.kinds & 1u << bit)
                found.emplace_back(row_key(converter.cluster, bit), &converter);
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [key, converter] : found) {
        const auto position = static_cast<std::uint32_t>(result->converters_.size());
        if (result->rows_.empty() || result->rows_.back().key != key)
            result->rows_.push_back({key, position, 0});
        ++result->rows_.back().count;
        result->converters_.push_back(converter);
    }
    for (const auto& handler : Table<wg_event_handler>(result->data_.events))
        result->wanted_events_ |= handler.events;
    return std::shared_ptr<const Definition>(std::move(result));
}

Result<std::shared_ptr<const Definition>> Definition::check_generated(const wg_definition& data,
                                                                      const wg_generator& generator,
                                                                      std::shared_ptr<Module> from,
                                                                      std::string& problem) {
    auto result = check(data, from, problem);
    if (!result) {
        from->call({"generator", "release", nullptr, {}}, [&] {
            generator.release(&data);
            return WG_OK;
        });
        return result;
    }
    auto& made = const_cast<Definition&>(**result);  // nobody else has it yet
    made.generated_ = &data;
    made.release_ = generator.release;
    return result;
}

Definition::~Definition() {
    if (release_ && module_->is_active())
        module_->call({"generator", "release", nullptr, {}}, [this] {
            release_(generated_);
            return WG_OK;
        });
}

Definition::Definition(const wg_definition& data, std::shared_ptr<Module> from)
    : module_(std::move(from)) {
    std::memcpy(&data_, &data, std::min<std::size_t>(data.size, sizeof data_));
}

std::string Definition::version() const {
    return fmt::format("0.0.{}", data_.revision);
}

std::span<const wg_from_device* const> Definition::from_device(
    ClusterId cluster, wg_message_kind kind) const noexcept {
    const auto key = row_key(cluster, static_cast<unsigned>(std::countr_zero(kind)));
    const auto row = std::lower_bound(rows_.begin(), rows_.end(), key,
                                      [](const Row& r, std::uint32_t k) { return r.key < k; });
    if (row == rows_.end() || row->key != key)
        return {};
    return {converters_.data() + row->first, row->count};
}

const wg_to_device* Definition::to_device(std::string_view key,
                                          std::string_view endpoint_name) const noexcept {
    for (const auto& row : Table<wg_to_device>(data_.to_device)) {
        const bool key_fits = row.keys.count == 0 || contains(row.keys, key);
        if (key_fits && (row.endpoints.count == 0 || contains(row.endpoints, endpoint_name)))
            return &row;
    }
    return nullptr;
}

bool Definition::can_configure() const noexcept {
    return data_.configure.count || data_.bindings.count || data_.reportings.count ||
           data_.readings.count || data_.checkin_interval_s || data_.device_type.length ||
           data_.power_source.length || data_.cluster_edits.count;
}

std::optional<EndpointId> Definition::endpoint(std::string_view name) const noexcept {
    for (const auto& endpoint : Table<wg_endpoint_name>(data_.endpoints))
        if (view(endpoint.name) == name)
            return endpoint.id;
    return std::nullopt;
}

std::string_view Definition::endpoint_name(EndpointId id) const noexcept {
    for (const auto& endpoint : Table<wg_endpoint_name>(data_.endpoints))
        if (endpoint.id == id)
            return view(endpoint.name);
    return {};
}

std::string_view Definition::suffix(EndpointId id) const noexcept {
    if (!is_multi_endpoint())
        return {};
    const auto name = endpoint_name(id);
    return name == "default" ? std::string_view() : name;
}

const wg_value* Definition::trait(std::string_view name) const noexcept {
    if (data_.meta.kind != WG_OBJECT)
        return nullptr;
    for (std::uint32_t i = 0; i < data_.meta.length; ++i)
        if (view(data_.meta.as.members[i].name) == name)
            return &data_.meta.as.members[i].value;
    return nullptr;
}

EndpointId Definition::default_endpoint(const Device& device) const noexcept {
    if (const auto named = endpoint("default"))
        return *named;
    return device.endpoints.empty() ? EndpointId{1} : device.endpoints.begin()->first;
}

const wg_option* Definition::option(std::string_view name) const noexcept {
    for (const auto& option : Table<wg_option>(data_.options)) {
        const auto& expose = *option.expose;
        if (view(expose.property.length ? expose.property : expose.name) == name)
            return &option;
    }
    return nullptr;
}

}  // namespace waggle::plugin
