#include "network/network.hpp"

#include "base/log.hpp"
#include "network/inbound.hpp"
#include "network/install_code.hpp"
#include "network/link.hpp"
#include "network/persistence.hpp"
#include "network/raw_request.hpp"

namespace waggle {

using namespace network;

namespace {

constexpr std::chrono::milliseconds touchlink_limit{100}, close_limit{150}, backup_limit{300};
constexpr std::size_t whole_install_code = 18;  ///< 16 octets and the CRC

}  // namespace

/// The parts in the order in which they need each other.
struct Network::Impl final : Coordinator::Listener {
    Impl(boost::asio::any_io_executor executor, NetworkOptions options,
         CoordinatorOptions coordinator)
        : core(std::move(executor), std::move(options), std::move(coordinator)) {
        core.events.add(touchlink);
    }

    // The radio's events. What comes before the network is up belongs to nobody.
    void message(const ApsIndication& indication) override {
        if (core.up)
            inbound.message(indication);
    }
    void device_joined(NwkAddress address, Ieee ieee) override {
        if (core.up)
            membership.joined(address, ieee);
    }
    void device_left(NwkAddress address, std::optional<Ieee> ieee) override {
        if (core.up)
            membership.left(address, ieee);
    }
    void zdo_message(NwkAddress source, std::uint16_t cluster, ByteView payload) override {
        if (core.up)
            membership.zdo_message(source, cluster, payload);
    }
    void link_lost(std::string_view reason) override { link.lost(reason); }

    void start_tasks() {
        core.tasks.spawn("database", [this]() -> Awaitable<void> { return core.database.run(); });
        core.tasks.spawn("backup", [this]() -> Awaitable<void> { return backup.run(); });
        core.tasks.spawn("joining", [this]() -> Awaitable<void> { return joining.run(); });
        core.tasks.spawn("link", [this]() -> Awaitable<void> { return link.supervise(); });
    }

    /// Runs a task of bounded length; what takes longer is cancelled with all the others.
    Awaitable<Result<void>> within(Clock::duration limit, const char* name,
                                   std::function<Awaitable<Result<void>>()> task) {
        OneShot<bool> done(core.executor);
        auto outcome = std::make_shared<Result<void>>();
        core.tasks.spawn(name, [done, outcome, task = std::move(task)]() -> Awaitable<void> {
            *outcome = co_await task();
            done.fulfil(true);
        });
        const auto ended = co_await done.within(limit);
        if (!ended)
            co_return ended.error();
        co_return *outcome;
    }

