#include "support/http_server.hpp"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

namespace waggle::test {
namespace {

struct Named {
    X509* certificate;
    EVP_PKEY* key;
};

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Named make(const char* name, int serial, const Named* issuer) {
    Named made{X509_new(), EVP_EC_gen("P-256")};
    X509_set_version(made.certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.certificate), serial);
    X509_gmtime_adj(X509_getm_notBefore(made.certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.certificate), 86400);
    X509_set_pubkey(made.certificate, made.key);
    X509_NAME* const subject = X509_get_subject_name(made.certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509* const signer = issuer ? issuer->certificate : made.certificate;
    X509_set_issuer_name(made.certificate, X509_get_subject_name(signer));
    add_extension(made.certificate, signer, NID_basic_constraints,
                  issuer ? "CA:FALSE" : "critical,CA:TRUE");
    if (issuer)
        add_extension(made.certificate, signer, NID_subject_alt_name, "IP:127.0.0.1");
    X509_sign(made.certificate, issuer ? issuer->key : made.key, EVP_sha256());
    return made;
}

template <class Writer>
void save(const std::filesystem::path& path, Writer write) {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    if (!file)
        throw std::runtime_error("cannot write " + path.string());
    write(file);
    std::fclose(file);
}

void set_free(const Named& named) {
    X509_free(named.certificate);
    EVP_PKEY_free(named.key);
}

HttpServer::Request parse(const std::string& text) {
    HttpServer::Request request;
    const auto first = text.find(' ');
    request.path = text.substr(first + 1, text.find(' ', first + 1) - first - 1);
    for (auto at = text.find("\r\n"); at != std::string::npos;) {
        const auto begin = at + 2;
        at = text.find("\r\n", begin);
        const auto colon = text.find(": ", begin);
        if (at == std::string::npos || colon == std::string::npos || colon > at)
            break;
        auto name = text.substr(begin, colon - begin);
        std::ranges::transform(name, name.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        request.headers[name] = text.substr(colon + 2, at - colon - 2);
    }
    return request;
}

}  // namespace

Certificates::Certificates(const std::filesystem::path& folder)
    : authority(folder / "authority.pem"),
      certificate(folder / "server.pem"),
      key(folder / "server.key") {
    const auto root = make("A test's authority", 1, nullptr);
    const auto server = make("127.0.0.1", 2, &root);
    save(authority, [&](std::FILE* file) { PEM_write_X509(file, root.certificate); });
    save(certificate, [&](std::FILE* file) { PEM_write_X509(file, server.certificate); });
    save(key, [&](std::FILE* file) {
        PEM_write_PrivateKey(file, server.key, nullptr, nullptr, 0, nullptr, nullptr);
    });
    set_free(root);
    set_free(server);
}

struct HttpServer::Tls {
    explicit Tls(const Certificates& certificates) : context(SSL_CTX_new(TLS_server_method())) {
        SSL_CTX_use_certificate_file(context, certificates.certificate.c_str(), SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(context, certificates.key.c_str(), SSL_FILETYPE_PEM);
    }
    ~Tls() { SSL_CTX_free(context); }
    Tls(const Tls&) = delete;
    Tls& operator=(const Tls&) = delete;
    SSL_CTX* context;
};

HttpServer::HttpServer(Handler handler, const Certificates* certificates)
    : handler_(std::move(handler)) {
    std::signal(SIGPIPE, SIG_IGN);  // a client that was told too much hangs up
    if (certificates)
        tls_ = std::make_unique<Tls>(*certificates);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("cannot listen");
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

HttpServer::~HttpServer() {
    thread_.request_stop();
    thread_.join();
    ::close(listener_);
}

std::string HttpServer::url(const std::string& path) const {
    return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) + path;
}

std::vector<HttpServer::Request> HttpServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void HttpServer::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pollfd wanted{listener_, POLLIN, 0};
        if (::poll(&wanted, 1, 20) <= 0)
            continue;
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0)
            continue;
        talk(connection, stop);
        ::close(connection);
    }
}

void HttpServer::talk(int connection, const std::stop_token& stop) {
    SSL* const tls = tls_ ? SSL_new(tls_->context) : nullptr;
    const auto read = [&](char* to, int most) {
        return tls ? SSL_read(tls, to, most)
                   : static_cast<int>(::read(connection, to, static_cast<std::size_t>(most)));
    };
    const auto write = [&](std::string_view text) {
        while (!text.empty()) {
            const auto count =
                tls ? SSL_write(tls, text.data(), static_cast<int>(text.size()))
                    : static_cast<int>(::write(connection, text.data(), text.size()));
            if (count <= 0)
                return;
            text.remove_prefix(static_cast<std::size_t>(count));
        }
    };
    std::string text;
    bool open = !tls || (SSL_set_fd(tls, connection) == 1 && SSL_accept(tls) == 1);
    while (open && text.find("\r\n\r\n") == std::string::npos) {
        char buffer[1024];
        const int count = read(buffer, sizeof buffer);
        open = count > 0;
        if (open)
            text.append(buffer, static_cast<std::size_t>(count));
    }
    if (open) {
        const auto request = parse(text);
        const auto answer = handler_(request);
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request);
        }
        while (answer.never && !stop.stop_requested())
            ::usleep(5000);
        auto head = "HTTP/1.1 " + std::to_string(answer.status) +
                    " As told\r\nContent-Length: " + std::to_string(answer.body.size()) +
                    "\r\nConnection: close\r\n";
        for (const auto& line : answer.headers)
            head += line + "\r\n";
        write(head + "\r\n");
        write(
            std::string_view(answer.body).substr(0, answer.cut_after.value_or(std::string::npos)));
        if (tls && !answer.cut_after)
            SSL_shutdown(tls);
    }
    if (tls)
        SSL_free(tls);
}

}  // namespace waggle::test
