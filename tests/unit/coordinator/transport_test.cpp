#include "coordinator/transport.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include "scripted_ncp.hpp"
#include "support/virtual_loop.hpp"

using namespace waggle;
using namespace waggle::test;
using boost::asio::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

struct Sink final : Transport::Sink {
    std::size_t received(ByteView bytes) override {
        last.assign(bytes.begin(), bytes.end());
        ++calls;
        const auto used = std::min(bytes.size(), take);
        all.insert(all.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(used));
        if (close_when_called)
            close_when_called->close();
        return used;
    }
    void closed(std::string_view reason) override { reasons.emplace_back(reason); }

    std::size_t take = SIZE_MAX;
    Transport* close_when_called = nullptr;
    Bytes last, all;
    int calls = 0;
    std::vector<std::string> reasons;
};

struct TcpRig {
    TcpRig() : acceptor(loop.context, tcp::endpoint(tcp::v4(), 0)), peer(loop.context) {
        loop.wait_outside = milliseconds(1);
        options.port = "tcp://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
        auto made = make_transport(loop.executor(), options, problem);
        BOOST_REQUIRE(made);
        transport = std::move(*made);
    }
    void open() {
        bool accepted = false;
        acceptor.async_accept(peer, [&](boost::system::error_code) { accepted = true; });
        BOOST_REQUIRE_MESSAGE(loop.run(transport->open(sink, problem)), problem);
        loop.until([&] { return accepted; }, seconds(5), milliseconds(1));
    }
    void say(const Bytes& bytes) { boost::asio::write(peer, boost::asio::buffer(bytes)); }
    template <class Predicate>
    void until(Predicate done) {
        loop.until(done, seconds(5), milliseconds(1));
    }

