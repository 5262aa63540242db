#include "ota_client.hpp"

#include <algorithm>

#include <boost/json/object.hpp>

#include "device.hpp"
#include "gestures.hpp"
#include "zcl.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t cluster_id = 0x0019;

/// [ZCL8 11.13.2]
namespace command {
constexpr std::uint8_t image_notify = 0x00, query_request = 0x01, query_response = 0x02,
                       block_request = 0x03, page_request = 0x04, block_response = 0x05,
                       end_request = 0x06, end_response = 0x07;
}

constexpr std::uint8_t success = 0x00, abort_status = 0x95, invalid_image = 0x96,
                       wait_for_data_status = 0x97;
constexpr std::uint8_t hardware_version_present = 0x01, ieee_present = 0x01, period_present = 0x02;
constexpr std::uint8_t identifier[] = {0x1E, 0xF1, 0xEE, 0x0B};

constexpr const char* state_names[] = {"idle",  "asked",    "downloading", "waiting",
                                       "ended", "applying", "restarting"};

}  // namespace

OtaClient::OtaClient(Device& device, const OtaDescription& description)
    : settings(description), device_(device), version_(description.file_version) {
    ask_regularly();
}

OtaClient::~OtaClient() {
    device_.air().time().cancel(timer_);
    device_.air().time().cancel(regular_);
}

void OtaClient::ask_regularly() {
    device_.air().time().cancel(regular_);
    if (settings.query_every_ms == 0)
        return;
    regular_ = device_.air().time().after(Milliseconds(settings.query_every_ms), [this] {
        if (state_ == State::idle || state_ == State::asked)
            query();
        ask_regularly();
    });
}

void OtaClient::after(std::uint32_t milliseconds, void (OtaClient::*what)()) {
    device_.air().time().cancel(timer_);
    timer_ =
        device_.air().time().after(Milliseconds(milliseconds), [this, what] { (this->*what)(); });
}

void OtaClient::clear() {
    device_.air().time().cancel(timer_);
    state_ = State::idle;
    outcome_ = "none";
    image_.clear();
    size_ = 0;
    counts_ = {};
    smallest_ = largest_ = 0;
    has_restarted_ = false;
}

void OtaClient::stop(State state, std::string outcome) {
    device_.air().time().cancel(timer_);
    state_ = state;
    outcome_ = std::move(outcome);
}

void OtaClient::send(std::uint8_t command, View payload) {
    sequence_ = device_.next_sequence();
    zcl::Frame frame;
    frame.control = zcl::control::cluster_specific;
    frame.sequence = sequence_;
    frame.command = command;
    frame.payload = payload;
    device_.send_to_coordinator(static_cast<std::uint8_t>(settings.endpoint), cluster_id,
                                zcl::build(frame));
}

void OtaClient::receive(std::uint8_t sequence, std::uint8_t command, View payload) {
    switch (command) {
        case command::image_notify: return notified(payload);
        case command::query_response: return query_answered(payload);
        case command::block_response: return block_received(sequence, payload);
        case command::end_response: return upgrade_ended(payload);
        default: return;
    }
}

void OtaClient::notified(View) {
    ++counts_.notifies;
    const bool is_free = state_ == State::idle || state_ == State::asked;
    if (settings.answers_notify != 0 && is_free)
        after(settings.query_delay_ms, &OtaClient::query);
}

void OtaClient::query() {
    ++counts_.queries;
    state_ = State::asked;
    const bool has_hardware = settings.hardware_version != OtaDescription::none;
    Writer out;
    out.u8(has_hardware ? hardware_version_present : 0).u16(settings.manufacturer);
    out.u16(settings.image_type).u32(version_);
    if (has_hardware)
        out.u16(settings.hardware_version);
    send(command::query_request, out.view());
}

