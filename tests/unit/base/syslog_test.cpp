#include "base/syslog.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/log.hpp"

using namespace waggle;

namespace {

/// A socket on a free port of the loopback interface.
class Server {
  public:
    explicit Server(int kind) : socket_(::socket(AF_INET, kind, 0)) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof name;
        const auto* address = reinterpret_cast<const sockaddr*>(&name);
        BOOST_REQUIRE(bind(socket_, address, length) == 0);
        getsockname(socket_, reinterpret_cast<sockaddr*>(&name), &length);
        port = std::to_string(ntohs(name.sin_port));
        const timeval limit{5, 0};
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        if (kind == SOCK_STREAM)
            listen(socket_, 1);
    }
    ~Server() {
        close(socket_);
        if (connection_ >= 0)
            close(connection_);
    }
    std::string receive() {
        std::array<char, 512> bytes;
        const auto got =
            recv(connection_ >= 0 ? connection_ : socket_, bytes.data(), bytes.size(), 0);
        return got > 0 ? std::string(bytes.data(), static_cast<std::size_t>(got)) : "";
    }
    void take() { connection_ = accept(socket_, nullptr, nullptr); }

    std::string port;

  private:
    int socket_, connection_ = -1;
};

log::SyslogOptions options(const Server& server, const std::string& protocol) {
    log::SyslogOptions out;
    out.host = "127.0.0.1";
    out.port = server.port;
    out.protocol = protocol;
    out.pid = "7";
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(syslog_)

BOOST_AUTO_TEST_CASE(a_message_has_the_form_of_rfc_5424) {
    log::SyslogOptions form;
    form.bsd = false;
    form.host_name = "nas";
    form.pid = "42";
    // RFC 5424 6.2.3.1: 1985-04-12T23:20:50.52Z
    BOOST_TEST(log::syslog_message(form, log::Severity::error, "znp: gone", 482196050, 520) ==
               "<131>1 1985-04-12T23:20:50.520Z nas waggle 42 - - znp: gone");
}

BOOST_AUTO_TEST_CASE(a_message_has_the_form_of_rfc_3164) {
    setenv("TZ", "UTC", 1);
    tzset();
    log::SyslogOptions form;
    form.pid = "42";
    form.line_end = "\n";
    BOOST_TEST(log::syslog_message(form, log::Severity::info, "znp: up", 482196050, 0) ==
               "<134>Apr 12 23:20:50 localhost waggle[42]: znp: up\n");
}

BOOST_AUTO_TEST_CASE(lines_reach_a_server_as_datagrams) {
    Server server(SOCK_DGRAM);
    log::set_syslog(options(server, "udp4"), "waggle");
    log::Options all;
    all.console = false;
    all.syslog = true;
    log::configure(all);
    log::warning("mqtt", "Not connected");
    const auto line = server.receive();
    log::configure({});
    log::set_syslog({}, "waggle");
    BOOST_TEST(line.starts_with("<132>"));
    BOOST_TEST(line.ends_with(" localhost waggle[7]: mqtt: Not connected"));
}

BOOST_AUTO_TEST_CASE(lines_of_one_connection_end) {
    Server server(SOCK_STREAM);
    log::SyslogSender sender(options(server, "tcp4"));
    server.take();
    sender.send(log::Severity::debug, "one");
    BOOST_TEST(server.receive().ends_with(": one\n"));
}

BOOST_AUTO_TEST_CASE(nobody_there_costs_nothing) {
    std::string port;
    {
        const Server gone(SOCK_STREAM);
        port = gone.port;
    }
    log::SyslogOptions nobody;
    nobody.host = "127.0.0.1";
    nobody.port = port;
    nobody.protocol = "tcp4";
    log::SyslogSender sender(nobody);
    for (int i = 0; i < 3; ++i)
        sender.send(log::Severity::info, "unheard");
}

BOOST_AUTO_TEST_CASE(what_is_not_spoken_is_said) {
    log::SyslogOptions secret;
    secret.protocol = "tls4";
    BOOST_CHECK_EXCEPTION(log::SyslogSender{secret}, std::runtime_error, [](const auto& error) {
        return std::string(error.what()).find("protocol: 'tls4' is not spoken here") !=
               std::string::npos;
    });
    log::SyslogOptions nowhere;
    nowhere.protocol = "unix";
    BOOST_CHECK_THROW(log::SyslogSender{nowhere}, std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
