#include <dlfcn.h>
#include <memory>
#include <stop_token>
#include <string>

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/simple-watch.h>
#include <fmt/format.h>

#include "coordinator/mdns_browse.hpp"

// The library is opened when a service is looked for and closed afterwards: with D-Bus behind it, it
// would cost every installation a megabyte for what is asked for once, by few.
namespace waggle {
namespace {

struct Close {
    void operator()(void* library) const { dlclose(library); }
};
using Library = std::unique_ptr<void, Close>;

template <class Function>
bool find(void* library, const char* name, Function*& function) {
    function = reinterpret_cast<Function*>(dlsym(library, name));
    return function != nullptr;
}

struct Avahi {
    decltype(avahi_simple_poll_new)* poll_new;
    decltype(avahi_simple_poll_get)* poll_get;
    decltype(avahi_simple_poll_iterate)* poll_iterate;
    decltype(avahi_simple_poll_free)* poll_free;
    decltype(avahi_client_new)* client_new;
    decltype(avahi_client_errno)* client_errno;
    decltype(avahi_client_free)* client_free;
    decltype(avahi_service_browser_new)* browser_new;
    decltype(avahi_service_browser_free)* browser_free;
    decltype(avahi_service_resolver_new)* resolver_new;
    decltype(avahi_service_resolver_free)* resolver_free;
    decltype(avahi_string_list_find)* texts_find;
    decltype(avahi_string_list_get_pair)* texts_pair;
    decltype(avahi_address_snprint)* print_address;
    decltype(avahi_strerror)* message_of;
    decltype(avahi_free)* free;
};

bool load(Avahi& avahi, void* library) {
    return find(library, "avahi_simple_poll_new", avahi.poll_new) &&
           find(library, "avahi_simple_poll_get", avahi.poll_get) &&
           find(library, "avahi_simple_poll_iterate", avahi.poll_iterate) &&
           find(library, "avahi_simple_poll_free", avahi.poll_free) &&
           find(library, "avahi_client_new", avahi.client_new) &&
           find(library, "avahi_client_errno", avahi.client_errno) &&
           find(library, "avahi_client_free", avahi.client_free) &&
           find(library, "avahi_service_browser_new", avahi.browser_new) &&
           find(library, "avahi_service_browser_free", avahi.browser_free) &&
           find(library, "avahi_service_resolver_new", avahi.resolver_new) &&
           find(library, "avahi_service_resolver_free", avahi.resolver_free) &&
           find(library, "avahi_string_list_find", avahi.texts_find) &&
           find(library, "avahi_string_list_get_pair", avahi.texts_pair) &&
           find(library, "avahi_address_snprint", avahi.print_address) &&
           find(library, "avahi_strerror", avahi.message_of) &&
           find(library, "avahi_free", avahi.free);
}

struct Search {
    const Avahi& avahi;
    AvahiClient* client = nullptr;
    MdnsAnswer* answer = nullptr;
    bool found = false;  ///< nothing better can come
};

std::string text_of(const Avahi& avahi, AvahiStringList* texts, const char* key) {
    auto* entry = avahi.texts_find(texts, key);
    char* value = nullptr;
    if (!entry || avahi.texts_pair(entry, nullptr, &value, nullptr) != 0 || !value)
        return {};
    std::string text(value);
    avahi.free(value);
    return text;
}

// Signatures are Avahi's.
void resolved(AvahiServiceResolver* resolver, AvahiIfIndex, AvahiProtocol, AvahiResolverEvent event,
              const char*, const char*, const char*, const char*, const AvahiAddress* address,
              uint16_t port, AvahiStringList* texts, AvahiLookupResultFlags, void* user) {
    auto& search = *static_cast<Search*>(user);
    auto& answer = *search.answer;
    // Coordinators serve IPv4; an IPv6 address is for when there is no other.
    if (event == AVAHI_RESOLVER_FOUND && (address->proto == AVAHI_PROTO_INET || !answer.service)) {
        char text[AVAHI_ADDRESS_STR_MAX];
        search.avahi.print_address(text, sizeof text, address);
        answer.service = MdnsService{text, port, text_of(search.avahi, texts, "radio_type")};
        search.found = address->proto == AVAHI_PROTO_INET;
    }
    search.avahi.resolver_free(resolver);
}

void browsed(AvahiServiceBrowser*, AvahiIfIndex interface, AvahiProtocol protocol,
             AvahiBrowserEvent event, const char* name, const char* type, const char* domain,
             AvahiLookupResultFlags, void* user) {
    const auto& search = *static_cast<Search*>(user);
    if (event != AVAHI_BROWSER_NEW || search.found)
        return;
    for (const auto address : {AVAHI_PROTO_INET, AVAHI_PROTO_INET6})
        search.avahi.resolver_new(search.client, interface, protocol, name, type, domain, address,
                                  AvahiLookupFlags{}, &resolved, user);
}

void client_changed(AvahiClient*, AvahiClientState, void*) {
}

MdnsAnswer failed(std::string problem) {
    MdnsAnswer answer;
    answer.error = Errc::unsupported;
    answer.problem = std::move(problem);
    return answer;
}

using Poll = std::unique_ptr<AvahiSimplePoll, decltype(avahi_simple_poll_free)*>;
using Client = std::unique_ptr<AvahiClient, decltype(avahi_client_free)*>;
using Browser = std::unique_ptr<AvahiServiceBrowser, decltype(avahi_service_browser_free)*>;

MdnsAnswer browse(const Avahi& avahi, const std::string& type, std::chrono::milliseconds limit,
                  const std::stop_token& stop) {
    const Poll poll(avahi.poll_new(), avahi.poll_free);
    if (!poll)
        return failed("out of memory");
    int error = 0;
    const Client client(avahi.client_new(avahi.poll_get(poll.get()), AvahiClientFlags{},
                                         &client_changed, nullptr, &error),
                        avahi.client_free);
    if (!client)
        return failed(fmt::format(
            "the Avahi daemon cannot be asked ({}); install and start avahi-daemon, or set "
            "serial.port to tcp://<host>:<port>",
            avahi.message_of(error)));
    MdnsAnswer answer;
    Search search{avahi, client.get(), &answer};
    const Browser browser(
        avahi.browser_new(client.get(), AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, type.c_str(), nullptr,
                          AvahiLookupFlags{}, &browsed, &search),
        avahi.browser_free);
    if (!browser)
        return failed(avahi.message_of(avahi.client_errno(client.get())));
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!search.found && !stop.stop_requested() && std::chrono::steady_clock::now() < end) {
        constexpr int slice_ms = 50;
        if (avahi.poll_iterate(poll.get(), slice_ms) != 0)
            break;
    }
    if (!answer.service)
        answer.problem = fmt::format("nobody offered it within {} ms", limit.count());
    return answer;
}

}  // namespace

MdnsAnswer browse_mdns(const std::string& type, std::chrono::milliseconds limit,
                       std::stop_token stop) {
    const Library library(dlopen("libavahi-client.so.3", RTLD_NOW | RTLD_LOCAL));
    Avahi avahi{};
    if (!library || !load(avahi, library.get()))
        return failed(
            "the library libavahi-client3 is not installed; install it with avahi-daemon, or set "
            "serial.port to tcp://<host>:<port>");
    return browse(avahi, type, limit, stop);
}

}  // namespace waggle
