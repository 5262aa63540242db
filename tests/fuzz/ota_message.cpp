#include <cstdint>
#include <cstdlib>

#include "ota/messages.hpp"

/// A request of a device to the OTA server: the first octet chooses which, as in its frame. What is
/// read must not depend on octets that are not there.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waggle;
    if (size == 0)
        return 0;
    const ByteView payload(data + 1, size - 1);
    switch (static_cast<ota::Command>(data[0] % 8)) {
        case ota::Command::query_next_image_request: {
            const auto query = ota::read_query(payload);
            if (query && payload.size() < (query->hardware_version ? 11u : 9u))
                std::abort();
            break;
        }
        case ota::Command::image_block_request:
        case ota::Command::image_page_request: {
            const bool page = data[0] % 8 == static_cast<int>(ota::Command::image_page_request);
            const auto request = ota::read_block_request(payload, page);
            if (request && (request->page_size.has_value() != page || payload.size() < 14))
                std::abort();
            if (request)
                (void)ota::block_response(*request, request->offset, payload);
            break;
        }
        case ota::Command::upgrade_end_request: (void)ota::read_end_request(payload); break;
        default: break;
    }
    return 0;
}
