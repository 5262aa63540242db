/// The wire to the host: a TCP server or a pseudo-terminal.
///
/// One host at a time. Over TCP a new connection takes the place of the old one, which may be dead
/// without anybody having noticed. Bytes sent while nobody listens are lost, as on a real wire.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "bytes.hpp"

namespace waggle::sim {

class Link {
  public:
    /// More than this waiting means that the host does not read any more: the rest is lost.
    static constexpr std::size_t max_pending = 8u << 20;

    virtual ~Link() = default;
    virtual void send(View bytes) = 0;
    virtual void disconnect() = 0;
    [[nodiscard]] virtual std::size_t pending() const = 0;
    [[nodiscard]] virtual bool is_connected() const = 0;
    /// For the user: where a host can connect, in the form of zigbee2mqtt's serial.port.
    [[nodiscard]] virtual std::string address() const = 0;
    virtual void close() = 0;

    std::function<void(View)> on_bytes;
    std::function<void()> on_connected;
    std::function<void()> on_drained;
};

/// "127.0.0.1:6638"; port 0 takes a free one.
/// @throws std::runtime_error with a sentence
[[nodiscard]] std::unique_ptr<Link> listen_tcp(boost::asio::io_context& context,
                                               const std::string& address);

/// @param symlink  path that shall lead to the terminal, or empty
/// @throws std::runtime_error with a sentence
[[nodiscard]] std::unique_ptr<Link> open_pty(boost::asio::io_context& context,
                                             const std::string& symlink);

}  // namespace waggle::sim
