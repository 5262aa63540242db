#include "engine/global_commands.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "store/json_text.hpp"

namespace json = boost::json;

namespace waggle::engine {
namespace {

/// By number; responses to discovery are not sent by hosts.
constexpr std::array<std::string_view, 22> names = {
    "read",
    "readRsp",
    "write",
    "writeUndiv",
    "writeRsp",
    "writeNoRsp",
    "configReport",
    "configReportRsp",
    "readReportConfig",
    "readReportConfigRsp",
    "report",
    "defaultRsp",
    "discover",
    "",
    "readStructured",
    "writeStructured",
    "writeStructuredRsp",
    "discoverCommands",
    "",
    "discoverCommandsGen",
    "",
    "discoverExt",
};

std::optional<zcl::Global> command_of(const json::value& value) {
    if (const auto* text = value.if_string(); text && !text->empty()) {
        const auto found = std::ranges::find(names, std::string_view(*text));
        if (found != names.end())
            return static_cast<zcl::Global>(found - names.begin());
    }
    const auto id = number_of(value, names.size() - 1);
    return id && !names[*id].empty() ? std::optional(static_cast<zcl::Global>(*id)) : std::nullopt;
}

/// The members of one record or payload; remembers what did not fit.
class Fields {
  public:
    Fields(const json::object& object, std::string& problem) : object_(object), problem_(problem) {}

    template <class T>
    T number(std::string_view name, std::uint32_t most, bool is_needed) {
        const auto* value = object_.if_contains(name);
        const auto number = value ? number_of(*value, most) : std::nullopt;
        if (!number && (value || is_needed))
            problem_ = value ? fmt::format("'{}' cannot be {}", name, store::compact_json(*value))
                             : fmt::format("'{}' is missing", name);
        return static_cast<T>(number.value_or(0));
    }
    zcl::Value value(std::string_view name, zcl::DataType type, bool is_needed) {
        const auto* given = object_.if_contains(name);
        if (!given && is_needed)
            problem_ = fmt::format("'{}' is missing", name);
        if (!given)
            return {type, {}};
        auto converted = to_zcl(*given, type);
        if (!converted) {
            problem_ = fmt::format("'{}' cannot be {}", name, store::compact_json(*given));
            return {type, {}};
        }
        return std::move(*converted);
    }
    zcl::Selector selector() {
        zcl::Selector selector;
        const auto* given = object_.if_contains("selector");
        const auto* object = given ? given->if_object() : nullptr;
        const auto* indexes = object ? object->if_contains("indexes") : nullptr;
        if (!indexes || !indexes->is_array() || indexes->get_array().size() > 15) {
            problem_ = "'selector' must have a list of at most 15 'indexes'";
            return selector;
        }
        for (const auto& item : indexes->get_array()) {
            const auto index = number_of(item, 0xFFFF);
            if (!index)
                problem_ = "'indexes' of a selector are numbers";
            selector.indexes.push_back(static_cast<std::uint16_t>(index.value_or(0)));
        }
        if (object->contains("indicatorType"))
            selector.action = static_cast<zcl::Selector::Action>(
                Fields(*object, problem_).number<std::uint8_t>("indicatorType", 0xF0, true));
        return selector;
    }

