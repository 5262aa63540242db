#include <array>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "link.hpp"
#include "link_pump.hpp"

namespace waggle::sim {

namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

int open_master() {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0)
        fail("cannot open a pseudo-terminal");
    return master;
}

std::string slave_of(int master) {
    std::array<char, 128> name{};
    if (::ptsname_r(master, name.data(), name.size()) != 0)
        fail("the pseudo-terminal has no name");
    return name.data();
}

/// Raw mode, and closed again: from now on the master tells when nobody has the terminal open.
void prepare_slave(const std::string& path) {
    const int slave = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0)
        fail("cannot open " + path);
    termios settings{};
    ::tcgetattr(slave, &settings);
    ::cfmakeraw(&settings);
    ::tcsetattr(slave, TCSANOW, &settings);
    ::close(slave);
}

class PtyLink final : public Link {
  public:
    PtyLink(boost::asio::io_context& context, std::string symlink)
        : context_(context),
          timer_(context),
          master_(open_master()),
          path_(slave_of(master_)),
          symlink_(std::move(symlink)) {
        prepare_slave(path_);
        if (!symlink_.empty()) {
            ::unlink(symlink_.c_str());
            if (::symlink(path_.c_str(), symlink_.c_str()) != 0)
                fail("cannot make the link " + symlink_);
        }
        watch();
    }

    ~PtyLink() override {
        if (!symlink_.empty())
            ::unlink(symlink_.c_str());
        ::close(master_);
    }

    void send(View bytes) override {
        if (pump_)
            pump_->send(bytes);
    }

    /// The wire pulled out: the host sees its terminal hang up. A new terminal takes its place.
    void disconnect() override {
        if (pump_)
            pump_->close();
        pump_.reset();
        ::close(master_);
        master_ = open_master();
        path_ = slave_of(master_);
        prepare_slave(path_);
        if (!symlink_.empty()) {
            ::unlink(symlink_.c_str());
            if (::symlink(path_.c_str(), symlink_.c_str()) != 0)
                fail("cannot make the link " + symlink_);
        }
        watch();
    }

    std::size_t pending() const override { return pump_ ? pump_->pending() : 0; }
    bool is_connected() const override { return pump_ != nullptr; }
    std::string address() const override { return symlink_.empty() ? path_ : symlink_; }

    void close() override {
        timer_.cancel();
        closing_ = true;
        if (pump_)
            pump_->close();
        pump_.reset();
    }

  private:
    /// Nothing signals that somebody has opened the terminal, so look now and then.
    void watch() {
        timer_.expires_after(std::chrono::milliseconds(20));
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (error || closing_)
                return;
            pollfd state{master_, POLLIN, 0};
            if (::poll(&state, 1, 0) >= 0 && !(state.revents & POLLHUP))
                return attach();
            watch();
        });
    }

    void attach() {
        const int copy = ::fcntl(master_, F_DUPFD_CLOEXEC, 0);
        if (copy < 0)
            return watch();
        pump_ = std::make_shared<Pump<Descriptor>>(Descriptor(context_, copy));
        pump_->on_bytes = [this](View bytes) {
            if (on_bytes)
                on_bytes(bytes);
        };
        pump_->on_drained = [this] {
            if (on_drained)
                on_drained();
        };
        pump_->on_closed = [this] {
            pump_.reset();
            ::tcflush(master_, TCIOFLUSH);
            watch();
        };
        if (on_connected)
            on_connected();
        pump_->start();
    }

    boost::asio::io_context& context_;
    boost::asio::steady_timer timer_;
    int master_;
    std::string path_;
    std::string symlink_;
    bool closing_ = false;
    std::shared_ptr<Pump<Descriptor>> pump_;
};

}  // namespace

std::unique_ptr<Link> open_pty(boost::asio::io_context& context, const std::string& symlink) {
    return std::make_unique<PtyLink>(context, symlink);
}

}  // namespace waggle::sim
