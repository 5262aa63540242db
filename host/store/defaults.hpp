#pragma once

#include <filesystem>

#include <boost/json/object.hpp>

/// What holds where configuration.yaml says nothing: the same as zigbee2mqtt's.
namespace waggle::store {

boost::json::object default_configuration(const std::filesystem::path& data_directory);

}  // namespace waggle::store
