#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "coordinator/coordinator.hpp"

/// What the registry needs of this family.
namespace waggle::znp {

inline constexpr unsigned default_baud_rate = 115200;

Awaitable<bool> probe(CoordinatorOptions options);
std::unique_ptr<Coordinator> make(boost::asio::any_io_executor executor, CoordinatorOptions options,
                                  Coordinator::Listener& listener);

}  // namespace waggle::znp
