#pragma once

#include <optional>
#include <vector>

#include "coordinator/znp/driver.hpp"
#include "coordinator/znp/structs.hpp"

/// Z-Stack's non-volatile memory: numbered items, and on 3.x.0 tables whose entries are addressed
/// by system, item and index. What is longer than a frame is moved in pieces. A request that is not
/// answered is tried three times.
namespace waggle::znp {

namespace nv {
inline constexpr std::uint16_t ext_addr = 0x0001, startup_option = 0x0003, nib = 0x0021,
                               address_manager = 0x0023, extended_pan_id = 0x002D,
                               active_key_info = 0x003A, alternate_key_info = 0x003B,
                               aps_use_ext_pan_id = 0x0047, aps_link_key_table = 0x004C,
                               configured_3 = 0x0060, preconfigured_key = 0x0062,
                               preconfigured_keys_enable = 0x0063,
                               legacy_security_material = 0x0075, network_key = 0x0082,
                               pan_id = 0x0083, channel_list = 0x0084, logical_type = 0x0087,
                               zdo_direct_callback = 0x008F, tclk_seed = 0x0101,
                               legacy_tclk_table_12 = 0x0101, legacy_tclk_table = 0x0111,
                               legacy_aps_link_key_data = 0x0201, configured_12 = 0x0F00;
/// Items of system 1 (Z-Stack) in the extended memory.
inline constexpr std::uint16_t ex_address_manager = 1, ex_tclk_table = 4, ex_aps_link_key_data = 6,
                               ex_security_material = 7;
}  // namespace nv

class Nv {
  public:
    explicit Nv(Driver& driver) : driver_(driver) {}

    /// Finds out how the chip lays out structures, from the length of the network key item.
    [[nodiscard]] Awaitable<Result<void>> init(Product product);
    Alignment alignment() const noexcept { return alignment_; }

    /// Nothing when there is no such item.
    [[nodiscard]] Awaitable<Result<std::optional<Bytes>>> read(std::uint16_t id);
    /// Creates the item when it is missing.
    [[nodiscard]] Awaitable<Result<void>> write(std::uint16_t id, Bytes value);
    /// Writes only what is not so already, to spare the flash.
    [[nodiscard]] Awaitable<Result<void>> update(std::uint16_t id, Bytes value);
    [[nodiscard]] Awaitable<Result<void>> remove(std::uint16_t id);

    [[nodiscard]] Awaitable<Result<std::optional<Bytes>>> read_extended(std::uint16_t id,
                                                                        std::uint16_t index);
    [[nodiscard]] Awaitable<Result<void>> write_extended(std::uint16_t id, std::uint16_t index,
                                                         Bytes value);

    /// The item as a structure; nothing when there is no such item.
    template <class S>
    [[nodiscard]] Awaitable<Result<std::optional<S>>> read_as(std::uint16_t id) {
        auto item = co_await read(id);
        if (!item)
            co_return item.error();
        if (!*item)
            co_return std::optional<S>();
        auto value = read_struct<S>(**item);
        if (!value)
            co_return failed(id, value.error());
        co_return std::optional<S>(std::move(*value));
    }

    /// Consecutive items, or entries of an extended table, until the first that is missing.
    template <class S>
    [[nodiscard]] Awaitable<Result<std::vector<S>>> read_entries(bool extended, std::uint16_t id,
                                                                 std::uint16_t limit) {
        std::vector<S> entries;
        for (std::uint16_t i = 0; i < limit; ++i) {
            const auto item_id = static_cast<std::uint16_t>(id + i);
            Result<std::optional<Bytes>> item = std::optional<Bytes>();
            if (extended)
                item = co_await read_extended(id, i);
            else
                item = co_await read(item_id);
            if (!item)
                co_return item.error();
            if (!*item)
                break;
            auto entry = read_struct<S>(**item);
            if (!entry)
                co_return failed(id, entry.error());
            entries.push_back(*entry);
        }
        co_return entries;
    }

    template <class S>
    [[nodiscard]] Awaitable<Result<void>> write_entries(bool extended, std::uint16_t id,
                                                        std::vector<S> entries) {
        for (std::uint16_t i = 0; i < entries.size(); ++i) {
            auto value = write_struct(entries[i], alignment_);
            const auto item_id = static_cast<std::uint16_t>(id + i);
            Result<void> written;
            if (extended)
                written = co_await write_extended(id, i, std::move(value));
            else
                written = co_await write(item_id, std::move(value));
            if (!written)
                co_return written;
        }
        co_return Result<void>{};
    }

    /// The item that the last error was about.
    std::uint16_t failed_item() const noexcept { return failed_item_; }

    static constexpr std::size_t piece = 240;           ///< octets moved at once
    static constexpr std::uint16_t max_entries = 1024;  ///< of an extended table

  private:
    Awaitable<Result<Bytes>> ask(const Command& command, Bytes payload);
    Awaitable<Result<std::size_t>> length(std::uint16_t id);
    Awaitable<Result<void>> create(std::uint16_t id, Bytes value);
    boost::system::error_code failed(std::uint16_t id, boost::system::error_code error);

    Driver& driver_;
    Alignment alignment_ = Alignment::packed;
    std::uint16_t failed_item_ = 0;
};

}  // namespace waggle::znp
