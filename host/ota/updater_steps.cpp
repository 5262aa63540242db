#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "network/identity.hpp"
#include "ota/schedule.hpp"
#include "ota/updater.hpp"

/// The steps of which updates and checks are made.
namespace waggle::ota {
namespace {

using namespace std::chrono_literals;
using store::fail;

constexpr std::string_view ns = "ota";
constexpr ClusterId basic_cluster = 0x0000;
constexpr auto pause_before_interview = 5s;

std::string_view to_string(Direction direction) {
    return direction == Direction::downgrade ? "downgrade" : "upgrade";
}

Failure gone() {
    return fail("The device is not on the network any more");
}

/// What an index leaves out, the image may know. It is the device that decides.
bool is_for_hardware(const ImageHeader& image, std::optional<std::uint16_t> version) {
    return !image.hardware || !version ||
           (*version >= image.hardware->least && *version <= image.hardware->most);
}

std::optional<std::string> text_in(const ZclReply& reply, std::uint16_t attribute) {
    const auto* records = reply.frame.records();
    if (!records)
        return std::nullopt;
    for (const auto& record : *records)
        if (record.id == attribute && record.status == zcl::Status::success)
            if (const auto* text = record.value.text())
                return std::string(*text);
    return std::nullopt;
}

}  // namespace

Failure Updater::aborted(Ieee ieee) {
    return fail(fmt::format("OTA for device {} was aborted", ieee.to_string()));
}

Awaitable<void> Updater::answer_no_image(Ieee ieee, Query query) {
    const auto answered = co_await parts_.server.answer_no_image(ieee, query);
    if (!answered)
        log::debug(ns, "'{}' was not told that there is no image: {}", name_of(ieee),
                   answered.error().message());
}

Awaitable<Outcome<Found>> Updater::find(OperationPtr operation, Ieee ieee, Wish wish, Query query) {
    auto facts = facts_of(ieee, query);
    if (!facts)
        co_return gone();
    IndexLocations locations;
    locations.override_location =
        parts_.configuration.settings().ota.zigbee_ota_override_index_location;
    const auto direction = wish.direction;
    log::debug(ns, "Looking for an image to {} '{}', which runs version {}", to_string(direction),
               name_of(ieee), query.file_version);
    auto found = co_await parts_.images.find(std::move(*facts), std::move(wish),
                                             std::move(locations), operation->abort.get_token());
    if (operation->abort.stop_requested())
        co_return aborted(ieee);
    if (found)
        for (const auto& sentence : found->considered)
            log::debug(ns, "'{}': {}", name_of(ieee), sentence);
    co_return found;
}

Awaitable<Outcome<UpdateQueue::TurnPtr>> Updater::take_turn(OperationPtr operation, Ieee ieee) {
    if (!queue_.is_free()) {
        log::info(ns, "The update of '{}' waits: another one is under way, {} wait before it",
                  name_of(ieee), queue_.waiting());
        if (queue_.waiting() < UpdateQueue::most_waiting)
            states_.publish_waiting(ieee);
    }
    co_return co_await queue_.take(operation->abort.get_token());
}

Awaitable<Outcome<std::optional<StoredImage>>> Updater::image_for(OperationPtr operation, Ieee ieee,
                                                                  Wish wish, Query query) {
    const auto direction = wish.direction;
    auto found = co_await find(operation, ieee, std::move(wish), query);
    if (!found)
        co_return found.error();
    if (!found->available || !found->best) {
        log::info(ns, "No OTA {} image currently available for '{}'", to_string(direction),
                  name_of(ieee));
        co_return std::optional<StoredImage>();
    }
    auto stored =
        co_await parts_.images.obtain(std::move(*found->best), operation->abort.get_token());
    if (operation->abort.stop_requested())
        co_return aborted(ieee);
    if (!stored)
        co_return stored.error();
    if (!is_for_hardware(stored->header, query.hardware_version))
        log::warning(ns,
                     "'{}' may refuse the image: it is for hardware {} to {}, the device has {}",
                     name_of(ieee), stored->header.hardware->least, stored->header.hardware->most,
                     *query.hardware_version);
    co_return std::optional<StoredImage>(std::move(*stored));
}

Awaitable<Outcome<Updater::Ran>> Updater::run(OperationPtr operation, Ieee ieee, Wish wish,
                                              Pace pace, std::optional<Query> query) {
    if (!query) {
        const auto asked = co_await parts_.server.ask(ieee);
        if (!asked)
            co_return operation->abort.stop_requested() ? aborted(ieee) : asked.error();
        query = *asked;
    }
    Ran ran;
    ran.query = *query;
    auto image = co_await image_for(operation, ieee, std::move(wish), ran.query);
    if (!image || !*image)
        co_await answer_no_image(ieee, ran.query);
    if (!image)
        co_return image.error();
    if (!*image)
        co_return ran;
    auto progress = progress_of(ieee);
    const auto end = co_await parts_.server.serve(ieee, ran.query, std::move(**image),
                                                  serve_options(ieee, pace), std::move(progress));
    if (!end)
        co_return end.error();
    ran.to = end->file_version;
    co_return ran;
}

Awaitable<Updater::Firmware> Updater::read_firmware(Ieee ieee, SendPolicy policy) {
    Firmware firmware;
    const auto* device = parts_.network.find(ieee);
    const auto* endpoint = device ? device->endpoint_with_input(basic_cluster) : nullptr;
    if (!endpoint)
        co_return firmware;
    constexpr std::array attributes = {network::basic::date_code,
                                       network::basic::software_build_id};
    ZclRequest request(ieee, endpoint->id, zcl::read_attributes(basic_cluster, attributes));
    request.policy = policy;
    const auto reply = co_await parts_.network.request(std::move(request));
    if (reply) {
        firmware.date_code = text_in(*reply, network::basic::date_code);
        firmware.software_build_id = text_in(*reply, network::basic::software_build_id);
    }
    co_return firmware;
}

/// The device runs another program: what was known of it is asked anew, and what was set up before is
/// set up again.
void Updater::finished(Ieee ieee, std::uint32_t from, std::uint32_t to) {
    const auto name = name_of(ieee);
    log::info(ns, "Finished update of '{}'", name);
    states_.forget_progress(ieee);
    states_.publish_installed(ieee, to);
    log::info(ns, "Device '{}' was OTA updated from '{}' to '{}'", name, from, to);
    auto* device = parts_.network.find(ieee);
    if (!device)
        return;
    given_[ieee] = to;
    set_scheduled(*device, std::nullopt);
    parts_.network.set_meta(*device, "configured", {});
    parts_.network.changed(*device);
    tasks_.spawn("interview after update", [this, ieee] { return interview_soon(ieee); });
}

void Updater::failed(Ieee ieee, std::string_view state) {
    states_.forget_progress(ieee);
    states_.publish(ieee, state);
}

Awaitable<void> Updater::interview_soon(Ieee ieee) {
    const auto slept = co_await sleep_for(pause_before_interview);
    if (!slept || !parts_.network.find(ieee))
        co_return;
    const auto name = name_of(ieee);
    log::info(ns, "Interviewing '{}'", name);
    const auto done = co_await parts_.network.interview(ieee, true);
    if (done)
        log::info(ns, "Successfully interviewed '{}'", name);
    else
        log::error(ns, "Interview of '{}' ({}) failed: {}. Re-try manually after some time.", name,
                   ieee.to_string(), done.error().message());
}

}  // namespace waggle::ota
