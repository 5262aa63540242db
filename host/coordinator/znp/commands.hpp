#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "coordinator/znp/frame.hpp"

/// The MT commands this driver uses, as data: one row each, with TI's own names [MT 3].
namespace waggle::znp {

struct Command {
    Type type;
    Subsystem subsystem;
    std::uint8_t id;
    std::string_view name;
    std::chrono::seconds deadline{6};  ///< for the SRSP of an SREQ
};

inline constexpr bool is(const Frame& frame, const Command& command) noexcept {
    return frame.subsystem == command.subsystem && frame.command == command.id;
}

namespace mt {

inline constexpr auto sreq = Type::sreq;
inline constexpr auto areq = Type::areq;
inline constexpr std::chrono::seconds long_deadline{40};  ///< the two that start a network

// SYS
inline constexpr Command sys_reset_req{areq, Subsystem::sys, 0x00, "SYS_RESET_REQ"};
inline constexpr Command sys_ping{sreq, Subsystem::sys, 0x01, "SYS_PING"};
inline constexpr Command sys_version{sreq, Subsystem::sys, 0x02, "SYS_VERSION"};
inline constexpr Command sys_get_extaddr{sreq, Subsystem::sys, 0x04, "SYS_GET_EXTADDR"};
inline constexpr Command nv_item_init{sreq, Subsystem::sys, 0x07, "SYS_OSAL_NV_ITEM_INIT"};
inline constexpr Command sys_stack_tune{sreq, Subsystem::sys, 0x0F, "SYS_STACK_TUNE"};
inline constexpr Command nv_delete{sreq, Subsystem::sys, 0x12, "SYS_OSAL_NV_DELETE"};
inline constexpr Command nv_length{sreq, Subsystem::sys, 0x13, "SYS_OSAL_NV_LENGTH"};
inline constexpr Command nv_read_ext{sreq, Subsystem::sys, 0x1C, "SYS_OSAL_NV_READ_EXT"};
inline constexpr Command nv_write_ext{sreq, Subsystem::sys, 0x1D, "SYS_OSAL_NV_WRITE_EXT"};
inline constexpr Command nv_ex_create{sreq, Subsystem::sys, 0x30, "SYS_NV_CREATE"};
inline constexpr Command nv_ex_length{sreq, Subsystem::sys, 0x32, "SYS_NV_LENGTH"};
inline constexpr Command nv_ex_read{sreq, Subsystem::sys, 0x33, "SYS_NV_READ"};
inline constexpr Command nv_ex_write{sreq, Subsystem::sys, 0x34, "SYS_NV_WRITE"};
inline constexpr Command sys_reset_ind{areq, Subsystem::sys, 0x80, "SYS_RESET_IND"};

// AF
inline constexpr Command af_register{sreq, Subsystem::af, 0x00, "AF_REGISTER"};
inline constexpr Command af_data_request{sreq, Subsystem::af, 0x01, "AF_DATA_REQUEST"};
inline constexpr Command af_data_request_ext{sreq, Subsystem::af, 0x02, "AF_DATA_REQUEST_EXT"};
inline constexpr Command af_inter_pan_ctl{sreq, Subsystem::af, 0x10, "AF_INTER_PAN_CTL"};
inline constexpr Command af_data_store{sreq, Subsystem::af, 0x11, "AF_DATA_STORE"};
inline constexpr Command af_data_retrieve{sreq, Subsystem::af, 0x12, "AF_DATA_RETRIEVE"};
inline constexpr Command af_data_confirm{areq, Subsystem::af, 0x80, "AF_DATA_CONFIRM"};
inline constexpr Command af_incoming_msg{areq, Subsystem::af, 0x81, "AF_INCOMING_MSG"};
inline constexpr Command af_incoming_msg_ext{areq, Subsystem::af, 0x82, "AF_INCOMING_MSG_EXT"};

// ZDO: the requests and responses that carry standard ZDO messages are in zdo_mt.cpp
inline constexpr Command zdo_startup_from_app{sreq, Subsystem::zdo, 0x40, "ZDO_STARTUP_FROM_APP",
                                              long_deadline};
inline constexpr Command zdo_ext_route_disc{sreq, Subsystem::zdo, 0x45, "ZDO_EXT_ROUTE_DISC"};
inline constexpr Command zdo_ext_find_group{sreq, Subsystem::zdo, 0x4A, "ZDO_EXT_FIND_GROUP"};
inline constexpr Command zdo_ext_add_group{sreq, Subsystem::zdo, 0x4B, "ZDO_EXT_ADD_GROUP"};
inline constexpr Command zdo_ext_nwk_info{sreq, Subsystem::zdo, 0x50, "ZDO_EXT_NWK_INFO"};
inline constexpr Command zdo_state_change_ind{areq, Subsystem::zdo, 0xC0, "ZDO_STATE_CHANGE_IND"};
inline constexpr Command zdo_concentrator_ind{areq, Subsystem::zdo, 0xC8, "ZDO_CONCENTRATOR_IND"};
inline constexpr Command zdo_leave_ind{areq, Subsystem::zdo, 0xC9, "ZDO_LEAVE_IND"};
inline constexpr Command zdo_tc_dev_ind{areq, Subsystem::zdo, 0xCA, "ZDO_TC_DEV_IND"};
inline constexpr Command zdo_msg_cb_incoming{areq, Subsystem::zdo, 0xFF, "ZDO_MSG_CB_INCOMING"};

// SAPI (Z-Stack 1.2 keeps the network key behind it)
inline constexpr Command sapi_read_configuration{sreq, Subsystem::sapi, 0x04,
                                                 "ZB_READ_CONFIGURATION"};
inline constexpr Command sapi_write_configuration{sreq, Subsystem::sapi, 0x05,
                                                  "ZB_WRITE_CONFIGURATION"};

// UTIL
inline constexpr Command util_get_device_info{sreq, Subsystem::util, 0x00, "UTIL_GET_DEVICE_INFO"};
inline constexpr Command util_led_control{sreq, Subsystem::util, 0x0A, "UTIL_LED_CONTROL"};
inline constexpr Command util_assoc_get_with_address{sreq, Subsystem::util, 0x4A,
                                                     "UTIL_ASSOC_GET_WITH_ADDRESS"};
/// The next two exist only in the firmware that the zigbee2mqtt project builds.
inline constexpr Command util_assoc_remove{sreq, Subsystem::util, 0x63, "UTIL_ASSOC_REMOVE"};
inline constexpr Command util_assoc_add{sreq, Subsystem::util, 0x64, "UTIL_ASSOC_ADD"};

// APP_CNF
inline constexpr Command bdb_add_install_code{sreq, Subsystem::app_config, 0x04,
                                              "APP_CNF_BDB_ADD_INSTALLCODE"};
inline constexpr Command bdb_start_commissioning{sreq, Subsystem::app_config, 0x05,
                                                 "APP_CNF_BDB_START_COMMISSIONING", long_deadline};
inline constexpr Command bdb_set_channel{sreq, Subsystem::app_config, 0x08,
                                         "APP_CNF_BDB_SET_CHANNEL"};

}  // namespace mt

/// Z-Stack's own kinds of address in AF and ZDO requests.
enum class AddressMode : std::uint8_t {
    none = 0,
    group = 1,
    short_address = 2,
    ieee = 3,
    broadcast = 15,
};

/// The stack behind the interface, as SYS_VERSION numbers it.
enum class Product : std::uint8_t { zstack_12 = 0, zstack_3x0 = 1, zstack_30x = 2 };

inline constexpr std::uint8_t device_state_coordinator = 9;  ///< DEV_ZB_COORD
inline constexpr std::uint8_t default_radius = 30;

}  // namespace waggle::znp
