#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <stdexcept>

#include <waggle/value.hpp>
#include <waggle/zcl.hpp>

/// A device as its converters use it: options, state, stores, requests.
#pragma GCC visibility push(hidden)
namespace waggle {

namespace detail {
/// The host's table; set once by init. Each plugin has its own: everything here is hidden.
inline const wg_host* host = nullptr;
}  // namespace detail

/// Thrown to say to the user what was wrong with what they sent. Anything else that is thrown counts
/// as the plugin's own failure.
class Refused : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Why a request was not taken, for users; `status` is what send() returned.
inline std::string send_failure(wg_status status) {
    switch (status) {
        case WG_INVALID: return "the request cannot be sent: a value is outside its range";
        case WG_NOT_FOUND: return "the request cannot be sent: the device or its endpoint is gone";
        case WG_BUSY: return "the request cannot be sent: too many are under way";
        case WG_CANCELLED: return "the request cannot be sent: the plugin is being replaced";
        default: return "the request cannot be sent";
    }
}

enum class LogLevel : std::uint32_t {
    error = WG_LOG_ERROR,
    warning = WG_LOG_WARNING,
    info = WG_LOG_INFO,
    debug = WG_LOG_DEBUG
};
inline void log(LogLevel level, std::string_view text) {
    detail::host->log(detail::host, static_cast<wg_log_level>(level), to_wg(text));
}

/// Milliseconds of a clock that only goes forward.
inline std::uint64_t now_ms() {
    return detail::host->now_ms(detail::host);
}

/// What became of a request; lives until the callback returns.
class Reply {
  public:
    explicit Reply(const wg_reply& reply) noexcept : reply_(&reply) {}
    bool ok() const noexcept { return reply_->status == WG_OK; }
    wg_status status() const noexcept { return reply_->status; }
    std::uint8_t zcl_status() const noexcept { return reply_->zcl_status; }
    std::string_view message() const noexcept { return view(reply_->message); }
    /// An attribute that was read with success.
    ValueView operator[](std::uint16_t id) const noexcept {
        for (std::uint32_t i = 0; i < reply_->attributes.count; ++i) {
            const auto* item = static_cast<const wg_attribute*>(wg_item(&reply_->attributes, i));
            if (item->id == id && item->status == 0)
                return item->value;
        }
        return {};
    }
    ValueView parameter(std::string_view name) const noexcept {
        for (std::uint32_t i = 0; i < reply_->parameters.count; ++i) {
            const auto* item = static_cast<const wg_parameter*>(wg_item(&reply_->parameters, i));
            if (view(item->name) == name)
                return item->value;
        }
        return {};
    }

