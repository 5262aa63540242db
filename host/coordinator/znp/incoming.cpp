#include "coordinator/znp/incoming.hpp"

#include "coordinator/znp/commands.hpp"
#include "coordinator/znp/endpoints.hpp"
#include "coordinator/znp/status.hpp"

namespace waggle::znp {

Result<ApsIndication> read_incoming_msg(ByteView data) {
    ByteReader in(data);
    ApsIndication message;
    message.group = in.u16();
    message.cluster = in.u16();
    message.source = in.u16();
    message.source_endpoint = in.u8();
    message.destination_endpoint = in.u8();
    message.broadcast = in.u8() != 0;
    message.link_quality = in.u8();
    in.u8();   // security in use
    in.u32();  // time stamp
    in.u8();   // transaction
    message.payload = in.bytes(in.u8());
    if (in.failed())
        return Errc::truncated;
    message.profile = profile_of(message.destination_endpoint);
    return message;  // the previous hop and the radius may follow
}

Result<IncomingExt> read_incoming_msg_ext(ByteView data) {
    ByteReader in(data);
    IncomingExt ext;
    auto& message = ext.indication;
    message.group = in.u16();
    message.cluster = in.u16();
    const auto mode = AddressMode(in.u8());
    const auto address = in.u64();
    message.source_endpoint = in.u8();
    in.u16();  // PAN of the sender
    message.destination_endpoint = in.u8();
    message.broadcast = in.u8() != 0;
    message.link_quality = in.u8();
    in.u8();  // security in use
    ext.timestamp = in.u32();
    in.u8();  // transaction
    ext.length = in.u16();
    if (in.failed())
        return Errc::truncated;
    if (mode == AddressMode::ieee) {
        message.source = nwk_unknown;
        message.source_ieee = Ieee(address);
    } else {
        message.source = static_cast<NwkAddress>(address);
    }
    message.profile = profile_of(message.destination_endpoint);
    // The payload is absent, not empty, when it did not fit: previous hop and radius still follow.
    ext.must_be_fetched = in.left() < ext.length;
    if (!ext.must_be_fetched)
        message.payload = in.bytes(ext.length);
    return ext;
}

Result<JoinedDevice> read_device_ind(ByteView data) {
    ByteReader in(data);
    JoinedDevice device;
    device.address = in.u16();
    device.ieee = Ieee(in.u64());
    if (in.failed())
        return Errc::truncated;
    return device;
}

Result<LeaveInd> read_leave_ind(ByteView data) {
    ByteReader in(data);
    LeaveInd leave;
    leave.address = in.u16();
    leave.ieee = Ieee(in.u64());
    in.u8();  // requested by another device
    in.u8();  // its children leave as well
    leave.rejoin = in.u8() != 0;
    if (in.failed())
        return Errc::truncated;
    return leave;
}

Result<ByteView> read_retrieved(ByteView data, std::size_t expected) {
    ByteReader in(data);
    const auto code = in.u8();
    const auto block = in.bytes(in.u8());
    if (in.failed())
        return Errc::truncated;
    if (code != status::success)
        return status_error(code);
    if (block.size() != expected)
        return Errc::mismatch;
    return block;
}

}  // namespace waggle::znp
