#include "ota/curl.hpp"

#include <dlfcn.h>
#include <string>

namespace waggle::ota {
namespace {

template <class Function>
bool resolve(void* library, const char* name, Function& target) {
    target = reinterpret_cast<Function>(::dlsym(library, name));
    return target != nullptr;
}

bool resolve_all(void* library, Curl& curl) {
    return resolve(library, "curl_global_init", curl.global_init) &&
           resolve(library, "curl_easy_init", curl.easy_init) &&
           resolve(library, "curl_easy_setopt", curl.easy_setopt) &&
           resolve(library, "curl_easy_perform", curl.easy_perform) &&
           resolve(library, "curl_easy_cleanup", curl.easy_cleanup) &&
           resolve(library, "curl_easy_strerror", curl.easy_strerror) &&
           resolve(library, "curl_slist_append", curl.slist_append) &&
           resolve(library, "curl_slist_free_all", curl.slist_free_all);
}

}  // namespace

Outcome<const Curl*> load_curl() {
    static Curl curl;
    if (curl.slist_free_all)
        return &curl;
    for (const char* name : {"libcurl.so.4", "libcurl-gnutls.so.4"}) {
        void* const library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
        if (!library)
            continue;
        if (resolve_all(library, curl) && curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
            return &curl;
        curl = {};
    }
    return store::fail(
        "Fetching firmware needs libcurl, which is not installed: apt-get install "
        "libcurl4. Files and folders of this machine work without it");
}

}  // namespace waggle::ota
