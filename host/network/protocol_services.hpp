#pragma once

#include "network/device_commands.hpp"
#include "network/request_queue.hpp"
#include "network/time_cluster.hpp"

/// What the coordinator answers by itself [zigbee-flows 4]: reads of its time and basic clusters,
/// IAS zone enrolment, poll control check-in, default responses. Called for each decoded frame,
/// after everybody saw it; answers are sent by tasks of their own.
///
/// Bound: 64 answers at a time; beyond it a device stays without an answer and asks again.
namespace waggle::network {

class ProtocolServices {
  public:
    static constexpr std::size_t limit = 64;

    ProtocolServices(Core& core, Messenger& messenger, RequestQueue& queue,
                     DeviceCommands& commands)
        : core_(&core), messenger_(&messenger), queue_(&queue), commands_(&commands) {}

    /// `local` is the coordinator's endpoint that the frame was addressed to.
    void received(const ZclMessage& message, EndpointId local);

  private:
    struct Question;
    void answer_read(const ZclMessage& message, EndpointId local);
    std::optional<zcl::Value> own_attribute(ClusterId cluster, std::uint16_t id);
    Awaitable<void> enrol(Question question);
    Awaitable<void> check_in(Question question);
    Awaitable<Result<void>> serve_check_in(Question question, bool& polling);
    Awaitable<Result<void>> poll_command(Question question, bool response, bool start);
    void default_response(Device& device, EndpointId endpoint, const zcl::Frame& frame,
                          zcl::Status status);
    void default_response(const Question& question, zcl::Status status);
    void send(ZclRequest answer, const char* what);
    void spawn(const char* name, std::function<Awaitable<void>()> task);

    Core* core_;
    Messenger* messenger_;
    RequestQueue* queue_;
    DeviceCommands* commands_;
    TimeCluster time_;
    std::size_t running_ = 0;
};

}  // namespace waggle::network
