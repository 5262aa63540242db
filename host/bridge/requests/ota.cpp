#include <charconv>
#include <filesystem>

#include <boost/asio/this_coro.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "bridge/requests/requests.hpp"
#include "ota/updater.hpp"
#include "store/atomic_file.hpp"

/// device/ota_update/…: firmware of devices [ota.md 5]. An image comes from the indexes, from `url`, or
/// is brought along as hexadecimal text and kept in the data folder's `ota`.

namespace json = boost::json;
namespace fs = std::filesystem;

namespace waggle::bridge {
namespace {

using namespace std::chrono_literals;

constexpr auto write_limit = 30s;

struct Target {
    engine::EntityId entity;
    std::string name;
    Ieee ieee() const { return entity.ieee(); }
};

/// The device that a request is about.
Field<Target> target_of(Context& context, const Request& request) {
    const auto id = request.id();
    if (!id)
        return id.error();
    const auto entity = device_named(context, *id);
    if (!entity)
        return entity.error();
    return Target{*entity, context.engine.entities().name(*entity)};
}

/// The same; nothing may be under way for it.
Field<Target> idle_target_of(Context& context, const Request& request) {
    auto target = target_of(context, request);
    if (target && context.updater.is_busy(target->ieee()))
        return context.updater.still_busy(target->ieee());
    return target;
}

fs::path image_folder(const Context& context) {
    return context.configuration.data_directory() / "ota";
}

// Images that come along

std::optional<std::string> octets_of(std::string_view digits) {
    if (digits.empty() || digits.size() % 2 != 0)
        return std::nullopt;
    std::string octets;
    octets.reserve(digits.size() / 2);
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        std::uint8_t octet = 0;
        const auto* begin = digits.data() + i;
        const auto [end, error] = std::from_chars(begin, begin + 2, octet, 16);
        if (error != std::errc() || end != begin + 2)
            return std::nullopt;
        octets.push_back(static_cast<char>(octet));
    }
    return octets;
}

/// A file of the folder itself, and none of those that the host keeps there.
bool is_image_name(std::string_view name) {
    constexpr std::size_t longest = 200;
    return name.size() <= longest && name.front() != '.' && !name.ends_with(".json") &&
           name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

Field<fs::path> image_path(Context& context, const json::object& hex, Ieee ieee) {
    const auto* name = hex.if_contains("file_name");
    if (!name || name->is_null() || *name == "")
        return image_folder(context) / fmt::format("{}_{}", ieee.to_string(), wall_clock_ms());
    if (!name->is_string() || !is_image_name(std::string_view(name->get_string())))
        return invalid_payload(
            "'hex.file_name' must be the name of a file, without folders, that does not begin with "
            "a dot or end in .json");
    return image_folder(context) / std::string(name->get_string());
}

/// -> where the image is now
Awaitable<Field<std::string>> keep_image(Context& context, const json::value& hex, Ieee ieee) {
    const auto* members = hex.if_object();
    const auto* data = members ? members->if_contains("data") : nullptr;
    if (!data || !data->is_string())
        co_return invalid_payload("'hex.data' must be the image as hexadecimal text");
    const auto path = image_path(context, *members, ieee);
    if (!path)
        co_return path.error();
    auto octets = octets_of(std::string_view(data->get_string()));
    if (!octets)
        co_return invalid_payload("'hex.data' is not hexadecimal");

    std::function<store::Outcome<>(std::stop_token)> write =
        [to = *path, octets = std::move(*octets)](const std::stop_token&) -> store::Outcome<> {
        std::error_code error;
        fs::create_directories(to.parent_path(), error);
        return store::write_file(to, octets);
    };
    const auto loop = co_await boost::asio::this_coro::executor;
    const auto written =
        co_await context.background.run<store::Outcome<>>(loop, std::move(write), write_limit);
    if (!written)
        co_return failure("The image was not stored: {}", written.error().message());
    if (!*written)
        co_return failure("The image was not stored: {}", written->error().message);
    co_return path->string();
}

// What is wanted

Failure not_supported(const Target& target) {
    return failure("Device '{}' does not support OTA updates", target.name);
}

/// Where the image shall come from; without a word about that the device must be known to take
/// updates.
Awaitable<Field<ota::Wish>> wish_of(Context& context, const Request& request, const Target& target,
                                    ota::Direction direction, bool takes_images) {
    ota::Wish wish;
    wish.direction = direction;
    if (takes_images && request.flag("hex")) {
        const auto path = co_await keep_image(context, *request.find("hex"), target.ieee());
        if (!path)
            co_return path.error();
        wish.url = *path;
    } else if (request.flag("url")) {
        auto url = request.string("url");
        if (!url)
            co_return url.error();
        wish.url = std::move(*url);
    } else if (!context.updater.supports(target.ieee())) {
        co_return not_supported(target);
    }
    co_return wish;
}

/// A number that is there and not 0.
Field<std::optional<std::int64_t>> number_in(const Request& request, std::string_view key,
                                             std::int64_t most) {
    if (!request.flag(key))
        return std::optional<std::int64_t>();
    const auto number = request.integer(key, 1, most);
    if (!number)
        return number.error();
    return std::optional<std::int64_t>(*number);
}

Field<ota::Pace> pace_of(const Request& request) {
    constexpr std::int64_t largest_block = 100;
    const auto timeout = number_in(request, "image_block_request_timeout", INT32_MAX);
    const auto delay = number_in(request, "image_block_response_delay", INT32_MAX);
    const auto size = number_in(request, "default_maximum_data_size", largest_block);
    for (const auto* number : {&timeout, &delay, &size})
        if (!*number)
            return number->error();
    ota::Pace pace;
    if (*timeout)
        pace.block_timeout = std::chrono::milliseconds(**timeout);
    if (*delay)
        pace.block_delay = std::chrono::milliseconds(**delay);
    if (*size)
        pace.maximum_data_size = static_cast<std::uint8_t>(**size);
    return pace;
}

// What is answered

json::object firmware_json(std::uint32_t version, const ota::Updater::Firmware& firmware) {
    json::object out;
    out["file_version"] = version;
    if (firmware.software_build_id)
        out["software_build_id"] = *firmware.software_build_id;
    if (firmware.date_code)
        out["date_code"] = *firmware.date_code;
    return out;
}

/// `considered` is Waggle's own: what became of each image of the device's type.
json::object found_json(json::object data, const ota::Found& found, ota::Direction direction) {
    data["update_available"] = found.available;
    data["downgrade"] = direction == ota::Direction::downgrade;
    if (found.best) {
        data["source"] = found.best->url;
        if (!found.best->release_notes.empty())
            data["release_notes"] = found.best->release_notes;
    }
    if (!found.considered.empty())
        data["considered"] = json::array(found.considered.begin(), found.considered.end());
    return data;
}

Awaitable<Reply> check(Context& context, const Request& request, ota::Direction direction) {
    const auto target = idle_target_of(context, request);
    if (!target)
        co_return target.error();
    auto wish = co_await wish_of(context, request, *target, direction, false);
    if (!wish)
        co_return wish.error();
    const auto found = co_await context.updater.check(target->ieee(), std::move(*wish));
    if (!found)
        co_return found.error();
    co_return json::value(found_json(id_data(request), *found, direction));
}

Awaitable<Reply> update(Context& context, const Request& request, ota::Direction direction) {
    const auto target = idle_target_of(context, request);
    if (!target)
        co_return target.error();
    const auto pace = pace_of(request);
    if (!pace)
        co_return pace.error();
    auto wish = co_await wish_of(context, request, *target, direction, true);
    if (!wish)
        co_return wish.error();
    const auto done = co_await context.updater.update(target->ieee(), std::move(*wish), *pace);
    if (!done)
        co_return done.error();
    auto data = id_data(request);
    data["from"] = firmware_json(done->from, done->before);
    data["to"] = firmware_json(done->to, done->after);
    co_return json::value(std::move(data));
}

Awaitable<Reply> schedule(Context& context, const Request& request, ota::Direction direction) {
    const auto target = idle_target_of(context, request);
    if (!target)
        co_return target.error();
    auto wish = co_await wish_of(context, request, *target, direction, true);
    if (!wish)
        co_return wish.error();
    auto data = id_data(request);
    if (!wish->url.empty())
        data["url"] = wish->url;
    if (const auto done = context.updater.schedule(target->ieee(), std::move(*wish)); !done)
        co_return done.error();
    co_return json::value(std::move(data));
}

}  // namespace

/// {"id", "url"?: an index} or the id -> {"id", "update_available", "downgrade", "source"?,
/// "release_notes"?, "considered"?}
Awaitable<Reply> ota_check(Context& context, const Request& request) {
    co_return co_await check(context, request, ota::Direction::upgrade);
}

Awaitable<Reply> ota_check_downgrade(Context& context, const Request& request) {
    co_return co_await check(context, request, ota::Direction::downgrade);
}

/// {"id", "url"?: an index or an image, "hex"?: {"data", "file_name"?},
///  "image_block_request_timeout"?, "image_block_response_delay"?, "default_maximum_data_size"?}
/// or the id -> {"id", "from": {"file_version", "software_build_id"?, "date_code"?}, "to"} when the
/// device runs the image
Awaitable<Reply> ota_update(Context& context, const Request& request) {
    co_return co_await update(context, request, ota::Direction::upgrade);
}

Awaitable<Reply> ota_update_downgrade(Context& context, const Request& request) {
    co_return co_await update(context, request, ota::Direction::downgrade);
}

/// {"id"} or the id -> {"id"}; the request that is aborted is answered with an error
Awaitable<Reply> ota_update_abort(Context& context, const Request& request) {
    const auto target = target_of(context, request);
    if (!target)
        co_return target.error();
    if (!context.updater.abort(target->ieee()))
        co_return failure("No OTA in progress to abort for device '{}'", target->name);
    co_return json::value(id_data(request));
}

/// As update, without its numbers -> {"id", "url"?} at once
Awaitable<Reply> ota_schedule(Context& context, const Request& request) {
    co_return co_await schedule(context, request, ota::Direction::upgrade);
}

Awaitable<Reply> ota_schedule_downgrade(Context& context, const Request& request) {
    co_return co_await schedule(context, request, ota::Direction::downgrade);
}

/// {"id"} or the id -> {"id"}; an image that was brought along for it goes as well
Awaitable<Reply> ota_unschedule(Context& context, const Request& request) {
    const auto target = idle_target_of(context, request);
    if (!target)
        co_return target.error();
    const auto before = context.updater.unschedule(target->ieee());
    if (before && fs::path(before->url).parent_path() == image_folder(context)) {
        std::error_code ignored;
        fs::remove(before->url, ignored);
    }
    co_return json::value(id_data(request));
}

}  // namespace waggle::bridge