  private:
    const wg_reply* reply_;
};
using ReplyHandler = std::function<void(const Reply&)>;

/// An attribute to write.
struct Attribute {
    std::uint16_t id = 0;
    Value value;
    Type type = Type::from_table;
};

/// How an attribute is to be reported; `change` in its own unit.
struct ReportedAttribute {
    std::uint16_t id = 0;
    std::uint16_t minimum = 0, maximum = 3600;  ///< seconds
    double change = 0;
    Type type = Type::from_table;
};

/// A request, before it is sent. Made by the functions below.
struct Request {
    wg_request_kind kind = 0;
    std::uint8_t endpoint = 0;  ///< 0: the device's default endpoint
    std::uint16_t cluster = 0;
    std::uint8_t command = 0;
    std::uint16_t manufacturer = 0;
    std::uint16_t group = 0;
    std::uint32_t flags = 0;
    std::uint32_t timeout_ms = 0;
    std::uint8_t sequence = 0;  ///< of the message that a read response answers
    std::vector<Attribute> attributes = {};
    std::vector<Property> parameters = {};
    Bytes payload = {};  ///< of a command, instead of parameters: its octets as they are sent
    std::vector<ReportedAttribute> reportings = {};
};

inline Request read(std::uint8_t endpoint, std::uint16_t cluster, std::vector<std::uint16_t> ids,
                    std::uint16_t manufacturer = 0) {
    Request request{.kind = WG_REQUEST_READ,
                    .endpoint = endpoint,
                    .cluster = cluster,
                    .manufacturer = manufacturer};
    for (const auto id : ids)
        request.attributes.push_back({id, {}, Type::from_table});
    return request;
}
inline Request write(std::uint8_t endpoint, std::uint16_t cluster,
                     std::vector<Attribute> attributes, std::uint16_t manufacturer = 0) {
    return {.kind = WG_REQUEST_WRITE,
            .endpoint = endpoint,
            .cluster = cluster,
            .manufacturer = manufacturer,
            .attributes = std::move(attributes)};
}
inline Request command(std::uint8_t endpoint, std::uint16_t cluster, std::uint8_t id,
                       std::vector<Property> parameters = {}, std::uint16_t manufacturer = 0) {
    return {.kind = WG_REQUEST_COMMAND,
            .endpoint = endpoint,
            .cluster = cluster,
            .command = id,
            .manufacturer = manufacturer,
            .parameters = std::move(parameters)};
}

/// The cluster of the endpoint to the coordinator.
inline Request bind(std::uint8_t endpoint, std::uint16_t cluster) {
    return {.kind = WG_REQUEST_BIND, .endpoint = endpoint, .cluster = cluster};
}
inline Request configure_reporting(std::uint8_t endpoint, std::uint16_t cluster,
                                   std::vector<ReportedAttribute> attributes,
                                   std::uint16_t manufacturer = 0) {
    return {.kind = WG_REQUEST_CONFIGURE_REPORTING,
            .endpoint = endpoint,
            .cluster = cluster,
            .manufacturer = manufacturer,
            .reportings = std::move(attributes)};
}

namespace detail {

/// Keeps a handler until its completion.
struct PendingRequest {
    ReplyHandler handler;

    static void complete(const wg_reply* reply, void* user) {
        const std::unique_ptr<PendingRequest> self(static_cast<PendingRequest*>(user));
        try {
            if (self->handler)
                self->handler(Reply(*reply));
        } catch (const std::exception& thrown) {
            log(LogLevel::error, std::string("A completion failed: ") + thrown.what());
        } catch (...) {
            log(LogLevel::error, "A completion threw something that is no std::exception");
        }
    }
};

inline wg_status send(wg_entity entity, const Request& request, ReplyHandler handler) {
    Encoded memory;
    std::vector<wg_attribute> attributes;
    for (const auto& attribute : request.attributes)
        attributes.push_back({attribute.id, static_cast<std::uint8_t>(attribute.type), 0, 0,
                              memory.encode(attribute.value)});
    std::vector<wg_parameter> parameters;
    for (const auto& parameter : request.parameters)
        parameters.push_back(
            {to_wg(parameter.name), WG_TYPE_FROM_TABLE, {}, memory.encode(parameter.value)});

    std::vector<wg_reporting> reportings;
    for (const auto& item : request.reportings)
        reportings.push_back({request.cluster, item.id, request.manufacturer, request.endpoint,
                              static_cast<std::uint8_t>(item.type), item.minimum, item.maximum, 0,
                              item.change});

    wg_request raw{};
    raw.size = sizeof raw;
    raw.reportings = {reportings.data(), static_cast<std::uint32_t>(reportings.size()),
                      sizeof(wg_reporting)};
    raw.kind = request.kind;
    raw.entity = entity;
    raw.cluster = request.cluster;
    raw.manufacturer = request.manufacturer;
    raw.group = request.group;
    raw.endpoint = request.endpoint;
    raw.command = request.command;
    raw.sequence = request.sequence;
    raw.payload = {request.payload.data(), request.payload.size()};
    raw.flags = request.flags;
    raw.timeout_ms = request.timeout_ms;
    raw.attributes = {attributes.data(), static_cast<std::uint32_t>(attributes.size()),
                      sizeof(wg_attribute)};
    raw.parameters = {parameters.data(), static_cast<std::uint32_t>(parameters.size()),
                      sizeof(wg_parameter)};
    auto pending = std::make_unique<PendingRequest>();
    pending->handler = std::move(handler);
    const auto status = host->request(host, &raw, PendingRequest::complete, pending.get(), nullptr);
    if (status == WG_OK)
        static_cast<void>(pending.release());  // owned by the completion
    return status;
}

}  // namespace detail

/// An endpoint of a device, or a member of a group; lives until the callback returns.
class EndpointInfo {
  public:
    explicit EndpointInfo(const wg_endpoint_info& info) noexcept : info_(info) {}
    std::uint8_t id() const noexcept { return info_.id; }
    std::uint16_t profile() const noexcept { return info_.profile; }
    std::uint16_t device_id() const noexcept { return info_.device_id; }
    std::string_view name() const noexcept { return view(info_.name); }
    wg_entity device() const noexcept { return info_.device; }
    bool has_input(std::uint16_t cluster) const noexcept { return has(info_.inputs, cluster); }
    bool has_output(std::uint16_t cluster) const noexcept { return has(info_.outputs, cluster); }
    const wg_endpoint_info& raw() const noexcept { return info_; }

