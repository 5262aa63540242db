#include <cstdint>

#include "coordinator/znp/incoming.hpp"
#include "coordinator/znp/structs.hpp"
#include "coordinator/znp/zdo_mt.hpp"

/// What a co-processor says by itself, and what its memory holds: the first octet chooses the
/// decoder.
namespace {

using namespace waggle;
using namespace waggle::znp;

volatile std::uint8_t sink;

void touch(ByteView view) {
    std::uint8_t sum = 0;
    for (const auto octet : view)
        sum ^= octet;
    sink = sum;
}

void messages(ByteView data) {
    if (const auto message = read_incoming_msg(data))
        touch(message->payload);
    if (const auto message = read_incoming_msg_ext(data))
        touch(message->indication.payload);
    static_cast<void>(read_device_ind(data));
    static_cast<void>(read_leave_ind(data));
    if (const auto block = read_retrieved(data, data.size() / 2))
        touch(*block);
}

void zdo_messages(std::uint8_t command, ByteView data) {
    Frame frame;
    frame.type = Type::areq;
    frame.subsystem = Subsystem::zdo;
    frame.command = command;
    frame.data = data;
    if (const auto message = from_mt(frame); message && *message)
        touch((*message)->payload);
    if (const auto request = to_mt(command, zdo::Cluster(command), data))
        static_cast<void>(request->answered_by(data));
}

template <class S>
void structure(ByteView data) {
    if (const auto value = read_struct<S>(data))
        touch(write_struct(*value, Alignment::even));
}

void memory(ByteView data) {
    structure<Nib>(data);
    structure<KeyDescriptor>(data);
    structure<AddressManagerEntry>(data);
    structure<LinkKeyEntry>(data);
    structure<TclkEntry>(data);
    structure<SecurityMaterial>(data);
    for (const auto alignment : {Alignment::packed, Alignment::even}) {
        static_cast<void>(read_table<SecurityManagerEntry>(data, true, alignment));
        static_cast<void>(read_table<AddressManagerEntry>(data, false, alignment));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const ByteView rest(data + 1, size - 1);
    switch (data[0]) {
        case 0: messages(rest); break;
        case 1: memory(rest); break;
        default: zdo_messages(data[0], rest);
    }
    return 0;
}
