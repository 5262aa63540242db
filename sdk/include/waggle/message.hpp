#pragma once

#include <waggle/device.hpp>

/// What a from-device converter gets: the message, and where its result goes.
#pragma GCC visibility push(hidden)
namespace waggle {

class Message {
  public:
    explicit Message(const wg_message& message) noexcept : message_(&message) {}

    Device device() const noexcept { return Device(message_->device); }
    wg_message_kind kind() const noexcept { return message_->kind; }
    std::uint16_t cluster() const noexcept { return message_->cluster; }
    std::uint8_t endpoint() const noexcept { return message_->endpoint; }
    std::uint16_t group() const noexcept { return message_->group; }
    std::uint16_t manufacturer() const noexcept { return message_->manufacturer; }
    std::uint8_t link_quality() const noexcept { return message_->link_quality; }
    std::uint8_t command() const noexcept { return message_->command; }
    std::uint8_t sequence() const noexcept { return message_->sequence; }
    /// The endpoint's name where this device's properties carry it, else "".
    std::string_view suffix() const noexcept {
        return WG_HAS(message_, wg_message, suffix) ? view(message_->suffix) : std::string_view();
    }
    /// The property as it is published for this endpoint.
    std::string suffixed(std::string_view property) const {
        std::string result(property);
        if (!suffix().empty())
            result.append("_").append(suffix());
        return result;
    }
    std::span<const std::uint8_t> payload() const noexcept {
        return {message_->payload.data, message_->payload.length};
    }

    /// The attribute; the last one where it comes twice, null where it does not come.
    ValueView operator[](std::uint16_t attribute) const noexcept {
        for (auto i = message_->attributes.count; i-- > 0;) {
            const auto* item = static_cast<const wg_attribute*>(wg_item(&message_->attributes, i));
            if (item->id == attribute)
                return item->value;
        }
        return {};
    }
    template <class T>
    std::optional<T> get(std::uint16_t attribute) const {
        return (*this)[attribute].template as<T>();
    }
    ValueView parameter(std::string_view name) const noexcept {
        for (std::uint32_t i = 0; i < message_->parameters.count; ++i) {
            const auto* item = static_cast<const wg_parameter*>(wg_item(&message_->parameters, i));
            if (view(item->name) == name)
                return item->value;
        }
        return {};
    }
    const wg_message& raw() const noexcept { return *message_; }

  private:
    const wg_message* message_;
};

class Publisher {
  public:
    Publisher(wg_sink* sink, wg_entity device) noexcept : sink_(sink), device_(device) {}

    /// Part of the message's result, published once when all converters have run.
    void set(std::string_view property, const Value& value) {
        const Encoded encoded(value);
        emit(property, encoded.get(), 0);
    }
    void set(std::string_view property, std::string_view text) {
        emit(property, wg_string(to_wg(text)), 0);
    }
    void set(std::string_view property, const char* text) { set(property, std::string_view(text)); }
    void set(std::string_view property, const std::string& text) {
        set(property, std::string_view(text));
    }

    /// The same, with the sending endpoint's name as suffix on multi-endpoint devices.
    void set_of_endpoint(std::string_view property, const Value& value) {
        const Encoded encoded(value);
        emit(property, encoded.get(), WG_EMIT_ENDPOINT);
    }

    void action(std::string_view name) { set("action", name); }
    /// The action with the sending endpoint's name as suffix on multi-endpoint devices.
    void action_of_endpoint(std::string_view name) {
        emit("action", wg_string(to_wg(name)), WG_EMIT_ENDPOINT_VALUE);
    }

    /// Published now, before the message's result.
    void now(std::initializer_list<Property> properties) {
        Device(device_).publish({properties.begin(), properties.size()});
    }
    void now(std::span<const Property> properties) { Device(device_).publish(properties); }

  private:
    void emit(std::string_view property, const wg_value& value, std::uint32_t flags) {
        detail::host->emit(detail::host, sink_, to_wg(property), &value, flags);
    }
    wg_sink* sink_;
    wg_entity device_;
};

/// One key of a command from the user. Keep an Answer to end it later; a call that nobody ends is
/// ended by the host after an hour.
class Answer {
  public:
    explicit Answer(wg_call call) noexcept : call_(call) {}
    void done(std::span<const Property> state = {}) const {
        if (!state.empty()) {
            Encoded memory;
            const auto members = memory.members(state);
            detail::host->answer_state(detail::host, call_, 0, members.data(),
                                       static_cast<std::uint32_t>(members.size()));
        }
        detail::host->answer(detail::host, call_, WG_OK, {});
    }
    void fail(std::string_view text, wg_status status = WG_REFUSED) const {
        detail::host->answer(detail::host, call_, status, to_wg(text));
    }

