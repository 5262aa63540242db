/// The tables of devices and keys that the stack keeps in its memory: address manager, trust centre
/// link keys, frame counter. On Z-Stack 3.x.0 they are extended tables, before that numbered items.
#pragma once

#include "nv.hpp"
#include "product.hpp"

namespace waggle::sim {

class SecurityStore {
  public:
    SecurityStore(NvMemory& nv, const Firmware& firmware) : nv_(nv), firmware_(firmware) {}

    /// Creates what is missing; never changes what is there.
    void create_tables();
    /// Back to empty tables.
    void clear_tables();

    void add_device(std::uint64_t ieee, std::uint16_t nwk, bool is_child, bool has_link_key);
    void remove_device(std::uint64_t ieee);
    [[nodiscard]] std::vector<AddressEntry> devices() const;

    struct LinkKey {
        Bytes key;
        std::uint32_t tx_counter = 0;
        std::uint32_t rx_counter = 0;
    };
    [[nodiscard]] std::optional<LinkKey> link_key(std::uint64_t ieee) const;

    /// Of this network, or else of the entry for any network.
    [[nodiscard]] std::uint32_t load_counter(std::uint64_t extended_pan_id) const;
    void save_counter(std::uint64_t extended_pan_id, std::uint32_t counter);

  private:
    enum class Table { addresses, tclk, aps_keys, material };

    [[nodiscard]] std::size_t capacity(Table table) const;
    [[nodiscard]] Bytes empty_entry(Table table) const;
    [[nodiscard]] Bytes entry(Table table, std::size_t index) const;
    void set_entry(Table table, std::size_t index, View value);
    [[nodiscard]] bool exists(Table table, std::size_t index) const;

    void set_address(const AddressEntry& entry);

    NvMemory& nv_;
    const Firmware& firmware_;
};

}  // namespace waggle::sim
