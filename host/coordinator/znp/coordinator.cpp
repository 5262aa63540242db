#include "coordinator/znp/coordinator.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "coordinator/znp/backup.hpp"
#include "coordinator/znp/endpoints.hpp"
#include "coordinator/znp/startup.hpp"
#include "coordinator/znp/status.hpp"

namespace waggle::znp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view ns = "znp";
constexpr unsigned default_width_3x0 = 16, default_width = 2;
constexpr milliseconds led_ready{200};  ///< CC2531 forgets what it is told earlier
constexpr milliseconds led_deadline{500};
constexpr seconds channel_change_time{12};
constexpr seconds inter_pan_leave_time{3};
constexpr seconds end_limit{1};
constexpr std::uint8_t inter_pan_clear = 0, inter_pan_set = 1, inter_pan_register = 2;
constexpr std::uint8_t install_code_raw = 1, install_code_hashed = 2;

CoordinatorVersion shown(const Version& version) {
    CoordinatorVersion out;
    out.type = product_name(version.product);
    out.meta = {{"transportrev", version.transport},
                {"product", static_cast<std::int64_t>(version.product)},
                {"majorrel", version.major},
                {"minorrel", version.minor},
                {"maintrel", version.maintenance},
                {"revision", version.revision}};
    return out;
}

}  // namespace

/// Counts a coroutine of this object, so that stop() can wait for the last.
struct ZnpCoordinator::Call {
    explicit Call(ZnpCoordinator& owner) : coordinator(owner) { ++coordinator.calls_; }
    ~Call() { --coordinator.calls_; }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ZnpCoordinator& coordinator;
};

ZnpCoordinator::ZnpCoordinator(boost::asio::any_io_executor executor, CoordinatorOptions options,
                               Listener& listener, MakeTransport make_transport)
    : executor_(std::move(executor)),
      options_(std::move(options)),
      listener_(listener),
      make_transport_(std::move(make_transport)),
      driver_(executor_, *this),
      nv_(driver_),
      sender_(driver_) {
    sender_.address_found = [this](NwkAddress address, Ieee ieee) { tell_address(address, ieee); };
}

ZnpCoordinator::~ZnpCoordinator() {
    close_link();
}

void ZnpCoordinator::close_link() {
    running_ = identified_ = false;
    driver_.close();
    sender_.close();
    if (heartbeat_wake_)
        heartbeat_wake_->fulfil(Errc::closed);
}

/// Closes everything and waits until whatever was under way has seen it.
Awaitable<void> ZnpCoordinator::end_session(unsigned calls_that_stay) {
    close_link();
    if (tasks_)
        co_await tasks_->stop();
    tasks_.reset();
    const auto limit = Clock::now() + end_limit;
    while (calls_ > calls_that_stay && Clock::now() < limit) {
        auto waited = co_await sleep_for(milliseconds(1));
        if (!waited)
            break;
    }
}

Awaitable<void> ZnpCoordinator::stop() {
    co_await end_session(0);
}

Awaitable<Result<StartResult>> ZnpCoordinator::start(NetworkParameters wanted,
                                                     std::optional<store::CoordinatorBackup> backup,
                                                     std::string& problem) {
    const Call call(*this);
    problem.clear();
    co_await end_session(1);
    auto result = co_await bring_up(wanted, std::move(backup), problem);
    if (!result) {
        close_link();
        if (problem.empty())
            problem = fmt::format("The adapter on {} could not be started: {}", options_.port,
                                  result.error().message());
        co_return result;
    }
    running_ = true;
    tasks_->spawn("znp heartbeat", [this] { return keep_alive(); });
    co_return result;
}

Awaitable<Result<StartResult>> ZnpCoordinator::bring_up(
    NetworkParameters wanted, std::optional<store::CoordinatorBackup> backup,
    std::string& problem) {
    auto transport = make_transport_(problem);
    if (!transport)
        co_return transport.error();
    auto opened = co_await driver_.open(std::move(*transport), problem);
    if (!opened)
        co_return opened.error();
    auto known = co_await identify(problem);
    if (!known)
        co_return known.error();
    last_backup_ = backup;
    Startup startup(driver_, nv_, version_, problem);
    auto started = co_await startup.run(wanted, std::move(backup));
    if (!started)
        co_return started.error();
    ieee_ = started->ieee;
    network_ = started->network;
    const auto width = version_.is_3x0() ? default_width_3x0 : default_width;
    sender_.open(options_.concurrency.value_or(0) != 0 ? *options_.concurrency : width, version_);
    tasks_ = std::make_unique<TaskGroup>(executor_);
    inter_pan_registered_ = false;
    announced_.clear();
    co_await apply_options();
    if (!driver_.is_open())
        co_return Errc::closed;
    co_return started->result;
}

