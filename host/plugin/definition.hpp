#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "base/result.hpp"
#include "network/device.hpp"
#include "waggle/plugin.h"
#include "zigbee/types.hpp"

/// A plugin's definition on the host's side: checked once, then read in place (the plugin's own
/// data, mapped as long as the process lives), with the table that finds converters for a message.
namespace waggle::plugin {

class Module;

inline std::string_view view(const wg_str& text) noexcept {
    return {text.data, text.length};
}
inline wg_str to_wg(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

/// A wg_table as a range of const T&, whatever size the plugin's items have.
template <class T>
class Table {
  public:
    class Iterator {
      public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = const T*;
        using reference = const T&;

        Iterator() noexcept = default;
        Iterator(const char* at, std::uint32_t step) noexcept : at_(at), step_(step) {}
        const T& operator*() const noexcept { return *reinterpret_cast<const T*>(at_); }
        Iterator& operator++() noexcept {
            at_ += step_;
            return *this;
        }
        Iterator operator++(int) noexcept {
            const auto before = *this;
            at_ += step_;
            return before;
        }
        bool operator==(const Iterator& other) const noexcept { return at_ == other.at_; }

      private:
        const char* at_ = nullptr;
        std::uint32_t step_ = 0;
    };
    explicit Table(const wg_table& table) noexcept : table_(table) {}
    Iterator begin() const noexcept { return {start(), table_.item_size}; }
    Iterator end() const noexcept {
        return {start() + std::size_t{table_.count} * table_.item_size, table_.item_size};
    }
    std::uint32_t size() const noexcept { return table_.count; }
    bool empty() const noexcept { return table_.count == 0; }
    const T& operator[](std::uint32_t index) const noexcept {
        return *reinterpret_cast<const T*>(start() + std::size_t{index} * table_.item_size);
    }

  private:
    const char* start() const noexcept { return static_cast<const char*>(table_.items); }
    wg_table table_;
};

class Definition {
  public:
    /// Checks everything that is to be read later: null tables, counts above 4096, text that is no
    /// UTF-8, exposes nested deeper than 8, converters without a function, unknown endpoints.
    /// `problem` names the first thing that is wrong, with its place ("exposes[2].values: …").
    [[nodiscard]] static Result<std::shared_ptr<const Definition>> check(
        const wg_definition& data, std::shared_ptr<Module> from, std::string& problem);

    /// The same of what a generator made; it is told when nobody uses it any more. What cannot be
    /// used is given back at once.
    [[nodiscard]] static Result<std::shared_ptr<const Definition>> check_generated(
        const wg_definition& data, const wg_generator& generator, std::shared_ptr<Module> from,
        std::string& problem);
    ~Definition();
    Definition(const Definition&) = delete;
    Definition& operator=(const Definition&) = delete;

    const wg_definition& data() const noexcept { return data_; }
    Module& module() const noexcept { return *module_; }
    /// Made for one device from what it says of itself; published as such.
    bool is_generated() const noexcept { return generated_ != nullptr; }
    std::string_view model() const noexcept { return view(data_.model); }
    std::string_view vendor() const noexcept { return view(data_.vendor); }
    std::string_view description() const noexcept { return view(data_.description); }
    std::string version() const;  ///< "0.0.<revision>"
    bool supports_ota() const noexcept { return data_.ota != nullptr; }
    const wg_ota* ota() const noexcept { return data_.ota; }
    bool is_multi_endpoint() const noexcept {
        return (data_.flags & WG_DEFINITION_MULTI_ENDPOINT) != 0;
    }

    /// Converters of one cluster and kind, in the definition's order.
    std::span<const wg_from_device* const> from_device(ClusterId cluster,
                                                       wg_message_kind kind) const noexcept;

    /// The first setter (`for_set`) or getter table row that takes this key at this endpoint name
    /// ("" when none was named), as zigbee2mqtt chooses: the row is chosen by key alone, so it may
    /// turn out to have no set or no get. nullptr: no converter.
    const wg_to_device* to_device(std::string_view key,
                                  std::string_view endpoint_name) const noexcept;
    bool can_configure() const noexcept;  ///< there is anything for BoundDevice::configure to do
    std::uint32_t wanted_events() const noexcept { return wanted_events_; }

    // Endpoint names. "default" is a name like others here; it is never published as one.
    Table<wg_endpoint_name> endpoint_names() const noexcept {
        return Table<wg_endpoint_name>(data_.endpoints);
    }
    std::optional<EndpointId> endpoint(std::string_view name) const noexcept;
    std::string_view endpoint_name(EndpointId id) const noexcept;  ///< "" when it has none
    /// What properties of this endpoint end in: its name on multi-endpoint devices, else "".
    std::string_view suffix(EndpointId id) const noexcept;
    /// The member of `meta`, or nullptr.
    const wg_value* trait(std::string_view name) const noexcept;
    /// The endpoint named "default", else the device's first, else 1.
    EndpointId default_endpoint(const Device& device) const noexcept;

    const wg_option* option(std::string_view name) const noexcept;

  private:
    Definition(const wg_definition& data, std::shared_ptr<Module> from);
    struct Row {
        std::uint32_t key;  ///< cluster << 8 | kind bit number
        std::uint32_t first, count;
    };

    wg_definition data_{};  ///< as much as the plugin's size says; the rest stays zero
    std::shared_ptr<Module> module_;
    const wg_definition* generated_ = nullptr;  ///< the plugin's own, to give back
    void (*release_)(const wg_definition*) = nullptr;
    std::vector<Row> rows_;  ///< sorted by key
    std::vector<const wg_from_device*> converters_;
    std::uint32_t wanted_events_ = 0;
};

/// One expose as zigbee2mqtt publishes it.
boost::json::object expose_json(const wg_expose& expose);

/// All of them, with linkquality appended; kinds this host does not know are left out.
boost::json::array exposes_json(const wg_table& exposes);

/// bridge/devices[].definition of this device: source, model, vendor, description (of the white
/// label that fits), exposes, options, supports_ota, version, icon. PluginHost::definition_json
/// calls it with the exposes that apply to the device.
/// @param user_icon  option `icon` of the device, "" for none
boost::json::object definition_json(const Definition& definition, const Device& device,
                                    const wg_table& exposes, std::string_view user_icon);

}  // namespace waggle::plugin
