#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

/// The bytes between the host and a network co-processor: a serial device or a TCP connection.
///
/// What arrives is pushed into a Sink straight from the read completion, so that a message costs no
/// coroutine and no copy; the transport owns the read buffer and keeps what the sink could not use
/// yet at its front. Each completion handles what the system had ready, at most one buffer, and
/// then queues behind everything else on the loop, so that a flood starves nobody. Loop thread
/// only.
namespace waggle {

class Transport {
  public:
    /// Called on the loop, never from inside a call into the transport.
    class Sink {
      public:
        virtual ~Sink() = default;
        /// All bytes not used up, old and new. Returns how many are used up now; the others come
        /// again, in front of what arrives next. May close the transport.
        virtual std::size_t received(ByteView bytes) = 0;
        /// Once, when the link ended without close(): unplugged, reset by the peer, ...
        virtual void closed(std::string_view reason) = 0;
    };

    virtual ~Transport() = default;

    /// Opens within 20 s and starts to deliver to `sink`, which must live until close().
    /// @param problem  on an error, a sentence for the user
    [[nodiscard]] virtual Awaitable<Result<void>> open(Sink& sink, std::string& problem) = 0;

    /// Queues `bytes` and writes them in their order. Errc::busy when max_unwritten is reached (the
    /// peer does not read), Errc::closed when not open.
    [[nodiscard]] virtual Result<void> write(Bytes bytes) = 0;

    /// Gives the bytes that the sink left to it once more, in a later turn.
    virtual void present_again() = 0;

    /// The control lines of a serial port; nothing elsewhere.
    virtual bool has_lines() const noexcept = 0;
    virtual void set_lines(bool dtr, bool rts) noexcept = 0;

    /// No call to the sink follows.
    virtual void close() noexcept = 0;

    static constexpr std::size_t max_unwritten = 64 * 1024;
    static constexpr std::size_t read_buffer_size = 4096;
};

struct LinkOptions {
    std::string port;  ///< /dev/..., tcp://host:port
    unsigned baud_rate = 115200;
    bool hardware_flow_control = false;
};

/// "host:port" of tcp://host:port (also socket://, as zigbee2mqtt takes it), IPv6 in brackets.
struct TcpAddress {
    std::string host;
    std::uint16_t port = 0;
};
[[nodiscard]] Result<TcpAddress> parse_tcp_address(std::string_view url);

/// Does not open it. Errc::unsupported or Errc::malformed for what is neither a path nor tcp://.
[[nodiscard]] Result<std::unique_ptr<Transport>> make_transport(
    boost::asio::any_io_executor executor, const LinkOptions& options, std::string& problem);

}  // namespace waggle