Awaitable<Result<void>> ZnpCoordinator::identify(std::string& problem) {
    auto awake = co_await wake(driver_);
    if (!awake) {
        problem = fmt::format(
            "Nothing on {} answers as a Z-Stack adapter ({}). Check serial.port and "
            "serial.baudrate, and that no other program uses the adapter; unplugging it and "
            "plugging it in again may help",
            options_.port, awake.error().message());
        co_return awake;
    }
    auto version = co_await read_version(driver_);
    if (!version) {
        problem =
            fmt::format("The adapter on {} runs a firmware that is not known here", options_.port);
        co_return version.error();
    }
    version_ = *version;
    shown_version_ = shown(version_);
    identified_ = true;
    led_works_ = version_.has_led();
    log::debug(ns, "{} revision {}", shown_version_.type, version_.revision);
    co_return Result<void>{};
}

Awaitable<void> ZnpCoordinator::apply_options() {
    if (options_.disable_led && led_works_) {
        auto ready = co_await driver_.pause(led_ready);
        if (ready)
            co_await set_led(Led::disabled);
    }
    if (options_.transmit_power) {
        Bytes payload;
        ByteWriter(payload).u8(0).u8(static_cast<std::uint8_t>(*options_.transmit_power));
        auto tuned = co_await driver_.call(mt::sys_stack_tune, std::move(payload));
        if (!tuned)
            log::warning(ns, "The transmit power could not be set: {}", tuned.error().message());
    }
}

Awaitable<void> ZnpCoordinator::set_led(Led state) {
    if (!led_works_ || (options_.disable_led && state != Led::disabled))
        co_return;
    Bytes payload;
    if (!version_.controls_led_itself())
        ByteWriter(payload).u8(3).u8(state == Led::on ? 1 : 0);
    else if (state == Led::disabled)
        ByteWriter(payload).u8(0xFF).u8(5);
    else
        co_return;
    auto done = co_await driver_.call(mt::util_led_control, std::move(payload), led_deadline);
    // Which firmware has a LED cannot be told beforehand; what fails is not asked again.
    led_works_ = done && !done->empty() && done->front() == status::success;
}

Awaitable<void> ZnpCoordinator::keep_alive() {
    const std::weak_ptr alive(alive_);
    while (!alive.expired() && driver_.is_open()) {
        const auto idle = Clock::now() - driver_.last_heard();
        if (idle < heartbeat_interval && driver_.silent_requests() < 2) {
            const OneShot<void> wake(executor_);
            heartbeat_wake_ = wake;
            auto woken = co_await wake.within(heartbeat_interval - idle);
            if (!woken && woken.error() == Errc::cancelled)
                co_return;
            continue;
        }
        bool answered = co_await answers_ping();
        if (!answered)
            answered = co_await answers_ping();
        if (!answered)
            driver_.fail("the co-processor does not answer");
    }
}

Awaitable<bool> ZnpCoordinator::answers_ping() {
    auto reply = co_await driver_.call(mt::sys_ping);
    co_return reply.has_value();
}

void ZnpCoordinator::silence() {
    if (running_ && heartbeat_wake_)
        heartbeat_wake_->fulfil(Result<void>{});
}

Awaitable<Result<void>> ZnpCoordinator::send(ApsRequest request) {
    const Call call(*this);
    if (!running_)
        co_return Errc::closed;
    co_return co_await sender_.send(std::move(request));
}

Awaitable<Result<Bytes>> ZnpCoordinator::zdo(NwkAddress destination, zdo::Cluster cluster,
                                             Bytes payload, bool wait) {
    const Call call(*this);
    if (!running_)
        co_return Errc::closed;
    co_return co_await sender_.zdo(destination, cluster, std::move(payload), wait);
}