  private:
    static bool has(const wg_table& clusters, std::uint16_t cluster) noexcept {
        for (std::uint32_t i = 0; i < clusters.count; ++i)
            if (*static_cast<const std::uint16_t*>(wg_item(&clusters, i)) == cluster)
                return true;
        return false;
    }
    wg_endpoint_info info_;
};

/// A small store of a device, see wg_store_kind.
class Store {
  public:
    Store(wg_entity entity, wg_store_kind kind) noexcept : entity_(entity), kind_(kind) {}

    ValueView operator[](std::string_view key) const {
        wg_value value;
        const auto status =
            detail::host->store_get(detail::host, entity_, kind_, to_wg(key), &value);
        return status == WG_OK ? ValueView(value) : ValueView();
    }
    template <class T>
    T get(std::string_view key, T otherwise) const {
        return (*this)[key].template as<T>().value_or(std::move(otherwise));
    }
    void set(std::string_view key, const Value& value) {
        const Encoded encoded(value);
        detail::host->store_set(detail::host, entity_, kind_, to_wg(key), &encoded.get());
    }
    /// Sets, and returns what was there (`T{}` when nothing was).
    template <class T>
    T exchange(std::string_view key, T value) {
        auto before = get<T>(key, T{});
        set(key, Value(std::move(value)));
        return before;
    }

  private:
    wg_entity entity_;
    wg_store_kind kind_;
};

namespace detail {

/// Timers that have not fired, by number: what the host drops (the device is gone, the plugin is
/// replaced) is freed with the plugin.
struct Timers {
    std::map<std::uintptr_t, std::function<void()>> waiting;
    std::uintptr_t last = 0;

    static Timers& all() {
        static Timers timers;
        return timers;
    }
    static void fire(void* user) {
        auto& waiting = all().waiting;
        const auto found = waiting.find(reinterpret_cast<std::uintptr_t>(user));
        if (found == waiting.end())
            return;
        const auto run = std::move(found->second);
        waiting.erase(found);
        try {
            run();
        } catch (const std::exception& thrown) {
            log(LogLevel::error, std::string("A timer failed: ") + thrown.what());
        } catch (...) {
            log(LogLevel::error, "A timer threw something that is no std::exception");
        }
    }
};

}  // namespace detail

/// A handle; copy it freely, also into completions. Once the device is gone everything is absent.
class Device {
  public:
    explicit Device(wg_entity entity) noexcept : entity_(entity) {}
    wg_entity handle() const noexcept { return entity_; }

    /// The user's setting or the definition's default.
    ValueView option(std::string_view name) const {
        wg_value value;
        const auto status = detail::host->option(detail::host, entity_, to_wg(name), &value);
        return status == WG_OK ? ValueView(value) : ValueView();
    }
    template <class T>
    T option(std::string_view name, T otherwise) const {
        return option(name).as<T>().value_or(std::move(otherwise));
    }

    ValueView state(std::string_view property) const {
        wg_value value;
        const auto status = detail::host->state(detail::host, entity_, to_wg(property), &value);
        return status == WG_OK ? ValueView(value) : ValueView();
    }

    /// A trait of its definition, see wg_host.trait; null when it has none of that name.
    ValueView trait(std::string_view name) const {
        wg_value value;
        if (!WG_HAS(detail::host, wg_host, trait))
            return {};
        const auto status = detail::host->trait(detail::host, entity_, to_wg(name), &value);
        return status == WG_OK ? ValueView(value) : ValueView();
    }

