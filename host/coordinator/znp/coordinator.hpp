#pragma once

#include <functional>
#include <memory>
#include <unordered_map>

#include "base/task_group.hpp"
#include "coordinator/coordinator.hpp"
#include "coordinator/znp/driver.hpp"
#include "coordinator/znp/identify.hpp"
#include "coordinator/znp/incoming.hpp"
#include "coordinator/znp/nv.hpp"
#include "coordinator/znp/sender.hpp"
#include "coordinator/znp/zdo_mt.hpp"

/// The Coordinator on TI's Z-Stack network co-processors (3.x.0, 3.0.x, and 1.2 as far as that
/// stack goes). Messages go from the read completion straight to the listener.
namespace waggle::znp {

class ZnpCoordinator final : public Coordinator, private Driver::Events {
  public:
    /// Makes the link anew for each start().
    using MakeTransport = std::function<Result<std::unique_ptr<Transport>>(std::string& problem)>;

    ZnpCoordinator(boost::asio::any_io_executor executor, CoordinatorOptions options,
                   Listener& listener, MakeTransport make_transport);
    ~ZnpCoordinator() override;

    Awaitable<Result<StartResult>> start(NetworkParameters wanted,
                                         std::optional<store::CoordinatorBackup> backup,
                                         std::string& problem) override;
    Awaitable<void> stop() override;

    Ieee ieee() const noexcept override { return ieee_; }
    const CoordinatorVersion& version() const noexcept override { return shown_version_; }
    const ActiveNetwork& network() const noexcept override { return network_; }

    Awaitable<Result<void>> send(ApsRequest request) override;
    Awaitable<Result<Bytes>> zdo(NwkAddress destination, zdo::Cluster cluster, Bytes payload,
                                 bool wait) override;
    Awaitable<Result<void>> permit_join(std::uint8_t seconds,
                                        std::optional<NwkAddress> via) override;
    Awaitable<Result<void>> repair_route(NwkAddress address, Ieee ieee) override;
    Awaitable<Result<store::CoordinatorBackup>> backup(std::vector<Ieee> known_devices) override;
    Awaitable<Result<void>> add_install_code(Ieee ieee, Bytes key, bool hashed) override;
    Awaitable<Result<void>> change_channel(std::uint8_t channel) override;
    /// Z-Stack's is fixed in its firmware.
    void set_manufacturer_code(ManufacturerCode) override {}
    ManufacturerCode manufacturer_code() const noexcept override {
        return 7;
    }  ///< Texas Instruments
    Awaitable<Result<void>> set_inter_pan_channel(std::uint8_t channel) override;
    Awaitable<Result<void>> send_inter_pan(std::optional<Ieee> to, ClusterId cluster,
                                           Bytes payload) override;
    Awaitable<Result<void>> leave_inter_pan() override;

    /// How long the link may be silent before the co-processor is asked whether it lives.
    static constexpr std::chrono::seconds heartbeat_interval{60};
    static constexpr std::chrono::seconds announce_interval{60};

  private:
    struct Call;
    enum class Led { on, off, disabled };

    void areq(const Frame& frame) override;
    void link_ended(std::string_view reason) override;
    void silence() override;

    Awaitable<Result<StartResult>> bring_up(NetworkParameters wanted,
                                            std::optional<store::CoordinatorBackup> backup,
                                            std::string& problem);
    Awaitable<Result<void>> identify(std::string& problem);
    Awaitable<void> apply_options();
    Awaitable<void> end_session(unsigned calls_that_stay);
    void close_link();

    void zdo_areq(const Frame& frame);
    void on_zdo(ZdoMessage message);
    void on_announce(const ZdoMessage& message);
    void on_reset();
    void fetch_later(const IncomingExt& announced);
    Awaitable<void> fetch(IncomingExt announced);
    Awaitable<Result<Bytes>> retrieve(std::uint32_t timestamp, std::uint16_t length);
    void tell_address(NwkAddress address, Ieee ieee);

    Awaitable<void> keep_alive();
    Awaitable<bool> answers_ping();
    Awaitable<void> set_led(Led state);
    Awaitable<Result<void>> inter_pan_control(std::uint8_t command, Bytes data);

    boost::asio::any_io_executor executor_;
    CoordinatorOptions options_;
    Listener& listener_;
    MakeTransport make_transport_;
    Driver driver_;
    Nv nv_;
    Sender sender_;
    std::unique_ptr<TaskGroup> tasks_;  ///< of one session

    Version version_;
    CoordinatorVersion shown_version_;
    Ieee ieee_;
    ActiveNetwork network_;
    std::optional<store::CoordinatorBackup> last_backup_;

    bool identified_ = false;  ///< from here on a reset of the co-processor ends the session
    bool running_ = false;
    bool led_works_ = true;
    bool inter_pan_registered_ = false;
    unsigned calls_ = 0;  ///< of this object's coroutines under way
    unsigned fetches_ = 0;
    std::optional<OneShot<void>> heartbeat_wake_;
    std::unordered_map<NwkAddress, Clock::time_point> announced_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);  ///< outlived by the heartbeat
};

}  // namespace waggle::znp
