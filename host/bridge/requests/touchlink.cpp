#include "network/touchlink.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/log.hpp"
#include "bridge/requests/requests.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

constexpr auto ns = "bridge";
constexpr int first_channel = 11, last_channel = 26;

Failure touchlink_failure(const boost::system::error_code& error) {
    if (error == Errc::busy)
        return failure("Touchlink operation already in progress");
    if (error == Errc::unsupported)
        return failure("Touchlink is not supported by this adapter");
    if (error == Errc::timed_out)
        return failure("The device does not answer on this channel");
    return failure("Touchlink failed: {}", error.message());
}

/// A device and the channel it was found on.
struct Target {
    Ieee ieee;
    std::uint8_t channel = 0;
    json::object data;  ///< as the caller wrote it
};

Field<Target> target_of(const Request& request) {
    if (!request.has("ieee_address") || !request.has("channel"))
        return invalid_payload();
    const auto channel = request.integer("channel", first_channel, last_channel);
    if (!channel)
        return channel.error();
    const auto text = request.string("ieee_address");
    if (!text)
        return text.error();
    const auto ieee = Ieee::parse(*text);
    if (!ieee)
        return failure("'{}' is not the address of a device", *text);
    Target target{*ieee, static_cast<std::uint8_t>(*channel), {}};
    target.data["ieee_address"] = *request.find("ieee_address");
    target.data["channel"] = *request.find("channel");
    return target;
}

Failure reset_failed() {
    return failure("Failed to factory reset device through Touchlink");
}

}  // namespace

/// -> {"found": [{"ieee_address", "channel"}]}
Awaitable<Reply> touchlink_scan(Context& context, const Request&) {
    log::info(ns, "Start Touchlink scan");
    const auto found = co_await context.network.touchlink().scan();
    if (!found)
        co_return touchlink_failure(found.error());
    json::array list;
    for (const auto& device : *found) {
        json::object entry;
        entry["ieee_address"] = device.ieee.to_string();
        entry["channel"] = device.channel;
        list.push_back(std::move(entry));
    }
    log::info(ns, "Finished Touchlink scan");
    json::object data;
    data["found"] = std::move(list);
    co_return json::value(std::move(data));
}

/// {"ieee_address", "channel"} -> the same; the device shows itself
Awaitable<Reply> touchlink_identify(Context& context, const Request& request) {
    auto target = target_of(request);
    if (!target)
        co_return target.error();
    log::info(ns, "Start Touchlink identify of '{}' on channel {}", target->ieee.to_string(),
              target->channel);
    const auto done = co_await context.network.touchlink().identify(target->ieee, target->channel);
    if (!done)
        co_return touchlink_failure(done.error());
    co_return json::value(std::move(target->data));
}

/// {"ieee_address", "channel"} -> the same, or neither -> {}: the first that answers. With one of
/// them nothing is reset: it would be another device than the one that was meant.
Awaitable<Reply> touchlink_factory_reset(Context& context, const Request& request) {
    auto& touchlink = context.network.touchlink();
    Target target;
    const bool is_first = !request.has("ieee_address") && !request.has("channel");
    Result<void> done;
    if (is_first) {
        log::info(ns, "Start Touchlink factory reset of first found device");
        done = co_await touchlink.reset_first();
    } else {
        auto given = target_of(request);
        if (!given)
            co_return given.error();
        target = std::move(*given);
        log::info(ns, "Start Touchlink factory reset of '{}' on channel {}",
                  target.ieee.to_string(), target.channel);
        done = co_await touchlink.reset(target.ieee, target.channel);
    }
    if (!done)
        co_return done.error() == Errc::not_found ? reset_failed()
                                                  : touchlink_failure(done.error());
    log::info(ns, "Successfully factory reset device through Touchlink");
    co_return json::value(std::move(target.data));
}

}  // namespace waggle::bridge
