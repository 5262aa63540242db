#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "ota/download.hpp"
#include "ota/types.hpp"

/// HTTP and HTTPS by libcurl, which is loaded when it is first needed. Blocking: for a process that
/// does nothing else, never for the host.
///
/// Certificates are checked against the system's store, or SSL_CERT_FILE and SSL_CERT_DIR; the proxy
/// comes from the environment as curl has it (https_proxy, no_proxy, ...). Redirects are followed, five
/// at most, and never from https to http.
namespace waggle::ota {

struct FetchRequest {
    std::string url;
    std::string etag, last_modified;  ///< of what is there already; empty: fetch it in any case
    bool compressed = false;          ///< texts may come packed; the bound counts what comes out
};

struct Fetched {
    bool not_modified = false;
    std::string etag, last_modified;
    std::optional<std::chrono::seconds> max_age;  ///< how long it need not be asked for again
};

/// Fails with a sentence that names the URL. The answer's body goes to `target`.
[[nodiscard]] Outcome<Fetched> fetch(const FetchRequest& request, Download& target);

bool is_url(std::string_view location) noexcept;  ///< http:// or https://

/// For sentences and logs: without a password.
std::string shown_url(std::string_view url);

}  // namespace waggle::ota
