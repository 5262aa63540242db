#include "support/scripted_transport.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace waggle::test {

class ScriptedLink::End final : public Transport {
  public:
    explicit End(std::shared_ptr<ScriptedLink> link) : link_(std::move(link)) {}
    ~End() override { End::close(); }

    Awaitable<Result<void>> open(Sink& sink, std::string& problem) override {
        ++link_->opened;
        problem = link_->opening_problem;
        if (link_->opening) {
            mine_ = true;
            link_->sink_ = &sink;
            link_->kept_.clear();
        }
        co_return link_->opening;
    }

    Result<void> write(Bytes bytes) override {
        if (!mine_ || !link_->sink_)
            return Errc::closed;
        link_->written.push_back(bytes);
        boost::asio::post(link_->executor_, [link = link_, bytes = std::move(bytes)] {
            if (link->sink_ && link->on_written)
                link->on_written(bytes);
        });
        return {};
    }

    void present_again() override {
        boost::asio::post(link_->executor_, [link = link_] { link->deliver(); });
    }
    bool has_lines() const noexcept override { return link_->lines; }
    void set_lines(bool dtr, bool rts) noexcept override {
        link_->line_levels.emplace_back(dtr, rts);
    }
    void close() noexcept override {
        if (std::exchange(mine_, false))
            link_->sink_ = nullptr;
    }

  private:
    std::shared_ptr<ScriptedLink> link_;
    bool mine_ = false;
};

std::unique_ptr<Transport> ScriptedLink::transport() {
    return std::make_unique<End>(shared_from_this());
}

void ScriptedLink::say(Bytes bytes) {
    boost::asio::post(executor_, [self = shared_from_this(), bytes = std::move(bytes)] {
        if (!self->sink_)
            return;
        self->kept_.insert(self->kept_.end(), bytes.begin(), bytes.end());
        self->deliver();
    });
}

void ScriptedLink::deliver() {
    if (!sink_ || kept_.empty())
        return;
    // The sink gets a block of its own, so that a sanitizer sees a view that outlives the call.
    const Bytes block = kept_;
    const auto used = sink_->received(block);
    if (used <= kept_.size())
        kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(used));
}

void ScriptedLink::drop(std::string reason) {
    boost::asio::post(executor_, [self = shared_from_this(), reason = std::move(reason)] {
        if (auto* const sink = std::exchange(self->sink_, nullptr))
            sink->closed(reason);
    });
}

}  // namespace waggle::test
