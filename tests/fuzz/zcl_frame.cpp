#include "zigbee/zcl_frame.hpp"

#include <cstdlib>

/// A frame from the radio: two octets choose the cluster, the rest is the frame. What can be
/// decoded can be encoded, and what was encoded is decoded to the same once more. Only the octets
/// may differ: padding, lengths that lied, and text that was not UTF-8 are put right.
namespace {

using namespace waggle;

void check(bool condition) {
    if (!condition)
        std::abort();
}

/// Values that compare equal only to themselves, or change their meaning on the way, are skipped.
bool is_comparable(const zcl::Value& value) {
    if (const auto* number = std::get_if<double>(&value.data))
        return *number == *number;
    if (const auto* list = value.list())
        for (const auto& element : *list)
            if (!is_comparable(element))
                return false;
    return true;
}

bool is_comparable(const zcl::Frame& frame) {
    if (const auto* records = frame.records())
        for (const auto& record : *records)
            if (!is_comparable(record.value))
                return false;
    if (const auto* parameters = frame.parameters())
        for (const auto& parameter : *parameters)
            if (!is_comparable(parameter.value))
                return false;
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    const auto cluster = static_cast<ClusterId>(data[0] | data[1] << 8);
    const auto frame = zcl::decode({data + 2, size - 2}, cluster);
    if (!frame)
        return 0;
    (void)zcl::wants_default_response(*frame, false, zcl::Status::success);

    Bytes once;
    if (!zcl::encode(once, *frame))
        return 0;  // replaced characters made a text too long for its length octet
    const auto again = zcl::decode(once, cluster);
    if (!again)
        return 0;  // a parameter that was absent for want of octets
    Bytes twice;
    check(zcl::encode(twice, *again).has_value());
    if (is_comparable(*again) && again->payload == frame->payload)
        check(once == twice);
    return 0;
}