Awaitable<Result<void>> ZnpCoordinator::permit_join(std::uint8_t duration,
                                                    std::optional<NwkAddress> via) {
    const Call call(*this);
    if (!running_)
        co_return Errc::closed;
    auto payload = zdo::mgmt_permit_joining_req(duration);
    auto done =
        co_await sender_.zdo(via.value_or(broadcast_routers), zdo::Cluster::mgmt_permit_joining_req,
                             std::move(payload), via.has_value());
    if (!done)
        co_return done.error();
    if (via) {
        auto accepted = zdo::read_status(*done);
        if (!accepted)
            co_return accepted;
    }
    co_await set_led(duration == 0 ? Led::off : Led::on);
    co_return Result<void>{};
}

Awaitable<Result<void>> ZnpCoordinator::repair_route(NwkAddress address, Ieee ieee) {
    const Call call(*this);
    if (!running_)
        co_return Errc::closed;
    co_return co_await sender_.repair_route(address, ieee);
}

Awaitable<Result<store::CoordinatorBackup>> ZnpCoordinator::backup(std::vector<Ieee> known) {
    const Call call(*this);
    if (!running_)
        co_return Errc::closed;
    auto made =
        co_await read_backup(driver_, nv_, version_.product, last_backup_, std::move(known));
    if (made)
        last_backup_ = *made;
    co_return made;
}

Awaitable<Result<void>> ZnpCoordinator::add_install_code(Ieee ieee, Bytes key, bool hashed) {
    const Call call(*this);
    if (!running_)
        co_return Errc::closed;
    if (version_.product == Product::zstack_12)
        co_return Errc::unsupported;
    Bytes payload;
    ByteWriter(payload)
        .u8(hashed ? install_code_hashed : install_code_raw)
        .u64(ieee.value())
        .bytes(key);
    auto done = co_await driver_.call_checked(mt::bdb_add_install_code, std::move(payload));
    if (!done)
        co_return done.error();
    co_return Result<void>{};
}

Awaitable<Result<void>> ZnpCoordinator::change_channel(std::uint8_t channel) {
    const Call call(*this);
    if (!running_)
        co_return Errc::closed;
    // Z-Stack counts the update id by itself and ignores this one.
    auto payload = zdo::mgmt_channel_change_req(channel, 1);
    auto sent = co_await sender_.zdo(broadcast_all, zdo::Cluster::mgmt_nwk_update_req,
                                     std::move(payload), false);
    if (!sent)
        co_return sent.error();
    auto moved = co_await driver_.pause(channel_change_time);
    if (!moved)
        co_return moved;
    auto info = co_await read_network_info(driver_);
    if (!info)
        co_return info.error();
    const auto update_id = static_cast<std::uint8_t>(network_.update_id + 1);
    const bool arrived = info->channel == channel;
    info->update_id = arrived ? update_id : network_.update_id;
    network_ = *info;
    co_return arrived ? Result<void>{} : Result<void>(Errc::refused);
}

Awaitable<Result<void>> ZnpCoordinator::inter_pan_control(std::uint8_t command, Bytes data) {
    Bytes payload;
    ByteWriter(payload).u8(command).bytes(data);
    auto done = co_await driver_.call_checked(mt::af_inter_pan_ctl, std::move(payload));
    if (!done)
        co_return done.error();
    co_return Result<void>{};
}

Awaitable<Result<void>> ZnpCoordinator::set_inter_pan_channel(std::uint8_t channel) {
    const Call call(*this);
    if (!running_)
        co_return Errc::closed;
    sender_.set_inter_pan(true);
    auto done = co_await inter_pan_control(inter_pan_set, Bytes(1, channel));
    if (done && !inter_pan_registered_) {
        done = co_await inter_pan_control(inter_pan_register, Bytes(1, endpoint_inter_pan));
        inter_pan_registered_ = done.has_value();
    }
    if (!done)
        sender_.set_inter_pan(false);
    co_return done;
}

Awaitable<Result<void>> ZnpCoordinator::send_inter_pan(std::optional<Ieee> to, ClusterId cluster,
                                                       Bytes payload) {
    const Call call(*this);
    if (!running_)
        co_return Errc::closed;
    co_return co_await sender_.send_inter_pan(to, cluster, std::move(payload));
}

Awaitable<Result<void>> ZnpCoordinator::leave_inter_pan() {
    const Call call(*this);
    if (!running_)
        co_return Errc::closed;
    auto done = co_await inter_pan_control(inter_pan_clear, Bytes());
    if (done)
        done = co_await driver_.pause(inter_pan_leave_time);
    sender_.set_inter_pan(false);
    co_return done;
}

}  // namespace waggle::znp
