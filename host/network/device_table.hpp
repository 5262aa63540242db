#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "network/device.hpp"

/// The devices of the network, found by either address. Devices that left are kept aside for the
/// life of the process, so that one that comes back keeps its row's number.
namespace waggle::network {

class DeviceTable {
  public:
    /// At most this many removed devices are remembered; the oldest is forgotten first.
    static constexpr std::size_t removed_limit = 256;

    /// A device of the same IEEE address must not be there. A network address that another device
    /// held belongs to the newcomer from now on.
    Device& add(std::unique_ptr<Device> device);

    Device* find(Ieee ieee) noexcept;
    Device* find(NwkAddress address) noexcept;
    Device* find_type(DeviceType type) noexcept;  ///< the first of this type

    void set_address(Device& device, NwkAddress address);
    void set_ieee(Device& device, Ieee ieee);

    /// Moves it aside. The reference stays valid until the device is forgotten.
    void remove(Device& device);
    /// A removed device back among the others, or nullptr.
    Device* restore(Ieee ieee);
    bool was_removed(NwkAddress address) const noexcept;
    void clear();

    /// In database order. Devices added by `visit` are visited too; it must remove none.
    void for_each(const std::function<void(Device&)>& visit);
    std::size_t size() const noexcept { return devices_.size(); }

  private:
    void index(Device& device);

    std::vector<std::unique_ptr<Device>> devices_, removed_;
    boost::unordered_flat_map<std::uint64_t, Device*> by_ieee_;
    boost::unordered_flat_map<NwkAddress, Device*> by_address_;
};

}  // namespace waggle::network
