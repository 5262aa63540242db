#include "mqtt/tls_context.hpp"

#include <utility>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace waggle::mqtt {
namespace {

std::string openssl_error() {
    char text[256] = "unknown error";
    if (const auto code = ERR_get_error(); code != 0)
        ERR_error_string_n(code, text, sizeof text);
    ERR_clear_error();
    return text;
}

bool is_address(const std::string& name) {
    in6_addr address{};
    return ::inet_pton(AF_INET, name.c_str(), &address) == 1 ||
           ::inet_pton(AF_INET6, name.c_str(), &address) == 1;
}

/// An encrypted key would make OpenSSL ask on the terminal.
int no_passphrase(char*, int, int, void*) {
    return 0;
}

}  // namespace

struct TlsContext::Impl {
    Impl() : context(SSL_CTX_new(TLS_client_method())) {}
    ~Impl() { SSL_CTX_free(context); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    bool load(const TlsOptions& options, std::string& problem);
    void verify_name(const std::string& name);
    static Impl* of(const SSL* ssl) {
        return static_cast<Impl*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    }
    static void on_info(const SSL* ssl, int where, int);
    static int on_verify(int is_ok, X509_STORE_CTX* store);

    SSL_CTX* context;
    std::string server_name;  ///< for SNI; empty = none
    std::string problem;
};

/// The handshake begins: libmosquitto has put the numeric address in as the server's name.
void TlsContext::Impl::on_info(const SSL* ssl, int where, int) {
    if ((where & SSL_CB_HANDSHAKE_START) == 0)
        return;
    auto& name = of(ssl)->server_name;
    char* const text = name.empty() ? nullptr : name.data();
    SSL_set_tlsext_host_name(const_cast<SSL*>(ssl), text);
}

int TlsContext::Impl::on_verify(int is_ok, X509_STORE_CTX* store) {
    if (is_ok == 0) {
        const auto* ssl = static_cast<const SSL*>(
            X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
        of(ssl)->problem = X509_verify_cert_error_string(X509_STORE_CTX_get_error(store));
    }
    return is_ok;
}

void TlsContext::Impl::verify_name(const std::string& name) {
    auto* parameters = SSL_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (is_address(name))
        X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str());
    else
        X509_VERIFY_PARAM_set1_host(parameters, name.data(), name.size());
}

bool TlsContext::Impl::load(const TlsOptions& options, std::string& problem_out) {
    const auto failed = [&](const std::string& what) {
        problem_out = what + ": " + openssl_error();
        return false;
    };
    ERR_clear_error();
    if (context == nullptr)
        return failed("TLS cannot be used");
    SSL_CTX_set_app_data(context, this);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    SSL_CTX_set_info_callback(context, on_info);
    server_name = is_address(options.name) ? "" : options.name;
    if (!options.verify) {
        SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    } else {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verify);
        verify_name(options.name);
    }
    if (options.ca.empty())
        SSL_CTX_set_default_verify_paths(context);
    else if (SSL_CTX_load_verify_file(context, options.ca.c_str()) != 1)
        return failed("mqtt.ca: " + options.ca + " cannot be used");
    if (options.certificate.empty() || options.key.empty())
        return true;
    if (SSL_CTX_use_certificate_chain_file(context, options.certificate.c_str()) != 1)
        return failed("mqtt.cert: " + options.certificate + " cannot be used");
    if (SSL_CTX_use_PrivateKey_file(context, options.key.c_str(), SSL_FILETYPE_PEM) != 1)
        return failed("mqtt.key: " + options.key + " cannot be used");
    if (SSL_CTX_check_private_key(context) != 1)
        return failed("mqtt.key does not belong to mqtt.cert");
    return true;
}

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
}
TlsContext::~TlsContext() = default;

std::unique_ptr<TlsContext> TlsContext::create(const TlsOptions& options, std::string& problem) {
    auto impl = std::make_unique<Impl>();
    if (!impl->load(options, problem))
        return nullptr;
    return std::unique_ptr<TlsContext>(new TlsContext(std::move(impl)));
}

void* TlsContext::native() const noexcept {
    return impl_->context;
}

std::string TlsContext::take_problem() {
    return std::exchange(impl_->problem, {});
}

}  // namespace waggle::mqtt