  private:
    wg_call call_;
};

namespace detail {

using Requests = std::vector<Request>;

/// Sends the requests from `next` on one after the other; the first that fails ends the call.
inline void send_rest(Device device, std::shared_ptr<const Requests> requests, std::size_t next,
                      Answer answer, std::vector<Property> state) {
    if (next == requests->size())
        return answer.done(state);
    const auto status =
        device.send((*requests)[next], [device, requests, next, answer, state](const Reply& reply) {
            if (reply.ok())
                send_rest(device, requests, next + 1, answer, state);
            else
                answer.fail(reply.message(), reply.status());
        });
    if (status != WG_OK)
        answer.fail(send_failure(status), status);
}

/// Sends the requests from `next` on one after the other. What the device refuses is passed over,
/// unless it refuses all; a device that cannot be reached ends the call.
inline void ask_rest(Device device, std::shared_ptr<const Requests> requests, std::size_t next,
                     Answer answer, bool any_granted) {
    const auto status = device.send((*requests)[next], [=](const Reply& reply) {
        const bool is_last = next + 1 == requests->size();
        if (!reply.ok() && (reply.status() != WG_REFUSED || (is_last && !any_granted)))
            return answer.fail(reply.message(), reply.status());
        if (is_last)
            return answer.done();
        ask_rest(device, requests, next + 1, answer, any_granted || reply.ok());
    });
    if (status != WG_OK)
        answer.fail(send_failure(status), status);
}

}  // namespace detail

/// A device and one of its endpoints.
struct Place {
    Device device;
    std::uint8_t endpoint;
};

class Set {
  public:
    explicit Set(const wg_set& set) noexcept : set_(&set) {}

    std::string_view key() const noexcept { return view(set_->key); }
    ValueView value() const noexcept { return set_->value; }
    ValueView message() const noexcept { return set_->message; }  ///< all keys that came along
    Device device() const noexcept { return Device(set_->entity); }
    std::uint8_t endpoint() const noexcept { return set_->endpoint; }
    std::string_view endpoint_name() const noexcept { return view(set_->endpoint_name); }
    /// Where a request for this cluster goes: the endpoint that was addressed by name, else the first
    /// that has the cluster.
    std::uint8_t endpoint_with(std::uint16_t cluster) const {
        if (is_group() || !endpoint_name().empty())
            return endpoint();
        return device().endpoint_with(cluster).value_or(endpoint());
    }
    bool is_group() const noexcept { return set_->is_group != 0; }
    Answer answer() const noexcept { return Answer(set_->call); }

    /// The cached value of a property, with the suffix of the endpoint that was addressed.
    ValueView state(std::string_view property) const {
        if (endpoint_name().empty())
            return device().state(property);
        std::string suffixed(property);
        suffixed += '_';
        suffixed += endpoint_name();
        return device().state(suffixed);
    }

    /// The usual: one request; when it succeeds the state is as given, otherwise the call fails with
    /// what the device or the radio said.
    void send(const Request& request, std::vector<Property> state = {}) const {
        const auto answer = this->answer();
        const auto status = device().send(request, [answer, state](const Reply& reply) {
            if (reply.ok())
                answer.done(state);
            else
                answer.fail(reply.message(), reply.status());
        });
        if (status != WG_OK)
            throw Refused(send_failure(status));
    }
    /// The same with several, one after the other.
    void send_all(std::vector<Request> requests, std::vector<Property> state = {}) const {
        detail::send_rest(device(),
                          std::make_shared<const std::vector<Request>>(std::move(requests)), 0,
                          answer(), std::move(state));
    }
    /// Reads of which the device may refuse some: it need not have everything.
    void ask_all(std::vector<Request> requests) const {
        if (requests.empty())
            return done();
        detail::ask_rest(device(),
                         std::make_shared<const std::vector<Request>>(std::move(requests)), 0,
                         answer(), false);
    }
    void done(std::span<const Property> state = {}) const { answer().done(state); }

    /// Where to ask what the entity is like now: the addressed endpoint, or a group's first member.
    std::optional<Place> source() const {
        if (!is_group())
            return Place{device(), endpoint()};
        const auto members = device().endpoints();
        if (members.empty())
            return std::nullopt;
        return Place{Device(members.front().device()), members.front().id()};
    }

    /// Whether the definition has this trait; of a group: whether all its members' have, because one
    /// frame is for all of them.
    bool trait(std::string_view name) const {
        if (!is_group())
            return device().has_trait(name);
        const auto members = device().endpoints();
        for (const auto& member : members)
            if (!Device(member.device()).has_trait(name))
                return false;
        return !members.empty();
    }
    /// Whether it is so for the device, or for any member of the group.
    bool any_trait(std::string_view name) const {
        if (!is_group())
            return device().has_trait(name);
        for (const auto& member : device().endpoints())
            if (Device(member.device()).has_trait(name))
                return true;
        return false;
    }

  private:
    const wg_set* set_;
};

}  // namespace waggle
#pragma GCC visibility pop
