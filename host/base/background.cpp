#include "base/background.hpp"

#include <atomic>

#include <boost/asio/post.hpp>

namespace waggle {

struct Background::State {
    std::atomic<bool> busy{false};
};

Background::~Background() = default;

bool Background::is_busy() const noexcept {
    return state_ && state_->busy;
}

void Background::start(boost::asio::any_io_executor loop, Job job) {
    state_ = std::make_shared<State>();
    state_->busy = true;
    thread_ = std::jthread([loop = std::move(loop), job = std::move(job),
                            state = state_](std::stop_token stop) mutable {
        boost::asio::post(loop, job(std::move(stop)));
        job = nullptr;
        state->busy = false;
    });
}

}  // namespace waggle
