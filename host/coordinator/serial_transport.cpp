#include <cerrno>
#include <cstring>
#include <termios.h>

#include <boost/asio/serial_port.hpp>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/ioctl.h>

#include "coordinator/link_types.hpp"
#include "coordinator/stream_transport.hpp"

namespace waggle {
namespace {

using boost::system::error_code;

std::string why(const error_code& error) {
    switch (error.value()) {
        case ENOENT: return "there is no such device; is the adapter plugged in?";
        case EACCES: return "permission denied; add the user to the group that owns the device";
        case EBUSY: return "another program uses it; is zigbee2mqtt still running?";
        default: return error.message();
    }
}

class SerialTransport final : public Transport {
  public:
    SerialTransport(boost::asio::any_io_executor executor, LinkOptions options)
        : executor_(std::move(executor)), options_(std::move(options)) {}
    ~SerialTransport() override { SerialTransport::close(); }

    Awaitable<Result<void>> open(Sink& sink, std::string& problem) override {
        close();
        core_ = std::make_shared<Core>(executor_);
        if (const auto error = set_up(core_->stream())) {
            problem = fmt::format("Cannot open {}: {}", options_.port, why(error));
            close();
            co_return Errc::unavailable;
        }
        core_->start(sink);
        co_return Result<void>{};
    }

    Result<void> write(Bytes bytes) override {
        return core_ ? core_->write(std::move(bytes)) : Result<void>(Errc::closed);
    }
    void present_again() override {
        if (core_)
            core_->present_again();
    }
    bool has_lines() const noexcept override { return true; }

    /// Devices without control lines (a pseudo-terminal) refuse; that is as good as done.
    void set_lines(bool dtr, bool rts) noexcept override {
        if (!core_)
            return;
        const int device = core_->stream().native_handle();
        int dtr_bit = TIOCM_DTR;
        int rts_bit = TIOCM_RTS;
        static_cast<void>(::ioctl(device, dtr ? TIOCMBIS : TIOCMBIC, &dtr_bit));
        static_cast<void>(::ioctl(device, rts ? TIOCMBIS : TIOCMBIC, &rts_bit));
    }

    void close() noexcept override {
        if (core_)
            core_->close();
        core_.reset();
    }

  private:
    using Core = StreamCore<boost::asio::serial_port>;
    using Port = boost::asio::serial_port;

    error_code set_up(Port& port) const {
        error_code error;
        port.open(options_.port, error);
        if (!error)
            error = lock(port.native_handle());
        if (!error)
            port.set_option(Port::baud_rate(options_.baud_rate), error);
        if (!error)
            port.set_option(Port::character_size(8), error);
        if (!error)
            port.set_option(Port::parity(Port::parity::none), error);
        if (!error)
            port.set_option(Port::stop_bits(Port::stop_bits::one), error);
        const auto flow = options_.hardware_flow_control ? Port::flow_control::hardware
                                                         : Port::flow_control::none;
        if (!error)
            port.set_option(Port::flow_control(flow), error);
        if (!error)
            ::tcflush(port.native_handle(), TCIOFLUSH);
        return error;
    }

    /// TIOCEXCL keeps everybody but root out; the advisory lock is the one that zigbee2mqtt takes.
    static error_code lock(int device) {
        if (::flock(device, LOCK_EX | LOCK_NB) != 0)
            return {errno == EWOULDBLOCK ? EBUSY : errno, boost::system::system_category()};
        static_cast<void>(::ioctl(device, TIOCEXCL));
        return {};
    }

    boost::asio::any_io_executor executor_;
    LinkOptions options_;
    std::shared_ptr<Core> core_;
};

}  // namespace

std::unique_ptr<Transport> make_serial_transport(boost::asio::any_io_executor executor,
                                                 LinkOptions options) {
    return std::make_unique<SerialTransport>(std::move(executor), std::move(options));
}

}  // namespace waggle
