#include "zigbee/zdo.hpp"

#include <cstdint>

/// A ZDO response from the radio: the first octet chooses the reader.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waggle;
    if (size == 0)
        return 0;
    const ByteView payload(data + 1, size - 1);
    switch (data[0] % 11) {
        case 0: (void)zdo::read_status(payload); break;
        case 1: (void)zdo::read_node_desc_rsp(payload); break;
        case 2: (void)zdo::read_power_desc_rsp(payload); break;
        case 3: (void)zdo::read_active_ep_rsp(payload); break;
        case 4: (void)zdo::read_match_desc_rsp(payload); break;
        case 5: (void)zdo::read_simple_desc_rsp(payload); break;
        case 6: (void)zdo::read_address_rsp(payload); break;
        case 7: (void)zdo::read_device_annce(payload); break;
        case 8: (void)zdo::read_mgmt_lqi_rsp(payload); break;
        case 9: (void)zdo::read_mgmt_rtg_rsp(payload); break;
        case 10: (void)zdo::read_mgmt_bind_rsp(payload); break;
    }
    return 0;
}
