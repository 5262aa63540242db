#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "coordinator/link_types.hpp"
#include "coordinator/stream_transport.hpp"

namespace waggle {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using Endpoints = std::vector<tcp::endpoint>;

constexpr std::chrono::seconds resolve_deadline{10};
constexpr std::chrono::seconds connect_deadline{10};
constexpr std::size_t max_endpoints = 4;  ///< tried of a name that has many addresses

class TcpTransport final : public Transport {
  public:
    TcpTransport(boost::asio::any_io_executor executor, TcpAddress address)
        : executor_(std::move(executor)), address_(std::move(address)), resolver_(executor_) {}
    ~TcpTransport() override { TcpTransport::close(); }

    Awaitable<Result<void>> open(Sink& sink, std::string& problem) override {
        close();
        const auto opening = closed_count_;
        auto endpoints = co_await resolve(problem);
        if (opening != closed_count_)
            co_return Errc::closed;
        if (!endpoints)
            co_return endpoints.error();
        auto connected = co_await connect(std::move(*endpoints), problem);
        if (!connected)
            co_return connected.error();
        tune(core_->stream());
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
    bool has_lines() const noexcept override { return false; }
    void set_lines(bool, bool) noexcept override {}

    void close() noexcept override {
        ++closed_count_;
        drop();
        resolver_.cancel();
    }

  private:
    using Core = StreamCore<tcp::socket>;

    void drop() noexcept {
        if (core_)
            core_->close();
        core_.reset();
    }

    /// The system's resolver works in Asio's own thread and cannot be stopped; its answer goes to a
    /// shared slot, so that coming late does no harm.
    Awaitable<Result<Endpoints>> resolve(std::string& problem) {
        error_code not_literal;
        const auto literal = boost::asio::ip::make_address(address_.host, not_literal);
        if (!not_literal)
            co_return Endpoints{tcp::endpoint(literal, address_.port)};

        OneShot<Endpoints> answer(executor_);
        resolver_.async_resolve(
            address_.host, std::to_string(address_.port),
            [answer](error_code error, const tcp::resolver::results_type& found) {
                answer.fulfil(to_endpoints(error, found));
            });
        auto endpoints = co_await answer.within(resolve_deadline);
        if (!endpoints)
            problem = fmt::format("Cannot find the address of '{}': {}", address_.host,
                                  endpoints.error().message());
        co_return endpoints;
    }

    static Result<Endpoints> to_endpoints(error_code error,
                                          const tcp::resolver::results_type& found) {
        if (error)
            return error;
        Endpoints endpoints;
        for (const auto& entry : found) {
            if (endpoints.size() < max_endpoints)
                endpoints.push_back(entry.endpoint());
        }
        return endpoints;
    }

    Awaitable<Result<void>> connect(Endpoints endpoints, std::string& problem) {
        error_code last = make_error_code(Errc::not_found);
        const auto opening = closed_count_;
        for (std::size_t i = 0; i < endpoints.size(); ++i) {
            core_ = std::make_shared<Core>(executor_);
            OneShot<void> connected(executor_);
            auto handler = [connected, core = core_](error_code error) {
                connected.fulfil(error ? Result<void>(error) : Result<void>{});
            };
            core_->stream().async_connect(endpoints[i], std::move(handler));
            auto outcome = co_await connected.within(connect_deadline);
            if (opening != closed_count_)
                co_return Errc::closed;
            if (outcome)
                co_return outcome;
            last = outcome.error();
            drop();
        }
        problem = fmt::format("Cannot connect to tcp://{}:{}: {}", address_.host, address_.port,
                              last.message());
        co_return Errc::unavailable;
    }

    /// A dead peer is noticed within half a minute even when nothing is being sent.
    static void tune(tcp::socket& socket) {
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        socket.set_option(boost::asio::socket_base::keep_alive(true), ignored);
        set_tcp(socket, TCP_KEEPIDLE, 15);
        set_tcp(socket, TCP_KEEPINTVL, 5);
        set_tcp(socket, TCP_KEEPCNT, 3);
        set_tcp(socket, TCP_USER_TIMEOUT, 30'000);
    }
    static void set_tcp(tcp::socket& socket, int option, int value) {
        static_cast<void>(
            ::setsockopt(socket.native_handle(), IPPROTO_TCP, option, &value, sizeof value));
    }

    boost::asio::any_io_executor executor_;
    TcpAddress address_;
    tcp::resolver resolver_;
    std::shared_ptr<Core> core_;
    unsigned closed_count_ = 0;  ///< tells open() that close() came between
};

}  // namespace

std::unique_ptr<Transport> make_tcp_transport(boost::asio::any_io_executor executor,
                                              TcpAddress address) {
    return std::make_unique<TcpTransport>(std::move(executor), std::move(address));
}

}  // namespace waggle
