#include "ota/fetch.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "ota/curl.hpp"

namespace waggle::ota {
namespace {

constexpr long connect_seconds = 30, slow_seconds = 60, slow_octets = 64, most_seconds = 600;
constexpr long most_redirects = 5;

/// What the call-backs of one transfer know.
struct Transfer {
    Download* target;
    Fetched fetched;
    long status = 0;
};

bool begins_with(std::string_view text, std::string_view lower) {
    return text.size() >= lower.size() &&
           std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) {
               return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
           });
}

std::string_view trimmed(std::string_view text) {
    const auto blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

void read_cache_control(std::string_view value, Fetched& fetched) {
    constexpr std::string_view key = "max-age=";
    const auto at = value.find(key);
    long seconds = 0;
    if (at == std::string_view::npos)
        return;
    const auto* begin = value.data() + at + key.size();
    if (std::from_chars(begin, value.data() + value.size(), seconds).ec == std::errc())
        fetched.max_age = std::chrono::seconds(seconds);
}

/// One line of the answer's head; a redirect's head comes first and is forgotten by the next.
void read_header_line(std::string_view line, Transfer& transfer) {
    constexpr std::size_t longest = 512;
    auto& fetched = transfer.fetched;
    if (begins_with(line, "http/")) {
        fetched = {};
        const auto blank = line.find(' ');
        transfer.status = 0;
        if (blank != std::string_view::npos)
            std::from_chars(line.data() + blank + 1, line.data() + line.size(), transfer.status);
        return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || line.size() > longest)
        return;
    const auto value = trimmed(line.substr(colon + 1));
    if (begins_with(line, "etag:"))
        fetched.etag = value;
    else if (begins_with(line, "last-modified:"))
        fetched.last_modified = value;
    else if (begins_with(line, "cache-control:"))
        read_cache_control(value, fetched);
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
    read_header_line({data, size * count}, *static_cast<Transfer*>(user));
    return size * count;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    if (transfer.status != 200)
        return size * count;  // the page that says why: of no use here
    const bool taken = transfer.target->write(as_bytes({data, size * count}));
    return taken ? size * count : 0;
}

/// A request of libcurl, gone with this object.
class Handle {
  public:
    explicit Handle(const Curl& curl) : curl_(curl), handle_(curl.easy_init()) {}
    ~Handle() {
        curl_.slist_free_all(headers_);
        if (handle_)
            curl_.easy_cleanup(handle_);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    template <class T>
    void set(CURLoption option, T value) {
        if (!handle_ || curl_.easy_setopt(handle_, option, value) != CURLE_OK)
            usable_ = false;
    }
    void add_header(const std::string& line) {
        headers_ = curl_.slist_append(headers_, line.c_str());
        set(CURLOPT_HTTPHEADER, headers_);
    }
    bool is_usable() const noexcept { return handle_ && usable_; }
    CURLcode perform() { return curl_.easy_perform(handle_); }

  private:
    const Curl& curl_;
    CURL* handle_;
    curl_slist* headers_ = nullptr;
    bool usable_ = true;
};

void set_limits(Handle& handle) {
    handle.set(CURLOPT_NOSIGNAL, 1L);
    handle.set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
    handle.set(CURLOPT_LOW_SPEED_LIMIT, slow_octets);
    handle.set(CURLOPT_LOW_SPEED_TIME, slow_seconds);
    handle.set(CURLOPT_TIMEOUT, most_seconds);
    handle.set(CURLOPT_FOLLOWLOCATION, 1L);
    handle.set(CURLOPT_MAXREDIRS, most_redirects);
}

void set_security(Handle& handle, bool encrypted) {
    handle.set(CURLOPT_PROTOCOLS_STR, "http,https");
    handle.set(CURLOPT_REDIR_PROTOCOLS_STR, encrypted ? "https" : "http,https");
    // libcurl itself looks only where it was built to look.
    if (const char* file = std::getenv("SSL_CERT_FILE"); file && *file)
        handle.set(CURLOPT_CAINFO, file);
    if (const char* folder = std::getenv("SSL_CERT_DIR"); folder && *folder)
        handle.set(CURLOPT_CAPATH, folder);
}

void set_conditions(Handle& handle, const FetchRequest& request) {
    if (!request.etag.empty())
        handle.add_header("If-None-Match: " + request.etag);
    if (!request.last_modified.empty())
        handle.add_header("If-Modified-Since: " + request.last_modified);
    if (request.compressed)
        handle.set(CURLOPT_ACCEPT_ENCODING, "");
}

std::string reason_of(CURLcode code, const Transfer& transfer, std::string_view detail,
                      const Curl& curl) {
    if (!transfer.target->problem().empty())
        return transfer.target->problem();
    switch (code) {
        case CURLE_PARTIAL_FILE:
            return fmt::format("the connection ended after {} octets, before all was there",
                               transfer.target->size());
        case CURLE_TOO_MANY_REDIRECTS:
            return fmt::format("it is redirected more than {} times", most_redirects);
        case CURLE_UNSUPPORTED_PROTOCOL:
            return "it is redirected to a protocol that is not followed (from https only to https)";
        default: break;
    }
    return std::string(detail.empty() ? std::string_view(curl.easy_strerror(code)) : detail);
}

}  // namespace

bool is_url(std::string_view location) noexcept {
    return begins_with(location, "http://") || begins_with(location, "https://");
}

std::string shown_url(std::string_view url) {
    const auto host = url.find("://");
    if (host == std::string_view::npos)
        return std::string(url);
    const auto end = url.find_first_of("/?#", host + 3);
    const auto at = url.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < host)
        return std::string(url);
    return fmt::format("{}***{}", url.substr(0, host + 3), url.substr(at));
}

Outcome<Fetched> fetch(const FetchRequest& request, Download& target) {
    const auto curl = load_curl();
    if (!curl)
        return curl.error();
    const auto failed = [&request](std::string_view why) {
        return store::fail(fmt::format("'{}' cannot be fetched: {}", shown_url(request.url), why));
    };
    Transfer transfer{&target, {}, 0};
    std::array<char, CURL_ERROR_SIZE> detail{};
    Handle handle(**curl);
    handle.set(CURLOPT_URL, request.url.c_str());
    handle.set(CURLOPT_USERAGENT, "Waggle");
    handle.set(CURLOPT_ERRORBUFFER, detail.data());
    handle.set(CURLOPT_HEADERFUNCTION, on_header);
    handle.set(CURLOPT_HEADERDATA, &transfer);
    handle.set(CURLOPT_WRITEFUNCTION, on_body);
    handle.set(CURLOPT_WRITEDATA, &transfer);
    set_limits(handle);
    set_security(handle, begins_with(request.url, "https://"));
    set_conditions(handle, request);
    if (!handle.is_usable())
        return failed("this libcurl is older than 7.85, or was built without what is needed");

    const auto code = handle.perform();
    if (code != CURLE_OK)
        return failed(reason_of(code, transfer, detail.data(), **curl));
    transfer.fetched.not_modified =
        transfer.status == 304 && !(request.etag.empty() && request.last_modified.empty());
    if (transfer.status != 200 && !transfer.fetched.not_modified)
        return failed(fmt::format("the server answered with status {}", transfer.status));
    return std::move(transfer.fetched);
}

}  // namespace waggle::ota
