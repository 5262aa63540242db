#include "mt.hpp"

#include <algorithm>
#include <cctype>
#include <unordered_map>

namespace waggle::sim {

namespace {

constexpr MtCommand indication_rows[] = {
    {mt::reset_ind, "SYS_RESET_IND"},
    {mt::data_confirm, "AF_DATA_CONFIRM"},
    {mt::incoming_msg, "AF_INCOMING_MSG"},
    {mt::incoming_msg_ext, "AF_INCOMING_MSG_EXT"},
    {0x4580, "ZDO_NWK_ADDR_RSP"},
    {0x4581, "ZDO_IEEE_ADDR_RSP"},
    {0x4582, "ZDO_NODE_DESC_RSP"},
    {0x4583, "ZDO_POWER_DESC_RSP"},
    {0x4584, "ZDO_SIMPLE_DESC_RSP"},
    {0x4585, "ZDO_ACTIVE_EP_RSP"},
    {0x4586, "ZDO_MATCH_DESC_RSP"},
    {0x45A1, "ZDO_BIND_RSP"},
    {0x45A2, "ZDO_UNBIND_RSP"},
    {0x45B1, "ZDO_MGMT_LQI_RSP"},
    {0x45B2, "ZDO_MGMT_RTG_RSP"},
    {0x45B3, "ZDO_MGMT_BIND_RSP"},
    {0x45B4, "ZDO_MGMT_LEAVE_RSP"},
    {0x45B6, "ZDO_MGMT_PERMIT_JOIN_RSP"},
    {0x45B8, "ZDO_MGMT_NWK_UPDATE_NOTIFY"},
    {mt::state_change_ind, "ZDO_STATE_CHANGE_IND"},
    {mt::end_device_annce_ind, "ZDO_END_DEVICE_ANNCE_IND"},
    {mt::src_rtg_ind, "ZDO_SRC_RTG_IND"},
    {mt::concentrator_ind, "ZDO_CONCENTRATOR_IND_CB"},
    {mt::leave_ind, "ZDO_LEAVE_IND"},
    {mt::tc_device_ind, "ZDO_TC_DEVICE_IND"},
    {mt::permit_join_ind, "ZDO_PERMIT_JOIN_IND"},
    {mt::msg_cb_incoming, "ZDO_MSG_CB_INCOMING"},
    {mt::sapi_start_confirm, "SAPI_START_CONFIRM"},
    {mt::commissioning_notification, "APP_CNF_BDB_COMMISSIONING_NOTIFICATION"},
};

struct StatusName {
    std::string_view name;
    std::uint8_t value;
};

constexpr StatusName status_names[] = {
    {"SUCCESS", 0x00},
    {"FAILURE", 0x01},
    {"INVALID_PARAMETER", 0x02},
    {"NV_OPER_FAILED", 0x0A},
    {"NV_BAD_ITEM_LEN", 0x0C},
    {"MEM_ERROR", 0x10},
    {"BUFFER_FULL", 0x11},
    {"UNSUPPORTED_MODE", 0x12},
    {"MAC_MEM_ERROR", 0x13},
    {"MAC_NO_RESOURCES", 0x1A},
    {"UNSUPPORTED_ATTRIBUTE", 0x86},
    {"INVALID_VALUE", 0x87},
    {"READ_ONLY", 0x88},
    {"INSUFFICIENT_SPACE", 0x89},
    {"NOT_AUTHORIZED", 0x7E},
    {"SEC_NO_KEY", 0xA1},
    {"APS_FAIL", 0xB1},
    {"APS_TABLE_FULL", 0xB2},
    {"APS_ILLEGAL_REQUEST", 0xB3},
    {"APS_NO_ACK", 0xB7},
    {"APS_DUPLICATE_ENTRY", 0xB8},
    {"APS_NO_BOUND_DEVICE", 0xB9},
    {"NWK_INVALID_REQUEST", 0xC2},
    {"NWK_NOT_PERMITTED", 0xC3},
    {"NWK_TABLE_FULL", 0xC7},
    {"NWK_UNKNOWN_DEVICE", 0xC8},
    {"NWK_NO_ACK", 0xCC},
    {"NWK_NO_ROUTE", 0xCD},
    {"NO_ROUTE", 0xCD},
    {"MAC_CHANNEL_ACCESS_FAILURE", 0xE1},
    {"MAC_NO_ACK", 0xE9},
    {"NO_ACK", 0xE9},
    {"MAC_TRANSACTION_EXPIRED", 0xF0},
    {"MAC_TRANSACTION_OVERFLOW", 0xF1},
};

std::string upper(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) {
        return static_cast<char>(c == '-' ? '_' : std::toupper(c));
    });
    return result;
}

const std::unordered_map<std::uint16_t, const MtCommand*>& index() {
    static const auto table = [] {
        std::unordered_map<std::uint16_t, const MtCommand*> rows;
        for (const auto commands :
             {sys_commands(), af_commands(), zdo_commands(), sapi_commands(), util_commands(),
              app_cnf_commands(), std::span<const MtCommand>(indication_rows)})
            for (const MtCommand& command : commands)
                rows.emplace(command.code, &command);
        return rows;
    }();
    return table;
}

}  // namespace

std::span<const MtCommand> indications() {
    return indication_rows;
}

const MtCommand* find_command(std::uint16_t code) {
    const auto found = index().find(code);
    return found == index().end() ? nullptr : found->second;
}

std::optional<std::uint16_t> code_by_name(std::string_view name) {
    const std::string wanted = upper(name);
    for (const auto& [code, command] : index())
        if (command->name == wanted)
            return code;
    const auto number = parse_number(name);
    if (!number || *number > 0xFFFF)
        return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

std::string name_of(std::uint16_t code) {
    const MtCommand* command = find_command(code);
    return command ? std::string(command->name) : hex16(code);
}

std::optional<std::uint8_t> status_by_name(std::string_view name) {
    const std::string wanted = upper(name);
    const auto found = std::ranges::find(status_names, wanted, &StatusName::name);
    if (found != std::end(status_names))
        return found->value;
    const auto number = parse_number(name);
    if (!number || *number > 0xFF)
        return std::nullopt;
    return static_cast<std::uint8_t>(*number);
}

}  // namespace waggle::sim