void OtaClient::query_answered(View payload) {
    if (state_ != State::asked && state_ != State::idle)
        return;
    Reader in(payload);
    if (in.u8() != success)
        return stop(State::idle, "no_image");
    const std::uint16_t manufacturer = in.u16();
    const std::uint16_t type = in.u16();
    const std::uint32_t version = in.u32();
    const std::uint32_t size = in.u32();
    if (in.failed() || manufacturer != settings.manufacturer || type != settings.image_type)
        return stop(State::idle, "wrong_image");
    if (version != new_version_ || size != size_ || image_.size() >= size)
        image_.clear();  // otherwise it goes on where it was
    new_version_ = version;
    size_ = size;
    tries_ = 0;
    outcome_ = "none";
    begun_ns_ = monotonic_ns();
    ended_ns_ = 0;
    go_on();
}

void OtaClient::go_on() {
    state_ = State::downloading;
    if (settings.restart_at != OtaDescription::none && !has_restarted_ &&
        image_.size() >= settings.restart_at)
        return restart();
    if (settings.pace_ms == 0)
        request();
    else
        after(settings.pace_ms, &OtaClient::request);
}

void OtaClient::request() {
    if (image_.size() >= size_)
        end();
    else
        request_data();
}

void OtaClient::request_data() {
    ++counts_.requests;
    const bool page = settings.page_size != 0;
    const bool has_period = !page && settings.minimum_block_period != OtaDescription::none;
    Writer out;
    out.u8((settings.with_ieee != 0 ? ieee_present : 0) | (has_period ? period_present : 0));
    out.u16(settings.manufacturer).u16(settings.image_type).u32(new_version_);
    out.u32(image_.size()).u8(settings.block_size);
    page_end_ = size_;
    if (page) {
        const auto left = size_ - static_cast<std::uint32_t>(image_.size());
        const auto wanted = std::min(settings.page_size, left);
        page_end_ = static_cast<std::uint32_t>(image_.size()) + wanted;
        out.u16(wanted).u16(settings.response_spacing_ms);
    }
    if (settings.with_ieee != 0)
        out.u64(device_.ieee());
    if (has_period)
        out.u16(settings.minimum_block_period);
    send(page ? command::page_request : command::block_request, out.view());
    after(settings.retry_ms, &OtaClient::repeat_later);
}

/// No answer came. Without power it does not count: it asks when it is back.
void OtaClient::repeat_later() {
    if (!device_.is_powered())
        return after(settings.retry_ms, &OtaClient::repeat_later);
    ++counts_.repeated;
    if (++tries_ > settings.retries)
        return stop(State::idle, "gave_up");
    request();
}

void OtaClient::block_received(std::uint8_t sequence, View payload) {
    if (state_ != State::downloading || payload.empty())
        return;
    if (sequence != sequence_) {
        ++counts_.stale;
        return;
    }
    if (payload[0] == wait_for_data_status)
        return wait_for_data(payload);
    if (payload[0] == abort_status) {
        image_.clear();
        return stop(State::idle, "aborted");
    }
    if (payload[0] != success)
        return stop(State::idle, "refused_by_server");
    ++counts_.blocks;
    if (settings.lose_every != 0 && counts_.blocks % settings.lose_every == 0) {
        ++counts_.lost;
        return;
    }
    take_block(payload);
}

void OtaClient::take_block(View payload) {
    Reader in(payload);
    in.u8();
    const std::uint16_t manufacturer = in.u16();
    const std::uint16_t type = in.u16();
    const std::uint32_t version = in.u32();
    const std::uint32_t offset = in.u32();
    const View data = in.take(in.u8());
    const bool fits = !in.failed() && manufacturer == settings.manufacturer &&
                      type == settings.image_type && version == new_version_ &&
                      offset == image_.size() && data.size() <= settings.block_size &&
                      !data.empty() && image_.size() + data.size() <= size_;
    if (!fits) {
        ++counts_.stale;
        return;
    }
    image_.insert(image_.end(), data.begin(), data.end());
    const auto length = static_cast<std::uint32_t>(data.size());
    smallest_ = smallest_ == 0 ? length : std::min(smallest_, length);
    largest_ = std::max(largest_, length);
    tries_ = 0;
    if (image_.size() < page_end_ && settings.page_size != 0)
        after(settings.retry_ms, &OtaClient::repeat_later);
    else
        go_on();
}

