#include <algorithm>
#include <limits>
#include <utility>

#include "zigbee/zcl_codec.hpp"

namespace waggle::zcl {
namespace {

using Condition = ParameterCondition;

constexpr auto not_counted = std::numeric_limits<std::size_t>::max();

/// A parameter that is not there counts as 0 for bits, and equals nothing.
bool holds(const Condition& condition, const Parameters& parameters, std::size_t left) {
    if (condition.kind == Condition::Kind::minimum_bytes_left)
        return left >= condition.value;

    const auto* field = find_parameter(parameters, condition.field);
    const bool known = field && field->integer();
    const auto number = known ? field->integer().value_or(0) : 0;
    const auto bits = static_cast<std::uint64_t>(number);
    switch (condition.kind) {
        case Condition::Kind::field_equals:
            return (known && number == std::int64_t{condition.value}) != condition.reversed;
        case Condition::Kind::field_greater:
            return !known || number > std::int64_t{condition.value};
        case Condition::Kind::bitmask_set:
            return ((bits & condition.mask) == condition.mask) != condition.reversed;
        case Condition::Kind::bitfield_enum:
            return (bits >> condition.offset & ((std::uint64_t{1} << condition.size) - 1)) ==
                   condition.value;
        case Condition::Kind::minimum_bytes_left: break;
    }
    return true;
}

bool is_present(const ParameterDefinition& definition, const Parameters& parameters,
                std::size_t left) {
    return std::ranges::all_of(definition.conditions, [&](const Condition& condition) {
        return holds(condition, parameters, left);
    });
}

bool may_be_left_out(const ParameterDefinition& definition) {
    return std::ranges::any_of(definition.conditions, [](const Condition& condition) {
        return condition.kind == Condition::Kind::minimum_bytes_left;
    });
}

Result<void> write_as(ByteWriter& out, DataType type, const Value& value) {
    if (value.type == type)
        return write_value(out, value);
    const Value retyped{type, value.data};
    return write_value(out, retyped);
}

}  // namespace

const Value* find_parameter(const Parameters& parameters, std::string_view name) noexcept {
    const auto found = std::ranges::find(parameters, name, &Parameter::name);
    return found == parameters.end() ? nullptr : &found->value;
}

Result<void> read_parameters(ByteReader& in, const CommandDefinition& command,
                             Parameters& parameters) {
    const ParameterDefinition* previous = nullptr;
    for (const auto& definition : command.parameters) {
        const auto* before = std::exchange(previous, &definition);
        if (!is_present(definition, parameters, in.left()))
            continue;
        const auto* counter = before ? find_parameter(parameters, before->name) : nullptr;
        auto value = definition.kind == ParameterKind::value
                         ? read_value(in, definition.type, true)
                         : read_shape(in, definition.kind, counter, parameters);
        if (!value)
            return value.error();
        parameters.push_back({definition.name, std::move(*value)});
    }
    return {};
}

Result<void> write_parameters(ByteWriter& out, const CommandDefinition& command,
                              const Parameters& parameters) {
    for (const auto& definition : command.parameters) {
        if (!is_present(definition, parameters, not_counted))
            continue;
        const auto* value = find_parameter(parameters, definition.name);
        if (!value && may_be_left_out(definition))
            continue;
        if (!value)
            return Errc::invalid_value;
        auto written = definition.kind == ParameterKind::value
                           ? write_as(out, definition.type, *value)
                           : write_shape(out, definition.kind, *value, parameters);
        if (!written)
            return written;
    }
    return {};
}

}  // namespace waggle::zcl
