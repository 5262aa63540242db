#include "gestures.hpp"

#include <algorithm>
#include <map>

namespace waggle::sim {

namespace {

class Player : public std::enable_shared_from_this<Player> {
  public:
    Player(Device& device, const Steps& steps, std::function<void()> done)
        : device_(device), steps_(steps), done_(std::move(done)) {}

    void next() {
        while (at_ < steps_.size()) {
            const Step& step = steps_[at_++];
            if (!applies(step))
                continue;
            waits_ = false;
            std::visit([this](const auto& action) { run(action); }, step.action);
            if (waits_)
                return;
        }
        if (done_)
            done_();
    }

  private:
    [[nodiscard]] bool applies(const Step& step) const {
        return std::ranges::all_of(step.when, [&](const Condition& condition) {
            const Attribute* attribute = device_.find(condition.key);
            return attribute && attribute->value == condition.equals;
        });
    }

    void resume_after(std::chrono::milliseconds delay) {
        waits_ = true;
        device_.air().scheduler().after(delay, [self = shared_from_this()] { self->next(); });
    }

    void run(const SendStep& step) { device_.send_template(step.frame); }
    void run(const DelayStep& step) { resume_after(step.delay); }
    void run(const ReportStep& step) { device_.send_report(step.key); }
    void run(const AnnounceStep&) { device_.air().announce(device_); }
    void run(const LeaveStep&) { device_.air().left(device_, false); }

    void run(const SetStep& step) {
        Bytes value = step.value;
        if (step.toggle) {
            const Attribute* attribute = device_.find(step.key);
            value = Bytes{static_cast<std::uint8_t>(attribute->value[0] == 0 ? 1 : 0)};
        }
        device_.set(step.key, value, step.quiet ? Change::silent : Change::reported);
    }

    void run(const AwaitWriteStep& step) {
        waits_ = true;
        const auto written = std::make_shared<bool>(false);
        device_.on_written = [written, key = step.key, value = step.value](
                                 const AttributeKey& which, View what) {
            if (which == key && std::ranges::equal(what, value))
                *written = true;
        };
        const auto finish = [self = shared_from_this(), written, otherwise = step.otherwise] {
            self->device_.on_written = nullptr;
            if (*written)
                return self->next();
            play(self->device_, otherwise, [self] { self->next(); });
        };
        device_.air().scheduler().after(step.within, finish);
    }

    Device& device_;
    Steps steps_;
    std::size_t at_ = 0;
    bool waits_ = false;
    std::function<void()> done_;
};

}  // namespace

void play(Device& device, const Steps& steps, std::function<void()> done) {
    std::make_shared<Player>(device, steps, std::move(done))->next();
}

}  // namespace waggle::sim
