#include <algorithm>
#include <utility>

#include "zigbee/zcl_codec.hpp"

/// The foundation commands [ZCL8 2.5], as record readers and writers that the two tables at the end
/// choose from.
namespace waggle::zcl {
namespace {

constexpr std::uint16_t mi_struct_attribute = 0xFF01;
constexpr std::size_t most_indexes = 15;
constexpr std::uint8_t index_count_mask = 0x0F;

Result<void> read_typed(ByteReader& in, AttributeRecord& record) {
    const auto type = static_cast<DataType>(in.u8());
    auto value = record.id == mi_struct_attribute && type == DataType::char_string
                     ? read_mi_struct(in)
                     : read_value(in, type, true);
    if (!value)
        return value.error();
    record.value = std::move(*value);
    return {};
}

Result<void> read_selector(ByteReader& in, Selector& selector) {
    const auto indicator = in.u8();
    selector.action = static_cast<Selector::Action>(indicator & ~index_count_mask);
    if (selector.action > Selector::Action::remove)
        return Errc::malformed;
    for (int i = indicator & index_count_mask; i > 0 && !in.failed(); --i)
        selector.indexes.push_back(in.u16());
    return {};
}

Direction read_direction(ByteReader& in) {
    return in.u8() == 0 ? Direction::client_to_server : Direction::server_to_client;
}

Result<void> read_id(ByteReader& in, AttributeRecord& record) {
    record.id = in.u16();
    return {};
}

Result<void> read_id_value(ByteReader& in, AttributeRecord& record) {
    record.id = in.u16();
    return read_typed(in, record);
}

Result<void> read_id_status_value(ByteReader& in, AttributeRecord& record) {
    record.id = in.u16();
    record.status = static_cast<Status>(in.u8());
    return record.status == Status::success ? read_typed(in, record) : Result<void>{};
}

Result<void> read_status_id(ByteReader& in, AttributeRecord& record) {
    record.status = static_cast<Status>(in.u8());
    record.id = in.u16();
    return {};
}

Result<void> read_status_direction_id(ByteReader& in, AttributeRecord& record) {
    record.status = static_cast<Status>(in.u8());
    record.reporting_direction = read_direction(in);
    record.id = in.u16();
    return {};
}

Result<void> read_direction_id(ByteReader& in, AttributeRecord& record) {
    record.reporting_direction = read_direction(in);
    record.id = in.u16();
    return {};
}

Result<void> read_reporting_body(ByteReader& in, AttributeRecord& record) {
    if (record.reporting_direction == Direction::server_to_client) {
        record.timeout = in.u16();
        return {};
    }
    record.value.type = static_cast<DataType>(in.u8());
    record.minimum_interval = in.u16();
    record.maximum_interval = in.u16();
    if (!is_analog(record.value.type))
        return {};
    auto change = read_value(in, record.value.type);
    if (!change)
        return change.error();
    record.value = std::move(*change);
    return {};
}

Result<void> read_reporting(ByteReader& in, AttributeRecord& record) {
    (void)read_direction_id(in, record);
    return read_reporting_body(in, record);
}

Result<void> read_reporting_result(ByteReader& in, AttributeRecord& record) {
    (void)read_status_direction_id(in, record);
    return record.status == Status::success ? read_reporting_body(in, record) : Result<void>{};
}

Result<void> read_id_selector(ByteReader& in, AttributeRecord& record) {
    record.id = in.u16();
    return read_selector(in, record.selector);
}

Result<void> read_id_selector_value(ByteReader& in, AttributeRecord& record) {
    record.id = in.u16();
    if (auto selector = read_selector(in, record.selector); !selector)
        return selector;
    return read_typed(in, record);
}

Result<void> read_status_id_selector(ByteReader& in, AttributeRecord& record) {
    record.status = static_cast<Status>(in.u8());
    return read_id_selector(in, record);
}

using ReadRecord = Result<void> (*)(ByteReader&, AttributeRecord&);

/// At least one record; a broken one ends the list and is dropped when others came before it.
Result<void> read_records(ByteReader& in, Records& records, ReadRecord read_record) {
    do {
        auto read = read_record(in, records.emplace_back());
        if (read && in.failed())
            read = Errc::truncated;
        if (!read) {
            records.pop_back();
            return records.empty() ? read : Result<void>{};
        }
    } while (!in.empty());
    return {};
}

/// A response that begins with success stands for all of its attributes.
Result<void> read_result_records(ByteReader& in, Records& records, ReadRecord read_record) {
    if (!in.empty() && in.rest().front() == static_cast<std::uint8_t>(Status::success)) {
        records.emplace_back();
        return {};
    }
    return read_records(in, records, read_record);
}

Result<void> read_attribute_discovery(ByteReader& in, Discovery& discovery) {
    discovery.start = in.u16();
    discovery.maximum = in.u8();
    return {};
}

Result<void> read_command_discovery(ByteReader& in, Discovery& discovery) {
    discovery.start = in.u8();
    discovery.maximum = in.u8();
    return {};
}

Result<void> read_discovered_attributes(ByteReader& in, Discovery& discovery) {
    discovery.complete = in.u8() != 0;
    while (in.left() >= 3) {
        discovery.ids.push_back(in.u16());
        discovery.types.push_back(static_cast<DataType>(in.u8()));
    }
    return {};
}

Result<void> read_discovered_attributes_extended(ByteReader& in, Discovery& discovery) {
    discovery.complete = in.u8() != 0;
    while (in.left() >= 4) {
        discovery.ids.push_back(in.u16());
        discovery.types.push_back(static_cast<DataType>(in.u8()));
        discovery.access.push_back(in.u8());
    }
    return {};
}

Result<void> read_discovered_commands(ByteReader& in, Discovery& discovery) {
    discovery.complete = in.u8() != 0;
    while (!in.empty())
        discovery.ids.push_back(in.u8());
    return {};
}

Result<void> write_typed(ByteWriter& out, const AttributeRecord& record) {
    out.u8(static_cast<std::uint8_t>(record.value.type));
    return write_value(out, record.value);
}

Result<void> write_selector(ByteWriter& out, const Selector& selector) {
    if (selector.indexes.size() > most_indexes)
        return Errc::invalid_value;
    out.u8(static_cast<std::uint8_t>(static_cast<std::size_t>(selector.action) |
                                     selector.indexes.size()));
    for (const auto index : selector.indexes)
        out.u16(index);
    return {};
}

void write_status(ByteWriter& out, const AttributeRecord& record) {
    out.u8(static_cast<std::uint8_t>(record.status));
}

void write_direction(ByteWriter& out, const AttributeRecord& record) {
    out.u8(static_cast<std::uint8_t>(record.reporting_direction));
}

Result<void> write_id(ByteWriter& out, const AttributeRecord& record) {
    out.u16(record.id);
    return {};
}

Result<void> write_id_value(ByteWriter& out, const AttributeRecord& record) {
    out.u16(record.id);
    return write_typed(out, record);
}

Result<void> write_id_status_value(ByteWriter& out, const AttributeRecord& record) {
    out.u16(record.id);
    write_status(out, record);
    return record.status == Status::success ? write_typed(out, record) : Result<void>{};
}

Result<void> write_status_id(ByteWriter& out, const AttributeRecord& record) {
    write_status(out, record);
    return write_id(out, record);
}

Result<void> write_direction_id(ByteWriter& out, const AttributeRecord& record) {
    write_direction(out, record);
    return write_id(out, record);
}

Result<void> write_status_direction_id(ByteWriter& out, const AttributeRecord& record) {
    write_status(out, record);
    return write_direction_id(out, record);
}

Result<void> write_reporting_body(ByteWriter& out, const AttributeRecord& record) {
    if (record.reporting_direction == Direction::server_to_client) {
        out.u16(record.timeout);
        return {};
    }
    out.u8(static_cast<std::uint8_t>(record.value.type));
    out.u16(record.minimum_interval).u16(record.maximum_interval);
    return is_analog(record.value.type) ? write_value(out, record.value) : Result<void>{};
}

Result<void> write_reporting(ByteWriter& out, const AttributeRecord& record) {
    (void)write_direction_id(out, record);
    return write_reporting_body(out, record);
}

Result<void> write_reporting_result(ByteWriter& out, const AttributeRecord& record) {
    (void)write_status_direction_id(out, record);
    return record.status == Status::success ? write_reporting_body(out, record) : Result<void>{};
}

Result<void> write_id_selector(ByteWriter& out, const AttributeRecord& record) {
    out.u16(record.id);
    return write_selector(out, record.selector);
}

Result<void> write_id_selector_value(ByteWriter& out, const AttributeRecord& record) {
    if (auto written = write_id_selector(out, record); !written)
        return written;
    return write_typed(out, record);
}

Result<void> write_status_id_selector(ByteWriter& out, const AttributeRecord& record) {
    write_status(out, record);
    return write_id_selector(out, record);
}

using WriteRecord = Result<void> (*)(ByteWriter&, const AttributeRecord&);

Result<void> write_records(ByteWriter& out, const Records& records, WriteRecord write_record) {
    for (const auto& record : records)
        if (auto written = write_record(out, record); !written)
            return written;
    return {};
}

/// Only the failures are listed; success alone stands for all.
Result<void> write_result_records(ByteWriter& out, const Records& records,
                                  WriteRecord write_record) {
    bool all_succeeded = true;
    for (const auto& record : records) {
        if (record.status == Status::success)
            continue;
        all_succeeded = false;
        if (auto written = write_record(out, record); !written)
            return written;
    }
    if (all_succeeded)
        out.u8(static_cast<std::uint8_t>(Status::success));
    return {};
}

Result<void> write_attribute_discovery(ByteWriter& out, const Discovery& discovery) {
    out.u16(discovery.start).u8(discovery.maximum);
    return {};
}

Result<void> write_command_discovery(ByteWriter& out, const Discovery& discovery) {
    if (discovery.start > 0xFF)
        return Errc::invalid_value;
    out.u8(static_cast<std::uint8_t>(discovery.start)).u8(discovery.maximum);
    return {};
}

Result<void> write_discovered_attributes(ByteWriter& out, const Discovery& discovery) {
    if (discovery.types.size() != discovery.ids.size())
        return Errc::invalid_value;
    out.u8(discovery.complete ? 1 : 0);
    for (std::size_t i = 0; i < discovery.ids.size(); ++i)
        out.u16(discovery.ids[i]).u8(static_cast<std::uint8_t>(discovery.types[i]));
    return {};
}

Result<void> write_discovered_attributes_extended(ByteWriter& out, const Discovery& discovery) {
    if (discovery.types.size() != discovery.ids.size() ||
        discovery.access.size() != discovery.ids.size())
        return Errc::invalid_value;
    out.u8(discovery.complete ? 1 : 0);
    for (std::size_t i = 0; i < discovery.ids.size(); ++i)
        out.u16(discovery.ids[i])
            .u8(static_cast<std::uint8_t>(discovery.types[i]))
            .u8(discovery.access[i]);
    return {};
}

Result<void> write_discovered_commands(ByteWriter& out, const Discovery& discovery) {
    out.u8(discovery.complete ? 1 : 0);
    for (const auto id : discovery.ids) {
        if (id > 0xFF)
            return Errc::invalid_value;
        out.u8(static_cast<std::uint8_t>(id));
    }
    return {};
}

struct RecordLayout {
    Global command;
    ReadRecord read;
    WriteRecord write;
    bool success_stands_for_all = false;
};

constexpr RecordLayout record_layouts[] = {
    {Global::report, read_id_value, write_id_value},
    {Global::read, read_id, write_id},
    {Global::read_response, read_id_status_value, write_id_status_value},
    {Global::write, read_id_value, write_id_value},
    {Global::write_undivided, read_id_value, write_id_value},
    {Global::write_response, read_status_id, write_status_id, true},
    {Global::write_no_response, read_id_value, write_id_value},
    {Global::configure_reporting, read_reporting, write_reporting},
    {Global::configure_reporting_response, read_status_direction_id, write_status_direction_id,
     true},
    {Global::read_reporting, read_direction_id, write_direction_id},
    {Global::read_reporting_response, read_reporting_result, write_reporting_result},
    {Global::read_structured, read_id_selector, write_id_selector},
    {Global::write_structured, read_id_selector_value, write_id_selector_value},
    {Global::write_structured_response, read_status_id_selector, write_status_id_selector, true},
};

struct DiscoveryLayout {
    Global command;
    Result<void> (*read)(ByteReader&, Discovery&);
    Result<void> (*write)(ByteWriter&, const Discovery&);
};

constexpr DiscoveryLayout discovery_layouts[] = {
    {Global::discover, read_attribute_discovery, write_attribute_discovery},
    {Global::discover_response, read_discovered_attributes, write_discovered_attributes},
    {Global::discover_commands, read_command_discovery, write_command_discovery},
    {Global::discover_commands_response, read_discovered_commands, write_discovered_commands},
    {Global::discover_commands_gen, read_command_discovery, write_command_discovery},
    {Global::discover_commands_gen_response, read_discovered_commands, write_discovered_commands},
    {Global::discover_extended, read_attribute_discovery, write_attribute_discovery},
    {Global::discover_extended_response, read_discovered_attributes_extended,
     write_discovered_attributes_extended},
};

template <class Layout, std::size_t size>
const Layout* find(const Layout (&layouts)[size], const Frame& frame) noexcept {
    const auto command = static_cast<Global>(frame.header.command);
    const auto* found = std::ranges::find(layouts, command, &Layout::command);
    return found == std::end(layouts) ? nullptr : found;
}

}  // namespace

Result<void> read_global(ByteReader& in, Frame& frame) {
    if (const auto* layout = find(record_layouts, frame)) {
        auto& records = frame.payload.emplace<Records>();
        return layout->success_stands_for_all ? read_result_records(in, records, layout->read)
                                              : read_records(in, records, layout->read);
    }
    Result<void> read{};
    if (frame.is(Global::default_response)) {
        auto& response = frame.payload.emplace<DefaultResponse>();
        response.command = in.u8();
        response.status = static_cast<Status>(in.u8());
    } else if (const auto* layout = find(discovery_layouts, frame)) {
        read = layout->read(in, frame.payload.emplace<Discovery>());
    } else {
        return Errc::unsupported;
    }
    return in.failed() ? Result<void>(Errc::truncated) : read;
}

Result<void> write_global(ByteWriter& out, const Frame& frame) {
    if (const auto* layout = find(record_layouts, frame)) {
        const auto* records = frame.records();
        if (!records)
            return Errc::invalid_value;
        return layout->success_stands_for_all ? write_result_records(out, *records, layout->write)
                                              : write_records(out, *records, layout->write);
    }
    if (const auto* response = std::get_if<DefaultResponse>(&frame.payload);
        response && frame.is(Global::default_response)) {
        out.u8(response->command).u8(static_cast<std::uint8_t>(response->status));
        return {};
    }
    const auto* layout = find(discovery_layouts, frame);
    const auto* discovery = std::get_if<Discovery>(&frame.payload);
    return layout && discovery ? layout->write(out, *discovery) : Errc::invalid_value;
}

}  // namespace waggle::zcl
