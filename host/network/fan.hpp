#pragma once

#include <vector>

#include "network/network.hpp"

/// One event to every listener, in the order in which they were added.
namespace waggle::network {

class Fan final : public Events {
  public:
    void add(Events& listener) { listeners_.push_back(&listener); }

    void device_joined(Device& device) override { each(&Events::device_joined, device); }
    void device_interview(Device& device, InterviewStep step) override {
        each(&Events::device_interview, device, step);
    }
    void device_announced(Device& device) override { each(&Events::device_announced, device); }
    void device_address_changed(Device& device) override {
        each(&Events::device_address_changed, device);
    }
    void device_located(Device& device) override { each(&Events::device_located, device); }
    void device_left(Ieee ieee, NwkAddress address) override {
        each(&Events::device_left, ieee, address);
    }
    void device_removed(Ieee ieee, NwkAddress address) override {
        each(&Events::device_removed, ieee, address);
    }
    void device_seen(Device& device) override { each(&Events::device_seen, device); }
    void message(const ZclMessage& message) override { each(&Events::message, message); }
    void device_changed(Device& device) override { each(&Events::device_changed, device); }
    void groups_changed() override { each(&Events::groups_changed); }
    void permit_join_changed(bool open) override { each(&Events::permit_join_changed, open); }
    void link_lost(std::string_view reason) override { each(&Events::link_lost, reason); }
    void link_restored() override { each(&Events::link_restored); }

  private:
    template <class Method, class... Args>
    void each(Method method, Args&&... args) {
        for (std::size_t i = 0; i < listeners_.size(); ++i)
            (listeners_[i]->*method)(args...);
    }

    std::vector<Events*> listeners_;
};

}  // namespace waggle::network
