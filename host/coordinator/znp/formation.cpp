#include <algorithm>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "coordinator/znp/backup.hpp"
#include "coordinator/znp/startup.hpp"

/// The half of Startup that changes what is on the adapter: forming and restoring.
namespace waggle::znp {
namespace {

using std::chrono::seconds;

constexpr std::uint8_t erase_all = 0x03;  ///< STARTUP_OPTION: forget configuration and network
constexpr std::uint8_t soft = 1;
constexpr std::uint8_t commission_formation = 0x04;
constexpr seconds reset_deadline{30};
constexpr seconds formation_deadline{100};
constexpr seconds nib_interval{3};
constexpr int nib_reads = 10;
constexpr std::uint16_t pan_id_none = 0xFFFF;

template <class T>
Bytes little_endian(T value) {
    Bytes out;
    ByteWriter(out).little_endian(value, sizeof value);
    return out;
}

/// Parameters that no real network has, for the one that only prepares the tables.
WantedNetwork throw_away_network() {
    std::random_device random;
    WantedNetwork network;
    network.pan_id = static_cast<std::uint16_t>(1 + random() % 65533);
    network.extended_pan_id = std::uint64_t{random()} << 32 | random();
    network.channels = std::uint32_t{1} << (11 + random() % 16);
    for (auto& octet : network.key)
        octet = static_cast<std::uint8_t>(random());
    return network;
}

}  // namespace

Awaitable<Result<void>> Startup::reset() {
    const auto any = [](ByteView) { return true; };
    Driver::Expectation done(driver_, mt::sys_reset_ind, any);
    auto sent = driver_.post(mt::sys_reset_req, Bytes(1, soft));
    if (!sent)
        co_return sent;
    auto came = co_await done.within(reset_deadline);
    if (!came)
        co_return came.error();
    co_return Result<void>{};
}

Awaitable<Result<void>> Startup::erase() {
    auto done = co_await nv_.remove(nv::nib);
    if (done)
        done = co_await nv_.write(nv::startup_option, Bytes(1, erase_all));
    if (done)
        done = co_await reset();
    if (done)
        done = co_await nv_.write(nv::startup_option, Bytes(1));
    co_return done;
}

Awaitable<Result<void>> Startup::write_parameters(WantedNetwork wanted) {
    const std::pair<std::uint16_t, Bytes> items[] = {
        {nv::startup_option, Bytes(1, std::uint8_t{0})},
        {nv::logical_type, Bytes(1, std::uint8_t{0})},  // coordinator
        {nv::zdo_direct_callback, Bytes(1, std::uint8_t{1})},
        {nv::channel_list, little_endian(wanted.channels)},
        {nv::pan_id, little_endian(wanted.pan_id)},
        {nv::extended_pan_id, little_endian(wanted.extended_pan_id)},
        {nv::aps_use_ext_pan_id, little_endian(wanted.extended_pan_id)},
        {nv::preconfigured_keys_enable, Bytes(1, std::uint8_t{0})},
    };
    for (const auto& [id, value] : items) {
        auto written = co_await nv_.update(id, value);
        if (!written)
            co_return written;
    }
    co_return co_await write_key(wanted.key);
}

Awaitable<Result<void>> Startup::write_key(Key key) {
    Bytes value(key.begin(), key.end());
    if (!is_12())
        co_return co_await nv_.update(nv::preconfigured_key, std::move(value));
    Bytes payload;
    ByteWriter(payload)
        .u8(static_cast<std::uint8_t>(nv::preconfigured_key))
        .u8(static_cast<std::uint8_t>(value.size()))
        .bytes(value);
    auto written = co_await driver_.call_checked(mt::sapi_write_configuration, std::move(payload));
    if (!written)
        co_return written.error();
    // Any device, the well-known trust centre link key, no counters.
    Bytes entry;
    ByteWriter(entry).u64(~std::uint64_t{}).bytes(as_bytes("ZigBeeAlliance09")).u64(0);
    co_return co_await nv_.write(nv::legacy_tclk_table_12, std::move(entry));
}

Awaitable<Result<void>> Startup::commission(WantedNetwork wanted) {
    Bytes primary;
    ByteWriter(primary).u8(1).u32(wanted.channels);
    auto channel = co_await driver_.call_checked(mt::bdb_set_channel, std::move(primary));
    if (!channel)
        co_return channel.error();
    Bytes secondary;
    ByteWriter(secondary).u8(0).u32(0);
    channel = co_await driver_.call_checked(mt::bdb_set_channel, std::move(secondary));
    if (!channel)
        co_return channel.error();
    Driver::Expectation started(driver_, mt::zdo_state_change_ind, became_coordinator);
    auto accepted =
        co_await driver_.call_checked(mt::bdb_start_commissioning, Bytes(1, commission_formation));
    if (!accepted)
        co_return accepted.error();
    auto state = co_await started.within(formation_deadline);
    if (state)
        co_return Result<void>{};
    if (state.error() == Errc::timed_out)
        problem_ = fmt::format(
            "The adapter could not form the network. Most likely another network with pan_id {} or "
            "ext_pan_id 0x{:016x} is near: choose others",
            wanted.pan_id, wanted.extended_pan_id);
    co_return state.error();
}

/// How long the adapter takes to write down what it formed differs from chip to chip.
Awaitable<Result<void>> Startup::wait_for_nib() {
    for (int i = 0; i < nib_reads; ++i) {
        auto waited = co_await driver_.pause(nib_interval);
        if (!waited)
            co_return waited;
        auto nib = co_await nv_.read_as<Nib>(nv::nib);
        if (!nib)
            co_return nib.error();
        if (*nib && (*nib)->pan_id != pan_id_none && (*nib)->logical_channel != 0)
            co_return Result<void>{};
    }
    co_return Errc::timed_out;
}

Awaitable<Result<void>> Startup::form(WantedNetwork wanted, bool for_good) {
    if (wanted.pan_id == pan_id_none) {
        problem_ = "A network cannot be formed with pan_id 65535: choose one between 1 and 65533";
        co_return Errc::invalid_value;
    }
    auto done = co_await erase();
    if (done)
        done = co_await write_parameters(wanted);
    if (done && is_12())
        done = co_await resume();
    else if (done)
        done = co_await commission(wanted);
    if (done)
        done = co_await wait_for_nib();
    if (!done || !for_good)
        co_return done;
    auto network = co_await read_network_info(driver_);
    if (!network)
        co_return network.error();
    if (network->pan_id != wanted.pan_id) {
        problem_ = fmt::format(
            "pan_id {} is in use by another network near: the adapter chose {} instead. Choose "
            "another advanced.pan_id",
            wanted.pan_id, network->pan_id);
        co_return Errc::already_exists;
    }
    co_return co_await write_configured_flag();
}

Awaitable<Result<void>> Startup::write_configured_flag() {
    return nv_.write(configured_item(), Bytes(1, configured_mark));
}

Awaitable<Result<void>> Startup::restore(WantedNetwork wanted, Backup backup) {
    auto done = co_await form(throw_away_network(), false);
    if (done)
        done = co_await write_backup(nv_, version_.product, std::move(backup), problem_);
    if (done)
        done = co_await write_parameters(wanted);
    if (done)
        done = co_await driver_.pause(seconds(1));
    if (done)
        done = co_await reset();
    if (done)
        done = co_await resume();
    if (done)
        done = co_await write_configured_flag();
    co_return done;
}

}  // namespace waggle::znp
