/// The co-processor's non-volatile memory: numbered items, and on Z-Stack 3.x.0 tables addressed by
/// (system, item, sub-item).
///
/// Legacy items are reachable in the extended form as item 0 of system 1, as on the real thing.
#pragma once

#include <functional>
#include <map>

#include <boost/json/fwd.hpp>

#include "bytes.hpp"

namespace waggle::sim {

namespace nv {
/// Items of the stack [Z-Stack ZComDef.h].
inline constexpr std::uint16_t extaddr = 0x0001, boot_counter = 0x0002, startup_option = 0x0003,
                               start_delay = 0x0004, nib = 0x0021, device_list = 0x0022,
                               addrmgr = 0x0023, stack_profile = 0x002A, extended_pan_id = 0x002D,
                               concentrator_enable = 0x0032, active_key_info = 0x003A,
                               alternate_key_info = 0x003B, binding_table = 0x0041,
                               group_table = 0x0042, aps_use_ext_panid = 0x0047,
                               aps_link_key_table = 0x004C, bdb_node_is_on_a_network = 0x0055,
                               has_configured_3 = 0x0060, security_level = 0x0061,
                               precfgkey = 0x0062, precfgkeys_enable = 0x0063,
                               security_mode = 0x0064, use_default_tclk = 0x006D,
                               trust_center_addr = 0x0071, legacy_sec_material = 0x0075,
                               userdesc = 0x0081, nwkkey = 0x0082, panid = 0x0083,
                               chanlist = 0x0084, scan_duration = 0x0086, logical_type = 0x0087,
                               zdo_direct_cb = 0x008F, tclk_seed = 0x0101, legacy_tclk_12 = 0x0101,
                               legacy_tclk = 0x0111, aps_key_data = 0x0201,
                               has_configured_1 = 0x0F00;

/// Item ids of the extended tables, system 1.
inline constexpr std::uint8_t zstack = 1;
inline constexpr std::uint16_t ex_legacy = 0x0000, ex_addrmgr = 0x0001, ex_tclk = 0x0004,
                               ex_aps_key_data = 0x0006, ex_sec_material = 0x0007;
}  // namespace nv

struct ExtendedId {
    std::uint8_t system = 0;
    std::uint16_t item = 0;
    std::uint16_t sub = 0;

    auto operator<=>(const ExtendedId&) const = default;
};

class NvMemory {
  public:
    /// Called after every change.
    void on_change(std::function<void()> callback) { changed_ = std::move(callback); }

    [[nodiscard]] const Bytes* find(std::uint16_t id) const;
    [[nodiscard]] const Bytes* find(const ExtendedId& id) const;
    void set(std::uint16_t id, View value);
    void set(const ExtendedId& id, View value);
    bool erase(std::uint16_t id);
    bool erase(const ExtendedId& id);
    /// Overwrites part of an item. False if it does not exist or is too short.
    bool write(std::uint16_t id, std::size_t offset, View part);
    bool write(const ExtendedId& id, std::size_t offset, View part);

    [[nodiscard]] std::uint8_t byte(std::uint16_t id) const;

    [[nodiscard]] boost::json::object save() const;
    /// False when the object does not look like what save() made.
    bool load(const boost::json::object& object);
    void clear();

  private:
    void changed();
    Bytes* edit(std::uint16_t id);
    Bytes* edit(const ExtendedId& id);

    std::map<std::uint16_t, Bytes> items_;
    std::map<ExtendedId, Bytes> extended_;
    std::function<void()> changed_;
};

}  // namespace waggle::sim
