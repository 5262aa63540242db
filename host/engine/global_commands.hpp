#pragma once

#include <optional>
#include <string>

#include <boost/json/value.hpp>

#include "engine/zcl_json.hpp"

/// Foundation commands [ZCL8 2.5] as users write them for `zclcommand` with frametype 0: the
/// command by zigbee2mqtt's name or by number, its payload as zigbee2mqtt's frames hold it.
///
///     read, readReportConfig          [{attrId, direction?}]
///     write, writeUndiv, writeNoRsp   [{attrId, dataType, attrData}]
///     readRsp, report, writeRsp …     the same with status
///     configReport                    [{direction, attrId, dataType, minRepIntval, maxRepIntval,
///                                       repChange?}]
///     readStructured, writeStructured [{attrId, selector: {indexes, indicatorType}, dataType,
///                                       elementData}]
///     defaultRsp                      {cmdId, statusCode}
///     discover, discoverExt           {startAttrId, maxAttrIds}
///     discoverCommands(Gen)           {startCmdId, maxCmdIds}
namespace waggle::engine {

[[nodiscard]] std::optional<zcl::Frame> global_frame(const NamedCluster& cluster,
                                                     const boost::json::value& command,
                                                     const boost::json::value& payload,
                                                     std::optional<ManufacturerCode> manufacturer,
                                                     std::string& problem);

}  // namespace waggle::engine
