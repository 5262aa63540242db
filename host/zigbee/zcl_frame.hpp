#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "zigbee/clusters.hpp"
#include "zigbee/types.hpp"
#include "zigbee/zcl_status.hpp"
#include "zigbee/zcl_value.hpp"

/// ZCL frames: header, foundation (global) commands, cluster commands by table.
///
///     octet 0      frame control: type 0..1, manufacturer specific 2, direction 3,
///                  disable default response 4
///     octets 1..2  manufacturer code, only with bit 2
///     octet        transaction sequence number
///     octet        command
///     rest         payload
///
/// A frame is decoded once, on the way in; everybody above reads the same Frame. [ZCL8 2.4, 2.5]
namespace waggle::zcl {

enum class FrameType : std::uint8_t { global = 0, cluster = 1 };
enum class Direction : std::uint8_t { client_to_server = 0, server_to_client = 1 };

/// Foundation commands [ZCL8 table 2-3].
enum class Global : std::uint8_t {
    read = 0x00,
    read_response,
    write,
    write_undivided,
    write_response,
    write_no_response,
    configure_reporting,
    configure_reporting_response,
    read_reporting,
    read_reporting_response,
    report,
    default_response,
    discover,
    discover_response,
    read_structured,
    write_structured,
    write_structured_response,
    discover_commands,
    discover_commands_response,
    discover_commands_gen,
    discover_commands_gen_response,
    discover_extended,
    discover_extended_response,
};

struct Header {
    FrameType type = FrameType::global;
    Direction direction = Direction::client_to_server;
    bool disable_default_response = false;
    std::optional<ManufacturerCode> manufacturer;
    std::uint8_t sequence = 0;
    std::uint8_t command = 0;

    bool operator==(const Header&) const = default;
};

[[nodiscard]] Result<Header> read_header(ByteReader& in);
void write_header(ByteWriter& out, const Header& header);

/// Which part of a structured attribute is meant [ZCL8 2.5.15.1.3]. No index: the whole of it.
struct Selector {
    enum class Action : std::uint8_t { whole = 0x00, add = 0x10, remove = 0x20 };
    Action action = Action::whole;
    std::vector<std::uint16_t> indexes;  ///< at most 15, from the outside in
    bool operator==(const Selector&) const = default;
};

/// One record of read response, report, write, write response, configure reporting …; which members
/// count depends on the command, exactly as in the specification's tables.
struct AttributeRecord {
    std::uint16_t id = 0;
    Status status = Status::success;
    Direction reporting_direction = Direction::client_to_server;  ///< 0 = the device sends reports
    Value value;                         ///< reports, responses, writes; reportable change
    std::uint16_t minimum_interval = 0;  ///< seconds
    std::uint16_t maximum_interval = 0;  ///< seconds; 0xFFFF stops reporting
    std::uint16_t timeout = 0;           ///< seconds, direction 1
    Selector selector;                   ///< structured reads and writes
    bool operator==(const AttributeRecord&) const = default;
};

/// One parameter of a cluster command, named by the table; lists hold what repeats.
struct Parameter {
    std::string_view name;  ///< lives in the cluster table (static storage)
    Value value;
    bool operator==(const Parameter&) const = default;
};

struct DefaultResponse {
    std::uint8_t command = 0;
    Status status = Status::success;
    bool operator==(const DefaultResponse&) const = default;
};

/// All the discovery commands and their responses; `complete` as the specification's flag.
struct Discovery {
    std::uint16_t start = 0;   ///< request: first id wanted
    std::uint8_t maximum = 0;  ///< request: how many at most
    bool complete = false;
    std::vector<std::uint16_t> ids;  ///< command ids or attribute ids
    std::vector<DataType> types;     ///< beside ids, for attributes
    std::vector<std::uint8_t>
        access;  ///< beside ids, for discover_extended_response: 1 read, 2 write, 4 report
    bool operator==(const Discovery&) const = default;
};

using Records = boost::container::small_vector<AttributeRecord, 4>;
using Parameters = boost::container::small_vector<Parameter, 6>;

struct Frame {
    Header header;
    ClusterId cluster = 0;
    const ClusterDefinition* cluster_definition = nullptr;  ///< nullptr: not in the tables
    const CommandDefinition* command_definition = nullptr;  ///< cluster commands that are
    std::variant<std::monostate, Records, Parameters, DefaultResponse, Discovery> payload;
    ByteView raw;  ///< the whole frame; lives as long as the buffer it was decoded from

    bool is(Global command) const noexcept {
        return header.type == FrameType::global &&
               header.command == static_cast<std::uint8_t>(command);
    }
    const Records* records() const noexcept { return std::get_if<Records>(&payload); }
    const Parameters* parameters() const noexcept { return std::get_if<Parameters>(&payload); }
    const Value* parameter(std::string_view name) const noexcept;
};

/// Decodes `bytes` as a frame of `cluster`. Its tables are chosen by id and the header's
/// manufacturer code, `custom` (the device's own clusters) first; which commands count depends on
/// the direction.
///
/// A broken record ends the list: what came before it is kept when there is at least one, because
/// devices append rubbish to good reports; Errc::truncated, malformed or unsupported (a data type
/// that nothing knows) otherwise. One attribute id may appear twice; both records are kept, in
/// order. Attribute 0xFF01 as a character string is Xiaomi's list of values and is given as one: an
/// array of {index, value} (ParameterKind::mi_struct). A write or configure reporting response that
/// begins with success has that one record, id 0.
///
/// A cluster command that no table knows, or a reserved frame type: Errc::unsupported;
/// read_header() gives the header of such a frame. What follows a command's last parameter is
/// ignored. Unlike zigbee-herdsman a parameter outside its documented range does not invalidate the
/// command.
[[nodiscard]] Result<Frame> decode(ByteView bytes, ClusterId cluster,
                                   std::span<const ClusterDefinition> custom = {});

/// Appends the frame to `out`. Errc::invalid_value when a value does not fit its type or a
/// parameter that the table wants is missing.
[[nodiscard]] Result<void> encode(Bytes& out, const Frame& frame);

// Builders for the frames the host sends. `sequence` is filled in by the sender.
[[nodiscard]] Frame read_attributes(ClusterId cluster, std::span<const std::uint16_t> ids,
                                    std::optional<ManufacturerCode> manufacturer = {});
[[nodiscard]] Frame write_attributes(ClusterId cluster, Records records,
                                     std::optional<ManufacturerCode> manufacturer = {},
                                     Global kind = Global::write);
[[nodiscard]] Frame configure_reporting(ClusterId cluster, Records records,
                                        std::optional<ManufacturerCode> manufacturer = {});
/// In the opposite direction, with the sequence number and manufacturer code of the request.
[[nodiscard]] Frame default_response(const Header& to, ClusterId cluster, Status status);

/// Whether a received frame that ended in `status` is to be answered with a default response
/// [ZCL8 2.5.12.2]: not to broadcasts and groupcasts, not to default responses, not to a command
/// that has a response of its own (unless it failed and that response was not sent: the caller's
/// business), and on success only where the sender did not disable it.
bool wants_default_response(const Frame& frame, bool was_broadcast, Status status) noexcept;

/// From client to server default responses are asked for unless the command has a response of its
/// own.
[[nodiscard]] Frame cluster_command(const ClusterDefinition& cluster,
                                    const CommandDefinition& command, Parameters parameters,
                                    Direction direction = Direction::client_to_server);

}  // namespace waggle::zcl
