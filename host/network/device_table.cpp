#include "network/device_table.hpp"

#include <algorithm>

namespace waggle::network {

namespace {

template <class Devices>
auto position(Devices& devices, const Device& device) {
    return std::find_if(devices.begin(), devices.end(),
                        [&](const auto& entry) { return entry.get() == &device; });
}

}  // namespace

Device& DeviceTable::add(std::unique_ptr<Device> device) {
    Device& added = *devices_.emplace_back(std::move(device));
    index(added);
    return added;
}

void DeviceTable::index(Device& device) {
    by_ieee_[device.ieee.value()] = &device;
    by_address_[device.address] = &device;
}

Device* DeviceTable::find(Ieee ieee) noexcept {
    const auto found = by_ieee_.find(ieee.value());
    return found == by_ieee_.end() ? nullptr : found->second;
}

Device* DeviceTable::find(NwkAddress address) noexcept {
    const auto found = by_address_.find(address);
    return found == by_address_.end() ? nullptr : found->second;
}

Device* DeviceTable::find_type(DeviceType type) noexcept {
    for (const auto& device : devices_)
        if (device->type == type)
            return device.get();
    return nullptr;
}

void DeviceTable::set_address(Device& device, NwkAddress address) {
    const auto old = by_address_.find(device.address);
    // Another device may have got this one's old address in the meantime.
    if (old != by_address_.end() && old->second == &device)
        by_address_.erase(old);
    device.address = address;
    by_address_[address] = &device;
}

void DeviceTable::set_ieee(Device& device, Ieee ieee) {
    by_ieee_.erase(device.ieee.value());
    device.ieee = ieee;
    by_ieee_[ieee.value()] = &device;
}

void DeviceTable::remove(Device& device) {
    const auto entry = position(devices_, device);
    if (entry == devices_.end())
        return;
    by_ieee_.erase(device.ieee.value());
    const auto address = by_address_.find(device.address);
    if (address != by_address_.end() && address->second == &device)
        by_address_.erase(address);
    device.deleted = true;
    removed_.push_back(std::move(*entry));
    devices_.erase(entry);
    if (removed_.size() > removed_limit)
        removed_.erase(removed_.begin());
}

Device* DeviceTable::restore(Ieee ieee) {
    const auto entry = std::find_if(removed_.begin(), removed_.end(),
                                    [&](const auto& device) { return device->ieee == ieee; });
    if (entry == removed_.end())
        return nullptr;
    auto device = std::move(*entry);
    removed_.erase(entry);
    device->deleted = false;
    return &add(std::move(device));
}

bool DeviceTable::was_removed(NwkAddress address) const noexcept {
    return std::any_of(removed_.begin(), removed_.end(),
                       [&](const auto& device) { return device->address == address; });
}

void DeviceTable::clear() {
    by_ieee_.clear();
    by_address_.clear();
    devices_.clear();
    removed_.clear();
}

void DeviceTable::for_each(const std::function<void(Device&)>& visit) {
    for (std::size_t i = 0; i < devices_.size(); ++i)
        visit(*devices_[i]);
}

}  // namespace waggle::network
