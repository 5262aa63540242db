#include <memory>

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/simple-watch.h>
#include <fmt/format.h>

#include "coordinator/mdns_browse.hpp"

namespace waggle {
namespace {

template <auto function>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        function(object);
    }
};
using Poll = std::unique_ptr<AvahiSimplePoll, Freed<&avahi_simple_poll_free>>;
using Client = std::unique_ptr<AvahiClient, Freed<&avahi_client_free>>;
using Browser = std::unique_ptr<AvahiServiceBrowser, Freed<&avahi_service_browser_free>>;

struct Search {
    AvahiClient* client = nullptr;
    MdnsAnswer* answer = nullptr;
};

std::string text_of(AvahiStringList* texts, const char* key) {
    auto* entry = avahi_string_list_find(texts, key);
    char* value = nullptr;
    if (!entry || avahi_string_list_get_pair(entry, nullptr, &value, nullptr) != 0 || !value)
        return {};
    std::string text(value);
    avahi_free(value);
    return text;
}

// Signatures are Avahi's.
void resolved(AvahiServiceResolver* resolver, AvahiIfIndex, AvahiProtocol, AvahiResolverEvent event,
              const char*, const char*, const char*, const char*, const AvahiAddress* address,
              uint16_t port, AvahiStringList* texts, AvahiLookupResultFlags, void* user) {
    auto& answer = *static_cast<Search*>(user)->answer;
    if (event == AVAHI_RESOLVER_FOUND && !answer.service) {
        char text[AVAHI_ADDRESS_STR_MAX];
        avahi_address_snprint(text, sizeof text, address);
        answer.service = MdnsService{text, port, text_of(texts, "radio_type")};
    }
    avahi_service_resolver_free(resolver);
}

void browsed(AvahiServiceBrowser*, AvahiIfIndex interface, AvahiProtocol protocol,
             AvahiBrowserEvent event, const char* name, const char* type, const char* domain,
             AvahiLookupResultFlags, void* user) {
    const auto& search = *static_cast<Search*>(user);
    if (event == AVAHI_BROWSER_NEW && !search.answer->service)
        avahi_service_resolver_new(search.client, interface, protocol, name, type, domain,
                                   AVAHI_PROTO_UNSPEC, AvahiLookupFlags{}, &resolved, user);
}

void client_changed(AvahiClient*, AvahiClientState, void*) {
}

MdnsAnswer failed(std::string problem) {
    MdnsAnswer answer;
    answer.error = Errc::unsupported;
    answer.problem = std::move(problem);
    return answer;
}

}  // namespace

MdnsAnswer browse_mdns(const std::string& type, std::chrono::milliseconds limit,
                       std::stop_token stop) {
    const Poll poll(avahi_simple_poll_new());
    if (!poll)
        return failed("out of memory");
    int error = 0;
    const Client client(avahi_client_new(avahi_simple_poll_get(poll.get()), AvahiClientFlags{},
                                         &client_changed, nullptr, &error));
    if (!client)
        return failed(fmt::format(
            "the Avahi daemon cannot be asked ({}); install and start avahi-daemon, or set "
            "serial.port to tcp://<host>:<port>",
            avahi_strerror(error)));
    MdnsAnswer answer;
    Search search{client.get(), &answer};
    const Browser browser(avahi_service_browser_new(client.get(), AVAHI_IF_UNSPEC,
                                                    AVAHI_PROTO_UNSPEC, type.c_str(), nullptr,
                                                    AvahiLookupFlags{}, &browsed, &search));
    if (!browser)
        return failed(avahi_strerror(avahi_client_errno(client.get())));
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!answer.service && !stop.stop_requested() && std::chrono::steady_clock::now() < end) {
        constexpr int slice_ms = 50;
        if (avahi_simple_poll_iterate(poll.get(), slice_ms) != 0)
            break;
    }
    if (!answer.service)
        answer.problem = fmt::format("nobody offered it within {} ms", limit.count());
    return answer;
}

}  // namespace waggle