  private:
    const json::object& object_;
    std::string& problem_;
};

/// What the records of a command consist of.
struct Layout {
    bool status, direction, value, reporting, selector;
};

Layout layout_of(zcl::Global command) noexcept {
    using enum zcl::Global;
    switch (command) {
        case read_response: return {true, false, true, false, false};
        case write:
        case write_undivided:
        case write_no_response:
        case report: return {false, false, true, false, false};
        case write_response: return {true, false, false, false, false};
        case configure_reporting: return {false, true, false, true, false};
        case configure_reporting_response: return {true, true, false, false, false};
        case read_reporting: return {false, true, false, false, false};
        case read_reporting_response: return {true, true, false, true, false};
        case read_structured: return {false, false, false, false, true};
        case write_structured: return {false, false, true, false, true};
        case write_structured_response: return {true, false, false, false, true};
        default: return {};
    }
}

zcl::AttributeRecord record_of(zcl::Global command, Fields fields) {
    const auto layout = layout_of(command);
    zcl::AttributeRecord record;
    if (layout.status)
        record.status = fields.number<zcl::Status>("status", 0xFF, true);
    const bool is_success = record.status == zcl::Status::success;
    const bool answers_writes = layout.status && !layout.value && !layout.reporting;
    record.id = fields.number<std::uint16_t>("attrId", 0xFFFF, !(answers_writes && is_success));
    if (layout.direction)
        record.reporting_direction = fields.number<zcl::Direction>("direction", 1, false);
    if (layout.selector && !(answers_writes && is_success))
        record.selector = fields.selector();
    if (layout.value && is_success) {
        const auto type = fields.number<zcl::DataType>("dataType", 0xFF, true);
        record.value = fields.value(layout.selector ? "elementData" : "attrData", type, true);
    }
    if (!layout.reporting || !is_success)
        return record;
    if (record.reporting_direction == zcl::Direction::server_to_client) {
        record.timeout = fields.number<std::uint16_t>("timeout", 0xFFFF, true);
        return record;
    }
    const auto type = fields.number<zcl::DataType>("dataType", 0xFF, true);
    record.minimum_interval = fields.number<std::uint16_t>("minRepIntval", 0xFFFF, true);
    record.maximum_interval = fields.number<std::uint16_t>("maxRepIntval", 0xFFFF, true);
    record.value = fields.value("repChange", type, false);
    return record;
}

void fill(zcl::Frame& frame, zcl::Global command, const json::object& payload,
          std::string& problem) {
    using enum zcl::Global;
    Fields fields(payload, problem);
    if (command == default_response) {
        auto& response = frame.payload.emplace<zcl::DefaultResponse>();
        response.command = fields.number<std::uint8_t>("cmdId", 0xFF, true);
        response.status = fields.number<zcl::Status>("statusCode", 0xFF, true);
        return;
    }
    const bool of_commands = command == discover_commands || command == discover_commands_gen;
    auto& discovery = frame.payload.emplace<zcl::Discovery>();
    discovery.start = fields.number<std::uint16_t>(of_commands ? "startCmdId" : "startAttrId",
                                                   of_commands ? 0xFF : 0xFFFF, true);
    discovery.maximum =
        fields.number<std::uint8_t>(of_commands ? "maxCmdIds" : "maxAttrIds", 0xFF, true);
}

bool takes_records(zcl::Global command) noexcept {
    using enum zcl::Global;
    return command != default_response && command != discover && command != discover_extended &&
           command != discover_commands && command != discover_commands_gen;
}

}  // namespace

std::optional<zcl::Frame> global_frame(const NamedCluster& cluster, const json::value& command,
                                       const json::value& payload,
                                       std::optional<ManufacturerCode> manufacturer,
                                       std::string& problem) {
    const auto global = command_of(command);
    if (!global) {
        problem = fmt::format("There is no global command {}", store::compact_json(command));
        return std::nullopt;
    }
    auto frame = zcl::write_attributes(cluster.id, {}, manufacturer, *global);
    const auto* list = payload.if_array();
    const auto* object = payload.if_object();
    if (takes_records(*global) ? !list : !object) {
        problem = takes_records(*global) ? "The payload of this global command is a list of records"
                                         : "The payload of this global command is an object";
        return std::nullopt;
    }
    if (object) {
        fill(frame, *global, *object, problem);
    } else {
        auto& records = frame.payload.emplace<zcl::Records>();
        for (const auto& item : *list) {
            const auto* record = item.if_object();
            if (!record)
                problem = fmt::format("A record cannot be {}", store::compact_json(item));
            else
                records.push_back(record_of(*global, Fields(*record, problem)));
        }
    }
    return problem.empty() ? std::optional(std::move(frame)) : std::nullopt;
}

}  // namespace waggle::engine
