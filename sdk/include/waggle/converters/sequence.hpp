#pragma once

#include <waggle/converters/basics.hpp>

/// Requests one after the other, made when their turn comes: what one reads the next may need.
#pragma GCC visibility push(hidden)
namespace waggle {

class Sequence {
  public:
    using Make = std::function<std::optional<Request>(Device)>;

    /// A request that must succeed.
    void add(Request request) {
        steps_.push_back({[request](Device) { return std::optional(request); }, false});
    }
    void add(Make make) { steps_.push_back({std::move(make), false}); }
    /// One that may fail: devices do not have every attribute.
    void add_optional(Request request) {
        steps_.push_back({[request](Device) { return std::optional(request); }, true});
    }
    void add_optional(Make make) { steps_.push_back({std::move(make), true}); }

    /// Runs them all; the first that fails and must not ends the call.
    void run(Device device, Answer answer) && {
        next(device, answer, std::make_shared<const Steps>(std::move(steps_)), 0);
    }

  private:
    struct Step {
        Make make;
        bool optional;
    };
    using Steps = std::vector<Step>;

    static void next(Device device, Answer answer, std::shared_ptr<const Steps> steps,
                     std::size_t at) {
        for (; at < steps->size(); ++at) {
            const auto& step = (*steps)[at];
            const auto request = step.make(device);
            if (!request)
                continue;
            const bool optional = step.optional;
            const auto status = device.send(*request, [=](const Reply& reply) {
                if (!reply.ok() && !optional)
                    return answer.fail(reply.message(), reply.status());
                next(device, answer, steps, at + 1);
            });
            if (status == WG_OK)
                return;
            if (!optional)
                return answer.fail(send_failure(status), status);
        }
        answer.done();
    }

    Steps steps_;
};

}  // namespace waggle
#pragma GCC visibility pop