    Core core;
    Messenger messenger{core};
    RequestQueue queue{core, messenger};
    DeviceCommands commands{core, messenger, queue};
    Interviewer interviewer{core, messenger, commands};
    Membership membership{core, queue, interviewer};
    GreenPower green_power{core, messenger, membership};
    ProtocolServices services{core, messenger, queue, commands};
    Touchlink touchlink{core};
    Inbound inbound{core, membership, queue, services, green_power, touchlink};
    Joining joining{core, green_power};
    Backup backup{core};
    Link link{core, queue, backup, joining};
    bool loaded = false;
};

Network::Network(boost::asio::any_io_executor executor, NetworkOptions options,
                 CoordinatorOptions coordinator)
    : impl_(
          std::make_unique<Impl>(std::move(executor), std::move(options), std::move(coordinator))) {
}

Network::~Network() = default;

void Network::listen(network::Events& events) {
    impl_->core.events.add(events);
}

Result<void> Network::load(std::string& problem) {
    auto loaded = impl_->core.database.load(problem);
    impl_->loaded = loaded.has_value();
    return loaded;
}

Awaitable<Result<StartResult>> Network::start(std::string& problem) {
    if (!impl_->loaded)
        if (const auto loaded = load(problem); !loaded)
            co_return loaded.error();
    const auto started = co_await impl_->link.start(*impl_, problem);
    if (started)
        impl_->start_tasks();
    co_return started;
}

Awaitable<void> Network::stop() {
    auto& core = impl_->core;
    if (core.stopping)
        co_return;
    core.stopping = true;
    (void)core.database.save_now();
    co_await impl_->touchlink.stop(touchlink_limit);
    if (core.up) {  // also what a run before this one, killed, left open
        std::function<Awaitable<Result<void>>()> close = [this]() {
            return impl_->joining.permit(std::chrono::seconds(0), std::nullopt);
        };
        const auto closed = co_await impl_->within(close_limit, "close", std::move(close));
        if (!closed)
            log::warning(ns, "Joining could not be closed: {}", closed.error().message());
    }
    if (core.up) {
        std::function<Awaitable<Result<void>>()> last = [this]() { return impl_->backup.write(); };
        const auto written = co_await impl_->within(backup_limit, "last backup", std::move(last));
        if (!written)
            log::debug(ns, "No coordinator backup at the end: {}", written.error().message());
    }
    core.up = false;
    impl_->link.fail_requests(Errc::cancelled);
    impl_->link.wake();
    co_await core.tasks.stop();
    if (core.radio)
        co_await core.radio->stop();
    (void)core.database.save_now();
}

bool Network::is_up() const noexcept {
    return impl_->core.up;
}

const Coordinator* Network::coordinator() const noexcept {
    return impl_->core.radio.get();
}

Device* Network::find(Ieee ieee) noexcept {
    return impl_->core.devices.find(ieee);
}

Device* Network::find(NwkAddress address) noexcept {
    return impl_->core.devices.find(address);
}

void Network::for_each_device(const std::function<void(Device&)>& visit) {
    impl_->core.devices.for_each(visit);
}

std::size_t Network::device_count() const noexcept {
    return impl_->core.devices.size();
}

Group* Network::find_group(GroupId id) noexcept {
    return impl_->core.groups.find(id);
}

void Network::for_each_group(const std::function<void(Group&)>& visit) {
    impl_->core.groups.for_each(visit);
}

Group& Network::create_group(GroupId id) {
    return impl_->commands.group(id);
}

Result<void> Network::remove_group(GroupId id) {
    auto& core = impl_->core;
    const auto* group = core.groups.find(id);
    if (!group)
        return Errc::not_found;
    const auto row = group->database_id;
    core.groups.remove(id);
    core.database.row_removed(row);
    core.events.groups_changed();
    return {};
}

std::string Network::meta(const Device& device, std::string_view key) const {
    return json_member(device.meta_json, key);
}

void Network::set_meta(Device& device, std::string_view key, std::string_view json) {
    auto changed_meta = with_json_member(device.meta_json, key, json);
    if (!changed_meta) {
        log::error(ns, "'{}' cannot be stored for {}: it is no JSON", key, device.ieee.to_string());
        return;
    }
    if (*changed_meta == device.meta_json)
        return;
    device.meta_json = std::move(*changed_meta);
    impl_->core.database.changed();
}

Awaitable<Result<ZclReply>> Network::request(ZclRequest request) {
    if (!impl_->core.up)
        co_return impl_->core.stopping ? Errc::cancelled : Errc::unavailable;
    if (request.sequence)
        co_return co_await impl_->messenger.deliver(std::move(request));
    co_return co_await impl_->queue.submit(std::move(request));
}

Awaitable<Result<void>> Network::groupcast(GroupId group, zcl::Frame frame, EndpointId source) {
    constexpr EndpointId every_endpoint = 255;
    frame.header.disable_default_response = true;  // not all of them at once
    co_return co_await impl_->messenger.cast(ApsRequest::Mode::group, group, source, every_endpoint,
                                             profile_home_automation, std::move(frame));
}

Awaitable<Result<void>> Network::broadcast(zcl::Frame frame, EndpointId destination, NwkAddress to,
                                           EndpointId source, ProfileId profile) {
    co_return co_await impl_->messenger.cast(ApsRequest::Mode::broadcast, to, source, destination,
                                             profile, std::move(frame));
}

Awaitable<Result<ZclReply>> Network::send_raw(RawRequest request) {
    co_return co_await network::send_raw(impl_->core, impl_->messenger, std::move(request));
}

Awaitable<Result<Bytes>> Network::zdo(NwkAddress to, zdo::Cluster cluster, Bytes payload,
                                      bool wait) {
    if (!impl_->core.up)
        co_return Errc::unavailable;
    co_return co_await impl_->core.radio->zdo(to, cluster, std::move(payload), wait);
}

/// Adapters take whole codes. The key of a shorter one is made here.
Awaitable<Result<void>> Network::add_install_code(InstallCode code) {
    if (!impl_->core.up)
        co_return Errc::unavailable;
    auto& radio = *impl_->core.radio;
    Bytes secret = code.code;
    const bool hashed = secret.size() != whole_install_code;
    if (hashed) {
        const auto key = aes_mmo(secret);
        secret.assign(key.begin(), key.end());
    }
    const auto added = co_await radio.add_install_code(code.ieee, std::move(secret), hashed);
    // Older devices' labels have the key itself, which looks like a code without its CRC.
    const bool may_be_key = code.crc == InstallCode::Crc::was_missing && code.given.size() == 16;
    if (!added || !may_be_key)
        co_return added;
    co_return co_await radio.add_install_code(code.ieee, std::move(code.given), true);
}

network::Touchlink& Network::touchlink() noexcept {
    return impl_->touchlink;
}

Awaitable<Result<void>> Network::bind(Ieee device, EndpointId source, ClusterId cluster,
                                      zdo::BindTarget target) {
    return impl_->commands.bind(device, source, cluster, target);
}

Awaitable<Result<void>> Network::unbind(Ieee device, EndpointId source, ClusterId cluster,
                                        zdo::BindTarget target) {
    return impl_->commands.unbind(device, source, cluster, target);
}

Awaitable<Result<void>> Network::clear_bindings(Ieee device, std::vector<Ieee> targets) {
    return impl_->commands.clear_bindings(device, std::move(targets));
}

Awaitable<Result<void>> Network::configure_reporting(Ieee device, EndpointId endpoint,
                                                     std::vector<ConfiguredReporting> items) {
    return impl_->commands.configure_reporting(device, endpoint, std::move(items));
}

Awaitable<Result<void>> Network::add_to_group(Ieee device, EndpointId endpoint, GroupId group) {
    return impl_->commands.add_to_group(device, endpoint, group);
}

Awaitable<Result<void>> Network::remove_from_group(Ieee device, EndpointId endpoint,
                                                   GroupId group) {
    return impl_->commands.remove_from_group(device, endpoint, group);
}

Awaitable<Result<void>> Network::remove_from_all_groups(Ieee device, EndpointId endpoint) {
    return impl_->commands.remove_from_all_groups(device, endpoint);
}

Awaitable<Result<std::vector<zdo::Neighbor>>> Network::neighbors(Ieee device) {
    return impl_->commands.neighbors(device);
}

Awaitable<Result<std::vector<zdo::Route>>> Network::routes(Ieee device) {
    return impl_->commands.routes(device);
}

Awaitable<Result<void>> Network::permit_join(std::chrono::seconds time, std::optional<Ieee> via) {
    return impl_->joining.permit(time, via);
}

bool Network::is_join_open() const noexcept {
    return impl_->joining.is_open();
}

std::optional<std::int64_t> Network::join_open_until() const noexcept {
    return impl_->joining.open_until();
}

Awaitable<Result<void>> Network::interview(Ieee device, bool force) {
    if (!impl_->core.up)
        co_return Errc::unavailable;
    co_return co_await impl_->membership.interview(device, force);
}

Awaitable<Result<void>> Network::remove_device(Ieee ieee, bool force) {
    const auto* device = impl_->core.devices.find(ieee);
    if (device && device->type == DeviceType::green_power && !force) {
        const auto told = co_await impl_->green_power.remove(ieee);
        if (!told)
            co_return told;
        force = true;
    }
    co_return co_await impl_->membership.remove(ieee, force);
}

void Network::set_lists(std::vector<Ieee> passlist, std::vector<Ieee> blocklist) {
    impl_->core.options.passlist = std::move(passlist);
    impl_->core.options.blocklist = std::move(blocklist);
}

void Network::changed(Device&) {
    impl_->core.database.changed();
}

Awaitable<void> Network::saved() {
    constexpr std::chrono::seconds limit{10};
    return impl_->core.database.saved(limit);
}

Result<void> Network::save_now() {
    return impl_->core.database.save_now();
}

Awaitable<Result<void>> Network::save_coordinator_backup() {
    return impl_->backup.write();
}

void Network::set_read_hook(ReadHook hook) {
    impl_->core.read_hook = std::move(hook);
}

void Network::set_interviewed_hook(InterviewedHook hook) {
    impl_->core.interviewed_hook = std::move(hook);
}

void Network::set_failed_interview_hook(FailedInterviewHook hook) {
    impl_->core.failed_interview_hook = std::move(hook);
}

}  // namespace waggle
