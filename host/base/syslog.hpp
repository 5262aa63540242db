#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// Log lines to a syslog server: datagrams (UDP, Unix) or a TCP connection. Nothing here ever waits:
/// what the socket does not take at once is lost, as syslog's are. A connection that breaks is
/// sought again with the next line, at most every ten seconds.
namespace waggle::log {

struct SyslogOptions {
    std::string host = "localhost";
    std::string port = "514";
    std::string protocol = "udp4";  ///< udp, udp4, udp6, tcp, tcp4, tcp6, unix, unix-connect
    std::string path;               ///< of unix
    std::string pid;                ///< empty: this process'
    std::string host_name = "localhost";
    bool bsd = true;  ///< RFC 3164, else RFC 5424
    std::string program = "waggle";
    std::string line_end;
};

/// RFC 5424 6.2.1, the same numbers as in RFC 3164.
enum class Severity { error = 3, warning = 4, info = 6, debug = 7 };

/// One message, facility local0, at `seconds` (since 1970) and `milliseconds` of that second.
std::string syslog_message(const SyslogOptions& options, Severity severity, std::string_view text,
                           long long seconds, int milliseconds);

class SyslogSender {
  public:
    /// Looks the host up, which may take as long as the resolver does; at the start only. Throws
    /// std::runtime_error with a sentence: unknown protocol, no such host, no path.
    explicit SyslogSender(SyslogOptions options);
    ~SyslogSender();
    SyslogSender(const SyslogSender&) = delete;
    SyslogSender& operator=(const SyslogSender&) = delete;

    void send(Severity severity, std::string_view text);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Where lines for syslog go from the next log::configure() on: to this server, or to the system's own
/// log under `program`. Throws what SyslogSender throws.
void set_syslog(std::optional<SyslogOptions> server, std::string program);

}  // namespace waggle::log