/// [ZCL8 11.13.8.2.1]: current time and the time for the next request, in seconds.
void OtaClient::wait_for_data(View payload) {
    Reader in(payload.subspan(1));
    const std::uint32_t now = in.u32();
    const std::uint32_t then = in.u32();
    state_ = State::waiting;
    after(then > now ? (then - now) * 1000 : 0, &OtaClient::go_on);
}

void OtaClient::end() {
    ++counts_.ends;
    state_ = State::ended;
    if (ended_ns_ == 0)
        ended_ns_ = monotonic_ns();
    const bool is_image = image_.size() >= std::size(identifier) &&
                          std::equal(std::begin(identifier), std::end(identifier), image_.begin());
    const auto status = settings.refuse != 0 ? settings.refuse : is_image ? success : invalid_image;
    Writer out;
    out.u8(status).u16(settings.manufacturer).u16(settings.image_type).u32(new_version_);
    send(command::end_request, out.view());
    if (status != success)
        return stop(State::idle, "refused");
    after(settings.retry_ms, &OtaClient::repeat_later);
}

void OtaClient::upgrade_ended(View payload) {
    if (state_ != State::ended)
        return;
    Reader in(payload);
    in.u16();
    in.u16();
    in.u32();
    const std::uint32_t now = in.u32();
    const std::uint32_t then = in.u32();
    if (in.failed())
        return;
    constexpr std::uint32_t until_told_otherwise = 0xFFFFFFFF;
    if (then == until_told_otherwise)
        return stop(State::ended, "waits");
    state_ = State::applying;
    const std::uint32_t seconds = then > now ? then - now : 0;
    after(seconds * 1000, &OtaClient::apply);
}

void OtaClient::apply() {
    device_.set_powered(false);
    version_ =
        settings.version_after != OtaDescription::none ? settings.version_after : new_version_;
    device_.air().state_changed();
    after(settings.apply_ms, &OtaClient::came_back);
}

void OtaClient::restart() {
    has_restarted_ = true;
    state_ = State::restarting;
    device_.set_powered(false);
    if (settings.restart_forgets != 0)
        image_.clear();
    after(settings.restart_ms, &OtaClient::came_back);
}

void OtaClient::came_back() {
    device_.set_powered(true);
    device_.air().announce(device_);
    if (state_ == State::restarting) {
        if (settings.restart_forgets != 0)
            return query();
        return go_on();
    }
    stop(State::idle, "updated");
    const auto& gestures = device_.description().gestures;
    if (const auto found = gestures.find("updated"); found != gestures.end())
        play(device_, found->second);
}

boost::json::object OtaClient::show() const {
    boost::json::object out;
    out["state"] = state_names[static_cast<std::size_t>(state_)];
    out["outcome"] = outcome_;
    out["version"] = version_;
    out["new_version"] = new_version_;
    out["image_size"] = size_;
    out["received"] = image_.size();
    out["smallest_block"] = smallest_;
    out["largest_block"] = largest_;
    out["notifies"] = counts_.notifies;
    out["queries"] = counts_.queries;
    out["requests"] = counts_.requests;
    out["blocks"] = counts_.blocks;
    out["repeated"] = counts_.repeated;
    out["lost"] = counts_.lost;
    out["stale"] = counts_.stale;
    out["ends"] = counts_.ends;
    const auto until = ended_ns_ != 0 ? ended_ns_ : monotonic_ns();
    out["download_ms"] = begun_ns_ == 0 ? 0 : (until - begun_ns_) / 1'000'000;
    return out;
}

}  // namespace waggle::sim
