#pragma once

#include "network/messenger.hpp"

/// What is asked of single devices beyond plain ZCL requests, and what is remembered about it:
/// bindings, reporting, groups, tables, poll control, enrolment.
namespace waggle::network {

class RequestQueue;

class DeviceCommands {
  public:
    DeviceCommands(Core& core, Messenger& messenger, RequestQueue& queue)
        : core_(&core), messenger_(&messenger), queue_(&queue) {}

    [[nodiscard]] Awaitable<Result<void>> bind(Ieee device, EndpointId source, ClusterId cluster,
                                               zdo::BindTarget target);
    [[nodiscard]] Awaitable<Result<void>> unbind(Ieee device, EndpointId source, ClusterId cluster,
                                                 zdo::BindTarget target);
    [[nodiscard]] Awaitable<Result<void>> clear_bindings(Ieee device, std::vector<Ieee> targets);
    /// To the coordinator's first endpoint.
    [[nodiscard]] Awaitable<Result<void>> bind_to_coordinator(Ieee device, EndpointId source,
                                                              ClusterId cluster);

    [[nodiscard]] Awaitable<Result<void>> configure_reporting(
        Ieee device, EndpointId endpoint, std::vector<ConfiguredReporting> items);

    [[nodiscard]] Awaitable<Result<void>> add_to_group(Ieee device, EndpointId endpoint,
                                                       GroupId group);
    [[nodiscard]] Awaitable<Result<void>> remove_from_group(Ieee device, EndpointId endpoint,
                                                            GroupId group);
    [[nodiscard]] Awaitable<Result<void>> remove_from_all_groups(Ieee device, EndpointId endpoint);
    Group& group(GroupId id);  ///< made when it is not there

    [[nodiscard]] Awaitable<Result<std::vector<zdo::Neighbor>>> neighbors(Ieee device);
    [[nodiscard]] Awaitable<Result<std::vector<zdo::Route>>> routes(Ieee device);

    /// Quarter seconds at the device; seconds here, and the time that requests wait for it.
    [[nodiscard]] Awaitable<Result<void>> read_checkin_interval(Ieee device, EndpointId endpoint);
    /// Code 0, zone 23; `sequence` of the request it answers, if there was one.
    [[nodiscard]] Awaitable<Result<void>> send_enrol_response(Ieee device, EndpointId endpoint,
                                                              std::optional<std::uint8_t> sequence);

  private:
    void changed(Device& device);
    Awaitable<Result<void>> change_binding(zdo::Cluster cluster, Ieee device, zdo::Binding binding);
    Awaitable<Result<void>> group_command(Ieee device, EndpointId endpoint,
                                          std::string_view command, zcl::Parameters parameters,
                                          zcl::Status also_fine);

    Core* core_;
    Messenger* messenger_;
    RequestQueue* queue_;
};

}  // namespace waggle::network
