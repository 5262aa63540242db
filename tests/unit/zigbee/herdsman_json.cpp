#include "herdsman_json.hpp"

#include <cmath>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace waggle::test {
namespace {

namespace json = boost::json;
using zcl::DataType;
using zcl::Global;
using zcl::ParameterKind;
using zcl::Value;

json::value hex_object(ByteView octets) {
    return json::object{{"$hex", to_hex(octets)}};
}

template <class T>
json::value or_null(const std::optional<T>& part) {
    return part ? json::value(std::int64_t{*part}) : json::value(nullptr);
}

json::value present_time(const Value& value) {
    const auto time = zcl::time_of_day(value).value();
    return json::object{{"hours", or_null(time.hours)},
                        {"minutes", or_null(time.minutes)},
                        {"seconds", or_null(time.seconds)},
                        {"hundredths", or_null(time.hundredths)}};
}

json::value present_date(const Value& value) {
    const auto date = zcl::date(value).value();
    return json::object{{"year", or_null(date.year)},
                        {"month", or_null(date.month)},
                        {"dayOfMonth", or_null(date.day)},
                        {"dayOfWeek", or_null(date.weekday)}};
}

json::value present_float(double number) {
    if (std::isnan(number))
        return nullptr;
    if (std::isinf(number))
        return json::string(number < 0 ? "-Infinity" : "Infinity");
    return number;
}

json::value present_unsigned(const Value& value, std::uint64_t number) {
    switch (value.type) {
        case DataType::time_of_day: return present_time(value);
        case DataType::date: return present_date(value);
        case DataType::ieee_address: return json::string(Ieee(number).to_string());
        default: break;
    }
    if (zcl::fixed_size(value.type) >= 7)
        return json::object{{"$big", std::to_string(number)}};
    return static_cast<std::int64_t>(number);
}

json::value present_list(const Value& value, const Value::List& list) {
    json::array elements;
    for (const auto& element : list) {
        if (value.type == DataType::structure)
            elements.push_back(json::object{{"elmType", static_cast<int>(element.type)},
                                            {"elmVal", present(element)}});
        else
            elements.push_back(present(element));
    }
    return elements;
}

json::value present_absent(DataType type) {
    switch (type) {
        case DataType::char_string:
        case DataType::long_char_string: return json::string();
        case DataType::octet_string:
        case DataType::long_octet_string: return hex_object({});
        case DataType::no_data:
        case DataType::unknown: return nullptr;
        default: return json::array();
    }
}

json::object present_record(ParameterKind kind, const Value& record) {
    json::object object;
    const auto names = zcl::field_names(kind);
    for (std::size_t i = 0; i < names.size(); ++i)
        if (const auto& field = record.list()->at(i); field.type != DataType::no_data)
            object[names[i]] = present(field);
    return object;
}

void add_typed(json::object& object, const zcl::AttributeRecord& record,
               std::string_view name = "attrData") {
    object["dataType"] = static_cast<int>(record.value.type);
    if (auto value = present(record.value); !value.is_null() || record.value.number())
        object[name] = std::move(value);
}

void add_reporting(json::object& object, const zcl::AttributeRecord& record) {
    if (record.reporting_direction == zcl::Direction::server_to_client) {
        object["timeout"] = record.timeout;
        return;
    }
    object["dataType"] = static_cast<int>(record.value.type);
    object["minRepIntval"] = record.minimum_interval;
    object["maxRepIntval"] = record.maximum_interval;
    if (zcl::is_analog(record.value.type))
        object["repChange"] = present(record.value);
}

json::value present_selector(const zcl::Selector& selector) {
    if (selector.indexes.empty())
        return json::object{{"indicatorType", 0}};
    json::array indexes(selector.indexes.begin(), selector.indexes.end());
    return json::object{{"indexes", std::move(indexes)}};
}

json::object present_record(Global command, const zcl::AttributeRecord& record) {
    const bool ok = record.status == zcl::Status::success;
    const int direction = static_cast<int>(record.reporting_direction);
    json::object object{{"attrId", record.id}};
    switch (command) {
        case Global::read: break;
        case Global::read_response:
            object["status"] = static_cast<int>(record.status);
            if (ok)
                add_typed(object, record);
            break;
        case Global::write_response:
        case Global::configure_reporting_response:
        case Global::write_structured_response:
            object["status"] = static_cast<int>(record.status);
            if (ok)
                object.erase("attrId");
            else if (command == Global::configure_reporting_response)
                object["direction"] = direction;
            else if (command == Global::write_structured_response)
                object["selector"] = present_selector(record.selector);
            break;
        case Global::configure_reporting:
            object["direction"] = direction;
            add_reporting(object, record);
            break;
        case Global::read_reporting: object["direction"] = direction; break;
        case Global::read_reporting_response:
            object["status"] = static_cast<int>(record.status);
            object["direction"] = direction;
            if (ok)
                add_reporting(object, record);
            break;
        case Global::read_structured: object["selector"] = present_selector(record.selector); break;
        case Global::write_structured:
            object["selector"] = present_selector(record.selector);
            add_typed(object, record, "elementData");
            break;
        default: add_typed(object, record); break;
    }
    return object;
}

json::value present_discovery(Global command, const zcl::Discovery& discovery) {
    switch (command) {
        case Global::discover:
        case Global::discover_extended:
            return json::object{{"startAttrId", discovery.start},
                                {"maxAttrIds", discovery.maximum}};
        case Global::discover_commands:
        case Global::discover_commands_gen:
            return json::object{{"startCmdId", discovery.start}, {"maxCmdIds", discovery.maximum}};
        case Global::discover_commands_response:
        case Global::discover_commands_gen_response:
            return json::object{
                {"discComplete", discovery.complete ? 1 : 0},
                {"commandIds", json::array(discovery.ids.begin(), discovery.ids.end())}};
        default: break;
    }
    json::array attributes;
    for (std::size_t i = 0; i < discovery.ids.size(); ++i) {
        json::object attribute{{"attrId", discovery.ids[i]},
                               {"dataType", static_cast<int>(discovery.types[i])}};
        if (!discovery.access.empty())
            attribute["access"] = discovery.access[i];
        attributes.push_back(std::move(attribute));
    }
    return json::object{{"discComplete", discovery.complete ? 1 : 0},
                        {"attrInfos", std::move(attributes)}};
}

}  // namespace

