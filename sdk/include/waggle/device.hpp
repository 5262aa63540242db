#pragma once

#include <functional>
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

enum class LogLevel : std::uint32_t {
    error = WG_LOG_ERROR,
    warning = WG_LOG_WARNING,
    info = WG_LOG_INFO,
    debug = WG_LOG_DEBUG
};
inline void log(LogLevel level, std::string_view text) {
    detail::host->log(detail::host, static_cast<wg_log_level>(level), to_wg(text));
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
    std::vector<Attribute> attributes = {};
    std::vector<Property> parameters = {};
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

    wg_request raw{};
    raw.size = sizeof raw;
    raw.kind = request.kind;
    raw.entity = entity;
    raw.cluster = request.cluster;
    raw.manufacturer = request.manufacturer;
    raw.group = request.group;
    raw.endpoint = request.endpoint;
    raw.command = request.command;
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

    Store store() const noexcept { return {entity_, WG_STORE_VOLATILE}; }
    Store persistent_store() const noexcept { return {entity_, WG_STORE_PERSISTENT}; }

    wg_entity_info info() const {
        wg_entity_info info{};
        info.size = sizeof info;
        detail::host->entity_info(detail::host, entity_, &info);
        return info;
    }
    std::string name() const { return std::string(view(info().friendly_name)); }

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

}  // namespace waggle
#pragma GCC visibility pop
