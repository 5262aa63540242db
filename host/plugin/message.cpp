#include "plugin/message.hpp"

#include "plugin/definition.hpp"
#include "plugin/host.hpp"

namespace waggle::plugin {

using zcl::Global;

namespace {

template <class T>
wg_table table_of(const T* items, std::size_t count) noexcept {
    return {items, static_cast<std::uint32_t>(count), sizeof(T)};
}

wg_message_kind kind_of_global(const zcl::Frame& frame) noexcept {
    switch (static_cast<Global>(frame.header.command)) {
        case Global::report: return WG_REPORT;
        case Global::read_response: return WG_READ_RESPONSE;
        case Global::read: return WG_READ;
        case Global::write:
        case Global::write_undivided:
        case Global::write_no_response: return WG_WRITE;
        default: return 0;
    }
}

}  // namespace

wg_message_kind kind_of(const ZclMessage& message) noexcept {
    if (!message.frame)
        return WG_RAW;
    const auto& frame = *message.frame;
    if (frame.header.type == zcl::FrameType::global)
        return kind_of_global(frame);
    if (!frame.command_definition)
        return WG_RAW;
    return frame.header.direction == zcl::Direction::client_to_server ? WG_COMMAND
                                                                      : WG_COMMAND_RESPONSE;
}

wg_table attributes_of(const zcl::Frame& frame, Scratch& scratch, bool only_good) {
    const auto* records = frame.records();
    if (!records)
        return {};
    auto* attributes = scratch.attributes(records->size());
    std::size_t count = 0;
    for (const auto& record : *records) {
        if (only_good && record.status != zcl::Status::success)
            continue;
        const auto* known = frame.cluster_definition
                                ? frame.cluster_definition->attribute(
                                      record.id, frame.header.manufacturer.value_or(0))
                                : nullptr;
        const bool is_absent = known && known->is_absent(record.value);
        if (only_good && known && known->limits && !is_absent && !known->is_in_range(record.value))
            continue;
        auto& attribute = attributes[count++];
        attribute.id = record.id;
        attribute.type = static_cast<std::uint8_t>(record.value.type);
        attribute.status = static_cast<std::uint8_t>(record.status);
        attribute.reserved = 0;
        attribute.value = is_absent ? wg_null() : to_wg(record.value, scratch);
    }
    return table_of(attributes, count);
}

wg_table parameters_of(const zcl::Frame& frame, Scratch& scratch) {
    const auto* list = frame.parameters();
    if (!list)
        return {};
    auto* parameters = scratch.parameters(list->size());
    std::size_t count = 0;
    for (const auto& item : *list) {
        auto& parameter = parameters[count++];
        parameter = {};
        parameter.name = to_wg(item.name);
        parameter.type = static_cast<std::uint8_t>(item.value.type);
        parameter.value = to_wg(item.value, scratch);
    }
    return table_of(parameters, count);
}

ByteView payload_of(ByteView frame) noexcept {
    ByteReader in(frame);
    const bool has_manufacturer = (in.u8() & 0x04) != 0;
    in.bytes(has_manufacturer ? 4 : 2);
    return in.rest();
}

wg_message to_wg(const ZclMessage& message, wg_message_kind kind, wg_entity device,
                 Scratch& scratch) {
    wg_message out{};
    out.size = sizeof out;
    out.kind = kind;
    out.device = device;
    out.cluster = message.cluster;
    out.group = message.group;
    out.endpoint = message.endpoint.id;
    out.link_quality = message.link_quality;
    out.broadcast = message.broadcast;
    const auto payload = payload_of(message.raw);
    out.payload = {payload.data(), payload.size()};

    if (message.frame) {
        const auto& frame = *message.frame;
        out.manufacturer = frame.header.manufacturer.value_or(0);
        out.command = frame.header.command;
        out.sequence = frame.header.sequence;
        if (frame.command_definition)
            out.command_name = to_wg(frame.command_definition->name);
        out.attributes =
            attributes_of(frame, scratch, kind == WG_READ_RESPONSE || kind == WG_REPORT);
        out.parameters = parameters_of(frame, scratch);
        return out;
    }
    ByteReader in(message.raw);
    if (const auto header = zcl::read_header(in)) {
        out.manufacturer = header->manufacturer.value_or(0);
        out.command = header->command;
        out.sequence = header->sequence;
    }
    return out;
}

}  // namespace waggle::plugin
