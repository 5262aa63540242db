#include <stdexcept>

#include <boost/asio/ip/tcp.hpp>

#include "link.hpp"
#include "link_pump.hpp"

namespace waggle::sim {

namespace {

using boost::asio::ip::tcp;

class TcpLink final : public Link {
  public:
    TcpLink(boost::asio::io_context& context, const tcp::endpoint& endpoint) : acceptor_(context) {
        acceptor_.open(endpoint.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address(true));
        acceptor_.bind(endpoint);
        acceptor_.listen();
        accept();
    }

    void send(View bytes) override {
        if (pump_)
            pump_->send(bytes);
    }

    void disconnect() override {
        if (pump_)
            pump_->close();
        pump_.reset();
    }

    std::size_t pending() const override { return pump_ ? pump_->pending() : 0; }
    bool is_connected() const override { return pump_ && !pump_->is_closed(); }

    std::string address() const override {
        const tcp::endpoint endpoint = acceptor_.local_endpoint();
        return "tcp://" + endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
    }

    void close() override {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        disconnect();
    }

  private:
    void accept() {
        acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
            if (!acceptor_.is_open())
                return;
            if (!error)
                take(std::move(socket));
            accept();
        });
    }

    void take(tcp::socket socket) {
        disconnect();
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        pump_ = std::make_shared<Pump<tcp::socket>>(std::move(socket));
        pump_->on_bytes = [this](View bytes) {
            if (on_bytes)
                on_bytes(bytes);
        };
        pump_->on_drained = [this] {
            if (on_drained)
                on_drained();
        };
        pump_->on_closed = [this] { pump_.reset(); };
        if (on_connected)
            on_connected();
        pump_->start();
    }

    tcp::acceptor acceptor_;
    std::shared_ptr<Pump<tcp::socket>> pump_;
};

tcp::endpoint parse_endpoint(const std::string& address) {
    constexpr std::uint64_t no_port = 0x10000;
    const auto colon = address.rfind(':');
    std::uint64_t port = no_port;
    if (colon != std::string::npos)
        port = parse_number(address.substr(colon + 1)).value_or(no_port);
    boost::system::error_code error;
    const auto host = boost::asio::ip::make_address(address.substr(0, colon), error);
    if (error || port >= no_port)
        throw std::runtime_error("'" + address +
                                 "' must be an IP address and a port, such as 127.0.0.1:6638");
    return {host, static_cast<std::uint16_t>(port)};
}

}  // namespace

std::unique_ptr<Link> listen_tcp(boost::asio::io_context& context, const std::string& address) {
    const tcp::endpoint endpoint = parse_endpoint(address);
    try {
        return std::make_unique<TcpLink>(context, endpoint);
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("cannot listen on " + address + ": " + error.code().message());
    }
}

}  // namespace waggle::sim