json::value present(const Value& value) {
    if (const auto* number = std::get_if<std::uint64_t>(&value.data))
        return present_unsigned(value, *number);
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
        if (zcl::fixed_size(value.type) >= 7)
            return json::object{{"$big", std::to_string(*number)}};
        return *number;
    }
    if (const auto* number = std::get_if<double>(&value.data))
        return present_float(*number);
    if (const auto* text = value.text())
        return json::string(*text);
    if (const auto* octets = value.octets())
        return hex_object(*octets);
    if (const auto* list = value.list())
        return present_list(value, *list);
    return present_absent(value.type);
}

json::value present(const zcl::ParameterDefinition& definition, const Value& value) {
    if (zcl::field_names(definition.kind).empty())
        return present(value);
    json::array records;
    for (const auto& record : *value.list())
        records.push_back(present_record(definition.kind, record));
    return records;
}

json::value present_parameters(const zcl::Frame& frame) {
    json::object object;
    for (const auto& definition : frame.command_definition->parameters)
        if (const auto* value = frame.parameter(definition.name))
            if (auto shown = present(definition, *value); !shown.is_null())
                object[definition.name] = std::move(shown);
    return object;
}

json::value present_foundation(const zcl::Frame& frame) {
    const auto command = static_cast<Global>(frame.header.command);
    if (const auto* response = std::get_if<zcl::DefaultResponse>(&frame.payload))
        return json::object{{"cmdId", response->command},
                            {"statusCode", static_cast<int>(response->status)}};
    if (const auto* discovery = std::get_if<zcl::Discovery>(&frame.payload))
        return present_discovery(command, *discovery);
    json::array records;
    for (const auto& record : *frame.records())
        records.push_back(present_record(command, record));
    return records;
}

}  // namespace waggle::test
