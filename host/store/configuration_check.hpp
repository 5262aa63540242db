#pragma once

#include <vector>

#include <boost/json/object.hpp>

#include "store/schema.hpp"

/// Everything that is wrong with a configuration that has its references and its environment in it:
/// the schema's findings, then what a schema cannot say (names, sizes of keys, whole numbers).
namespace waggle::store {

std::vector<SchemaProblem> check_configuration(const boost::json::object& configuration,
                                               const Schema& schema);

/// The same without missing keys, which a change cannot be blamed for.
std::vector<SchemaProblem> check_change(const boost::json::object& configuration,
                                        const Schema& schema);

}  // namespace waggle::store