    VirtualLoop loop;
    tcp::acceptor acceptor;
    tcp::socket peer;
    LinkOptions options;
    std::string problem;
    Sink sink;
    std::unique_ptr<Transport> transport;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(transport)

BOOST_AUTO_TEST_CASE(addresses_are_host_and_port) {
    BOOST_TEST(parse_tcp_address("tcp://192.168.1.5:6638")->host == "192.168.1.5");
    BOOST_TEST(parse_tcp_address("tcp://slzb-06.local:6638/")->port == 6638);
    BOOST_TEST(parse_tcp_address("tcp://[::1]:6638")->host == "::1");
    for (const auto* const wrong : {"tcp://", "tcp://host", "tcp://:6638", "tcp://host:0",
                                    "tcp://host:70000", "tcp://host:12x", "tcp://[]:1", "host:1"})
        BOOST_TEST(!parse_tcp_address(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(other_schemes_get_a_sentence) {
    boost::asio::io_context context;
    std::string problem;
    LinkOptions options;
    options.port = "mdns://slzb-06";
    BOOST_TEST(
        (make_transport(context.get_executor(), options, problem).error() == Errc::unsupported));
    BOOST_TEST(problem.find("mdns://slzb-06") != std::string::npos);
    options.port = "tcp://host";
    BOOST_TEST(
        (make_transport(context.get_executor(), options, problem).error() == Errc::malformed));
}

BOOST_FIXTURE_TEST_CASE(bytes_go_both_ways_over_tcp, TcpRig) {
    open();
    say(hex("01 02 03"));
    until([&] { return sink.all.size() == 3; });
    BOOST_TEST(transport->write(hex("FE 00 21 01 20")).has_value());
    BOOST_TEST(transport->write(hex("AA")).has_value());
    Bytes got(6);
    std::size_t count = 0;
    boost::asio::async_read(peer, boost::asio::buffer(got),
                            [&](boost::system::error_code, std::size_t n) { count = n; });
    until([&] { return count == 6; });
    BOOST_TEST(to_hex(got) == "fe00210120aa");
}

BOOST_FIXTURE_TEST_CASE(what_the_sink_leaves_comes_again_in_front, TcpRig) {
    open();
    sink.take = 2;
    say(hex("01 02 03 04 05"));
    until([&] { return sink.calls == 1; });
    say(hex("06"));
    until([&] { return sink.calls == 2; });
    BOOST_TEST(to_hex(sink.last) == "03040506");
    transport->present_again();
    until([&] { return sink.calls == 3; });
    BOOST_TEST(to_hex(sink.last) == "0506");
    say(hex("07 08"));
    until([&] { return sink.calls == 4; });
    BOOST_TEST(to_hex(sink.all) == "0102030405060708");
}

BOOST_FIXTURE_TEST_CASE(a_sink_that_takes_nothing_cannot_stop_the_link, TcpRig) {
    open();
    sink.take = 0;
    say(Bytes(Transport::read_buffer_size, 1));
    until([&] { return sink.last.size() == Transport::read_buffer_size; });
    say(Bytes(10, 2));
    until([&] { return sink.last.back() == 2; });
    BOOST_TEST(sink.reasons.empty());
}

BOOST_FIXTURE_TEST_CASE(the_peers_end_is_told_once, TcpRig) {
    open();
    peer.close();
    until([&] { return !sink.reasons.empty(); });
    BOOST_TEST(sink.reasons.size() == 1u);
    BOOST_TEST((transport->write(hex("00")).error() == Errc::closed));
}

BOOST_FIXTURE_TEST_CASE(closing_and_destroying_from_inside_the_sink_is_safe, TcpRig) {
    open();
    sink.close_when_called = transport.get();
    say(hex("01 02 03"));
    until([&] { return sink.calls == 1; });
    transport.reset();
    loop.settle();
    BOOST_TEST(sink.reasons.empty());
}

BOOST_FIXTURE_TEST_CASE(a_peer_that_does_not_read_is_noticed, TcpRig) {
    open();
    Result<void> written;
    for (int i = 0; i < 100'000 && written; ++i) {
        written = transport->write(Bytes(1024, 0));
        if (i % 16 == 0)
            loop.settle();
    }
    BOOST_TEST((written.error() == Errc::busy));
}

BOOST_FIXTURE_TEST_CASE(a_refused_connection_is_a_sentence, TcpRig) {
    acceptor.close();
    const auto opened = loop.run(transport->open(sink, problem));
    BOOST_TEST((opened.error() == Errc::unavailable));
    BOOST_TEST(problem.find(options.port) != std::string::npos);
    BOOST_TEST(problem.find("refused") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_device_that_is_not_there_is_a_sentence) {
    VirtualLoop loop;
    loop.wait_outside = milliseconds(1);
    LinkOptions options;
    options.port = "/dev/serial/by-id/usb-none";
    std::string problem;
    Sink sink;
    auto made = make_transport(loop.executor(), options, problem);
    BOOST_REQUIRE(made);
    BOOST_TEST((loop.run((*made)->open(sink, problem)).error() == Errc::unavailable));
    BOOST_TEST(problem.find("usb-none: there is no such device") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_serial_device_is_opened_raw_and_exclusively) {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
    BOOST_REQUIRE(master >= 0);
    BOOST_REQUIRE(::grantpt(master) == 0);
    BOOST_REQUIRE(::unlockpt(master) == 0);
    VirtualLoop loop;
    loop.wait_outside = milliseconds(1);
    LinkOptions options;
    options.port = ::ptsname(master);
    options.hardware_flow_control = true;
    std::string problem;
    Sink sink;
    auto first = make_transport(loop.executor(), options, problem);
    BOOST_REQUIRE_MESSAGE(loop.run((*first)->open(sink, problem)), problem);
    BOOST_TEST((*first)->has_lines());
    (*first)->set_lines(false, true);  // a pseudo-terminal has none: no harm

    auto second = make_transport(loop.executor(), options, problem);
    BOOST_TEST((loop.run((*second)->open(sink, problem)).error() == Errc::unavailable));
    BOOST_TEST(problem.find("another program uses it") != std::string::npos);

    // Octets that a terminal would interpret pass as they are.
    const auto bytes = hex("FE 0D 0A 03 04 11 13 7F FF");
    BOOST_REQUIRE(::write(master, bytes.data(), bytes.size()) ==
                  static_cast<ssize_t>(bytes.size()));
    loop.until([&] { return sink.all.size() == bytes.size(); }, seconds(5), milliseconds(1));
    BOOST_TEST((sink.all == bytes));
    BOOST_TEST((*first)->write(bytes).has_value());
    loop.settle();
    Bytes got(bytes.size());
    BOOST_TEST(::read(master, got.data(), got.size()) == static_cast<ssize_t>(got.size()));
    BOOST_TEST((got == bytes));

    ::close(master);
    loop.until([&] { return !sink.reasons.empty(); }, seconds(5), milliseconds(1));
    BOOST_TEST(sink.reasons.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