    /// Whether it has the trait: true, or {"software_newer_than": "1.2.3"} and its build is.
    bool has_trait(std::string_view name) const;

    /// Calls `run` once after so many milliseconds, unless the device is removed by then. 0: no more
    /// timers can be had.
    wg_ticket after(std::uint32_t milliseconds, std::function<void()> run) const {
        auto& timers = detail::Timers::all();
        const auto number = ++timers.last;
        wg_ticket ticket = 0;
        const auto status =
            detail::host->timer(detail::host, entity_, milliseconds, detail::Timers::fire,
                                reinterpret_cast<void*>(number), &ticket);
        if (status != WG_OK)
            return 0;
        timers.waiting.emplace(number, std::move(run));
        return ticket;
    }
    static void cancel(wg_ticket ticket) {
        if (ticket != 0)
            detail::host->cancel(detail::host, ticket);
    }

    Store store() const noexcept { return {entity_, WG_STORE_VOLATILE}; }
    Store persistent_store() const noexcept { return {entity_, WG_STORE_PERSISTENT}; }

    wg_entity_info info() const {
        wg_entity_info info{};
        info.size = sizeof info;
        detail::host->entity_info(detail::host, entity_, &info);
        return info;
    }
    std::string name() const { return std::string(view(info().friendly_name)); }

    /// In ascending order; of a group its members.
    std::vector<EndpointInfo> endpoints() const {
        std::vector<EndpointInfo> result;
        wg_endpoint_info info{};
        info.size = sizeof info;
        while (detail::host->endpoint_info(detail::host, entity_,
                                           static_cast<std::uint32_t>(result.size()),
                                           &info) == WG_OK)
            result.emplace_back(info);
        return result;
    }
    /// The first endpoint whose inputs list the cluster.
    std::optional<std::uint8_t> endpoint_with(std::uint16_t cluster) const {
        for (const auto& endpoint : endpoints())
            if (endpoint.has_input(cluster))
                return endpoint.id();
        return std::nullopt;
    }
    /// The last value of an attribute that was reported, read or written.
    ValueView attribute(std::uint8_t endpoint, std::uint16_t cluster,
                        std::uint16_t attribute) const {
        wg_value value;
        const auto status =
            detail::host->attribute(detail::host, entity_, endpoint, cluster, attribute, &value);
        return status == WG_OK ? ValueView(value) : ValueView();
    }

    /// WG_OK: `handler` is called once, later. Otherwise it is not.
    wg_status send(const Request& request, ReplyHandler handler = {}) const {
        return detail::send(entity_, request, std::move(handler));
    }

    /// Publishes at once, outside any message.
    void publish(std::span<const Property> properties) const {
        Encoded memory;
        const auto members = memory.members(properties);
        detail::host->publish(detail::host, entity_, members.data(),
                              static_cast<std::uint32_t>(members.size()));
    }

  private:
    wg_entity entity_;
};

/// "1.0.012" as three numbers; nothing for what is written otherwise.
inline std::optional<std::array<unsigned, 3>> version_of(std::string_view text) {
    std::array<unsigned, 3> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto length = std::min(text.find_first_not_of("0123456789"), text.size());
        if (length == 0 || length > 8)
            return std::nullopt;
        for (const char c : text.substr(0, length))
            numbers[i] = numbers[i] * 10 + static_cast<unsigned>(c - '0');
        text.remove_prefix(length);
        if (i < 2 && !text.starts_with('.'))
            return std::nullopt;
        text.remove_prefix(i < 2 ? 1 : 0);
    }
    if (!text.empty() && text.front() == '.')
        return std::nullopt;
    return numbers;
}

inline bool Device::has_trait(std::string_view name) const {
    const auto value = trait(name);
    if (!value.is_object())
        return value.boolean().value_or(false);
    const auto than = version_of(value["software_newer_than"].text().value_or(""));
    const auto own = version_of(view(info().software_build_id));
    return than && own && *own > *than;
}

}  // namespace waggle
#pragma GCC visibility pop
