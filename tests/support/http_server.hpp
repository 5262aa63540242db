#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

/// A web server on the loopback, on a thread of its own, that says what a test wrote down; with TLS
/// when it has a certificate. One connection at a time, one request each.
namespace waggle::test {

/// A certificate authority of its own, and a certificate for 127.0.0.1 signed by it.
struct Certificates {
    explicit Certificates(const std::filesystem::path& folder);
    std::filesystem::path authority, certificate, key;
};

class HttpServer {
  public:
    struct Request {
        std::string path;
        std::map<std::string, std::string> headers;  ///< names in lower case
    };
    struct Answer {
        int status = 200;
        std::string body;
        std::vector<std::string> headers;
        std::optional<std::size_t> cut_after;  ///< of the body; then the connection ends
        bool never = false;                    ///< no answer, until the server goes away
    };
    using Handler = std::function<Answer(const Request&)>;  ///< on the server's thread

    explicit HttpServer(Handler handler, const Certificates* certificates = nullptr);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    std::string url(const std::string& path) const;
    std::vector<Request> requests() const;

  private:
    struct Tls;
    void serve(const std::stop_token& stop);
    void talk(int connection, const std::stop_token& stop);

    Handler handler_;
    std::unique_ptr<Tls> tls_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::vector<Request> requests_;
    std::jthread thread_;
};

}  // namespace waggle::test
