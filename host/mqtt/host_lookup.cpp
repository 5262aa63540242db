#include "mqtt/host_lookup.hpp"

#include <algorithm>
#include <mutex>
#include <netdb.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include <arpa/inet.h>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "base/timer.hpp"

namespace waggle::mqtt {
namespace {

/// Shared by the thread and the waiter; whoever lets go last closes the descriptor.
struct Answer {
    Answer() : event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;
    ~Answer() {
        if (event >= 0)
            ::close(event);
    }

    std::mutex mutex;
    std::vector<std::string> addresses;
    std::string problem;
    int event;
};

void look_up(const std::string& host, Answer& answer) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    {
        const std::lock_guard lock(answer.mutex);
        if (error != 0)
            answer.problem = "the name '" + host + "' cannot be resolved: " + ::gai_strerror(error);
        for (const auto* each = found; each != nullptr; each = each->ai_next) {
            char text[NI_MAXHOST];
            if (::getnameinfo(each->ai_addr, each->ai_addrlen, text, sizeof text, nullptr, 0,
                              NI_NUMERICHOST) == 0 &&
                std::find(answer.addresses.begin(), answer.addresses.end(), text) ==
                    answer.addresses.end())
                answer.addresses.emplace_back(text);
        }
    }
    if (found != nullptr)
        ::freeaddrinfo(found);
    const std::uint64_t one = 1;
    if (::write(answer.event, &one, sizeof one) < 0)
        return;  // the counter cannot be full; nobody to tell here
}

bool is_numeric(const std::string& host) {
    in6_addr address{};
    return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

}  // namespace

struct HostLookup::Waiting : std::enable_shared_from_this<Waiting> {
    Waiting(const boost::asio::any_io_executor& executor, Done callback)
        : event(executor), deadline(executor), done(std::move(callback)) {}

    void finish(std::vector<std::string> addresses, std::string problem) {
        if (!done)
            return;
        const auto callback = std::exchange(done, nullptr);
        cancel();
        callback(std::move(addresses), std::move(problem));
    }
    void cancel() {
        done = nullptr;
        boost::system::error_code ignored;
        event.close(ignored);
        deadline.cancel();
    }
    void wait(const std::shared_ptr<Answer>& answer, Clock::duration limit);

    boost::asio::posix::stream_descriptor event;
    Timer deadline;
    Done done;
};

void HostLookup::Waiting::wait(const std::shared_ptr<Answer>& answer, Clock::duration limit) {
    const auto self = shared_from_this();
    event.assign(::dup(answer->event));
    event.async_wait(boost::asio::posix::descriptor_base::wait_read,
                     [self, answer](const boost::system::error_code& error) {
                         if (error)
                             return;
                         const std::lock_guard lock(answer->mutex);
                         self->finish(answer->addresses, answer->problem);
                     });
    deadline.expires_after(limit);
    deadline.async_wait([self](const boost::system::error_code& error) {
        if (!error)
            self->finish({}, "the name server did not answer");
    });
}

HostLookup::HostLookup(boost::asio::any_io_executor executor, const std::string& host,
                       Clock::duration limit, Done done)
    : waiting_(std::make_shared<Waiting>(executor, std::move(done))) {
    if (is_numeric(host)) {
        boost::asio::post(executor, [waiting = waiting_, host] { waiting->finish({host}, ""); });
        return;
    }
    const auto answer = std::make_shared<Answer>();
    try {
        if (answer->event < 0)
            throw std::system_error(errno, std::generic_category());
        waiting_->wait(answer, limit);
        std::thread([host, answer] { look_up(host, *answer); }).detach();
    } catch (const std::system_error& error) {
        boost::asio::post(executor, [waiting = waiting_, text = std::string(error.what())] {
            waiting->finish({}, "the name cannot be looked up: " + text);
        });
    }
}

HostLookup::~HostLookup() {
    waiting_->cancel();
}

}  // namespace waggle::mqtt
