#pragma once

#include "zigbee/zcl_frame.hpp"

/// The parts of the frame codec, each in a file of its own; for zcl_frame.cpp only.
namespace waggle::zcl {

/// A foundation command's payload, into or out of frame.payload; the command is in frame.header.
[[nodiscard]] Result<void> read_global(ByteReader& in, Frame& frame);
[[nodiscard]] Result<void> write_global(ByteWriter& out, const Frame& frame);

/// The parameters of a cluster command, in the order of its table.
[[nodiscard]] Result<void> read_parameters(ByteReader& in, const CommandDefinition& command,
                                           Parameters& parameters);
[[nodiscard]] Result<void> write_parameters(ByteWriter& out, const CommandDefinition& command,
                                            const Parameters& parameters);

const Value* find_parameter(const Parameters& parameters, std::string_view name) noexcept;

/// The shapes that only command parameters have (ParameterKind other than value). `earlier` are the
/// parameters before this one, some of which say how many elements there are; `counter` is the
/// value of the parameter directly before it, nullptr when there is none.
[[nodiscard]] Result<Value> read_shape(ByteReader& in, ParameterKind kind, const Value* counter,
                                       const Parameters& earlier);
[[nodiscard]] Result<void> write_shape(ByteWriter& out, ParameterKind kind, const Value& value,
                                       const Parameters& all);

/// Xiaomi's list of values in a character string, from the string's length octet on. The length is
/// believed when the values fit it, otherwise they are read to the end of the frame; when the last
/// is broken the ones before it are kept.
[[nodiscard]] Result<Value> read_mi_struct(ByteReader& in);

}  // namespace waggle::zcl
