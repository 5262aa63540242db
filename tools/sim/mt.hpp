/// Numbers of TI's Monitor and Test API that more than one file needs [MT]. A code is cmd0 << 8 |
/// cmd1: 0x2xxx asks, 0x6xxx answers, 0x4xxx indicates.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "bytes.hpp"

namespace waggle::sim {

namespace mt {

enum class Status : std::uint8_t {
    success = 0x00,
    failure = 0x01,
    invalid_parameter = 0x02,
    item_created = 0x09,
    nv_failed = 0x0A,
    bad_length = 0x0C,
    memory = 0x10,
    buffer_full = 0x11,
    duplicate = 0xB8,
    invalid_request = 0xC2,
    unknown_device = 0xC8,
};

/// Error codes of the frame that answers what cannot be served.
enum class RpcError : std::uint8_t {
    subsystem = 1,
    command = 2,
    parameter = 3,
    length = 4,
};

inline constexpr std::uint16_t rpc_error = 0x6000;
inline constexpr std::uint16_t reset_req = 0x4100, reset_ind = 0x4180;
inline constexpr std::uint16_t data_confirm = 0x4480, incoming_msg = 0x4481,
                               incoming_msg_ext = 0x4482;
inline constexpr std::uint16_t state_change_ind = 0x45C0, end_device_annce_ind = 0x45C1,
                               src_rtg_ind = 0x45C4, concentrator_ind = 0x45C8, leave_ind = 0x45C9,
                               tc_device_ind = 0x45CA, permit_join_ind = 0x45CB,
                               msg_cb_incoming = 0x45FF;
inline constexpr std::uint16_t sapi_start_confirm = 0x4680;
inline constexpr std::uint16_t commissioning_notification = 0x4F80;

}  // namespace mt

class Ncp;

struct MtCommand {
    std::uint16_t code = 0;
    std::string_view name;
    std::size_t min_size = 0;
    /// Writes the answer's data. Null for indications, which only have names here.
    void (*run)(Ncp& ncp, Reader& in, Writer& out) = nullptr;
};

// One table a subsystem.
[[nodiscard]] std::span<const MtCommand> sys_commands();
[[nodiscard]] std::span<const MtCommand> af_commands();
[[nodiscard]] std::span<const MtCommand> zdo_commands();
[[nodiscard]] std::span<const MtCommand> sapi_commands();
[[nodiscard]] std::span<const MtCommand> util_commands();
[[nodiscard]] std::span<const MtCommand> app_cnf_commands();
[[nodiscard]] std::span<const MtCommand> indications();

[[nodiscard]] const MtCommand* find_command(std::uint16_t code);
/// By TI's name ("SYS_PING", any case) or by code ("0x2101").
[[nodiscard]] std::optional<std::uint16_t> code_by_name(std::string_view name);
[[nodiscard]] std::string name_of(std::uint16_t code);

/// A status by its name ("BUFFER_FULL", any case) or number.
[[nodiscard]] std::optional<std::uint8_t> status_by_name(std::string_view name);

}  // namespace waggle::sim
