#pragma once

#include <memory>
#include <optional>
#include <string>

/// TLS towards the broker, set up here rather than by libmosquitto: it would compare the
/// certificate with the address it connects to, which here is always numeric, and could neither
/// send another server name nor say why a certificate was refused.
namespace waggle::mqtt {

struct TlsOptions {
    std::string ca;                ///< PEM file; empty = the system's authorities
    std::string certificate, key;  ///< PEM files; used when both are given
    bool verify = true;
    std::string name;  ///< in the certificate, and SNI when it is not an address
};

class TlsContext {
  public:
    /// Nothing when a file cannot be used; `problem` says which and why.
    static std::unique_ptr<TlsContext> create(const TlsOptions& options, std::string& problem);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    void* native() const noexcept;  ///< SSL_CTX*
    /// Why the last certificate was refused; empty when it was not.
    std::string take_problem();

  private:
    struct Impl;
    explicit TlsContext(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace waggle::mqtt
