#pragma once

// The declarations only: nothing is linked, and the checks of variadic arguments are macros in the way.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "ota/types.hpp"

#undef curl_easy_setopt

/// libcurl as far as it is used, found at run time. Linked it would be mapped, with its forty
/// libraries, into every process of this program; only the one that fetches firmware needs it.
namespace waggle::ota {

struct Curl {
    decltype(&::curl_global_init) global_init = nullptr;
    decltype(&::curl_easy_init) easy_init = nullptr;
    decltype(&::curl_easy_setopt) easy_setopt = nullptr;
    decltype(&::curl_easy_perform) easy_perform = nullptr;
    decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
    decltype(&::curl_easy_strerror) easy_strerror = nullptr;
    decltype(&::curl_slist_append) slist_append = nullptr;
    decltype(&::curl_slist_free_all) slist_free_all = nullptr;
};

/// Loaded once and kept. The failure names the package that has it.
[[nodiscard]] Outcome<const Curl*> load_curl();

}  // namespace waggle::ota
