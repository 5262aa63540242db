#pragma once

#include <memory>

#include "coordinator/transport.hpp"

/// The kinds of links there are; make_transport() chooses between them.
namespace waggle {

std::unique_ptr<Transport> make_serial_transport(boost::asio::any_io_executor executor,
                                                 LinkOptions options);
std::unique_ptr<Transport> make_tcp_transport(boost::asio::any_io_executor executor,
                                              TcpAddress address);

}  // namespace waggle
