#pragma once

#include <optional>
#include <string>

#include "coordinator/coordinator.hpp"
#include "coordinator/znp/decision.hpp"
#include "coordinator/znp/driver.hpp"
#include "coordinator/znp/identify.hpp"
#include "coordinator/znp/nv.hpp"

/// Brings the network on an adapter up: decides, then resumes, forms or restores, and registers the
/// coordinator's endpoints. What it did is in the Started it returns; every refusal and failure has
/// a sentence for the user.
namespace waggle::znp {

struct Started {
    StartResult result = StartResult::resumed;
    Ieee ieee;
    ActiveNetwork network;
};

/// UTIL_GET_DEVICE_INFO's front [MT 3.10.1.1].
struct DeviceInfo {
    Ieee ieee;
    NwkAddress address = 0;
    std::uint8_t state = 0;
};
[[nodiscard]] Awaitable<Result<DeviceInfo>> read_device_info(Driver& driver);
/// ZDO_EXT_NWK_INFO, without the update id.
[[nodiscard]] Awaitable<Result<ActiveNetwork>> read_network_info(Driver& driver);
[[nodiscard]] Awaitable<Result<std::uint64_t>> read_ext_address(Driver& driver);

/// ZDO_STATE_CHANGE_IND says that the network runs.
inline bool became_coordinator(ByteView state_change) noexcept {
    return !state_change.empty() && state_change[0] == device_state_coordinator;
}
inline constexpr std::uint8_t configured_mark = 0x55;

class Startup {
  public:
    Startup(Driver& driver, Nv& nv, Version version, std::string& problem)
        : driver_(driver), nv_(nv), version_(version), problem_(problem) {}

    [[nodiscard]] Awaitable<Result<Started>> run(NetworkParameters parameters,
                                                 std::optional<store::CoordinatorBackup> backup);

  private:
    using Backup = store::CoordinatorBackup;

    Awaitable<Result<AdapterState>> read_state();
    Awaitable<Result<std::optional<Key>>> read_preconfigured_key();
    Awaitable<Result<StartResult>> carry_out(Action action, WantedNetwork wanted,
                                             std::optional<Backup> backup, bool was_configured);
    Awaitable<Result<void>> resume();
    Awaitable<Result<void>> form(WantedNetwork wanted, bool for_good);
    Awaitable<Result<void>> restore(WantedNetwork wanted, Backup backup);

    Awaitable<Result<void>> erase();
    Awaitable<Result<void>> write_parameters(WantedNetwork wanted);
    Awaitable<Result<void>> write_key(Key key);
    Awaitable<Result<void>> commission(WantedNetwork wanted);
    Awaitable<Result<void>> wait_for_nib();
    Awaitable<Result<void>> reset();
    Awaitable<Result<void>> write_configured_flag();
    Awaitable<Result<void>> register_endpoints();
    Awaitable<Result<void>> join_green_power_group();
    Awaitable<Result<Started>> look_at_result(StartResult result);

    bool is_12() const noexcept { return version_.product == Product::zstack_12; }
    std::uint16_t configured_item() const noexcept {
        return is_12() ? nv::configured_12 : nv::configured_3;
    }
    /// Notes the sentence unless one is there already, and passes the error on.
    boost::system::error_code fail(boost::system::error_code error, std::string_view doing);

    Driver& driver_;
    Nv& nv_;
    Version version_;
    std::string& problem_;
};

}  // namespace waggle::znp
