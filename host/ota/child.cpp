#include "ota/child.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <spawn.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <sys/wait.h>

namespace asio = boost::asio;

namespace waggle::ota {
namespace {

using Pipe = asio::posix::stream_descriptor;

enum class Ended { by_itself, too_late, aborted, too_much };

class Child {
  public:
    explicit Child(const asio::any_io_executor& executor)
        : input(executor), output(executor), executor_(executor) {}
    ~Child() {
        kill();
        wait_to_the_end();
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] Outcome<> start(const ChildCommand& command);
    void kill() const {
        if (pid_ > 0)
            ::kill(pid_, SIGKILL);
    }
    /// Ends the conversation: reading stops at once.
    void end(Ended why) {
        if (ended == Ended::by_itself)
            ended = why;
        kill();
    }
    /// It has closed its output, so it is about to end; one that does not is made to.
    Awaitable<void> reap();

    Pipe input, output;
    Ended ended = Ended::by_itself;
    int status = 0;

  private:
    [[nodiscard]] Outcome<> spawn(const ChildCommand& command, const int (&in)[2],
                                  const int (&out)[2]);
    bool has_ended() {
        const auto result = ::waitpid(pid_, &status, WNOHANG);
        if (result == 0 || (result < 0 && errno == EINTR))
            return false;
        pid_ = -1;
        return true;
    }
    void wait_to_the_end() {
        while (pid_ > 0 && ::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
    }

    asio::any_io_executor executor_;
    pid_t pid_ = -1;
};

Failure cannot_start(int error) {
    return store::fail(
        fmt::format("The firmware process cannot be started: {}", std::strerror(error)));
}

Outcome<> Child::start(const ChildCommand& command) {
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0)
        return cannot_start(errno);
    if (::pipe2(out, O_CLOEXEC) != 0) {
        const int error = errno;
        ::close(in[0]);
        ::close(in[1]);
        return cannot_start(error);
    }
    auto started = spawn(command, in, out);
    ::close(in[0]);
    ::close(out[1]);
    input.assign(in[1]);
    output.assign(out[0]);
    return started;
}

Outcome<> Child::spawn(const ChildCommand& command, const int (&in)[2], const int (&out)[2]) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    std::vector<char*> arguments;
    for (const auto& argument : command.arguments)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const int error = ::posix_spawn(&pid_, command.program.c_str(), &actions, &attributes,
                                    arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error == 0)
        return {};
    pid_ = -1;
    return cannot_start(error);
}

Awaitable<void> Child::reap() {
    using namespace std::chrono_literals;
    Timer timer(executor_);
    for (auto pause = 1ms; pause < 1s; pause *= 2) {
        if (has_ended())
            co_return;
        timer.expires_after(pause);
        const auto error = co_await timer.wait();
        if (error)
            break;
    }
    kill();
    wait_to_the_end();
}

/// What it writes, until it closes its output or is killed.
Awaitable<std::string> converse(Child& child, const ChildCommand& command) {
    boost::system::error_code error;
    const auto text = asio::buffer(command.input);
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await asio::async_write(child.input, text, token);
    if (error == asio::error::operation_aborted)
        child.end(Ended::aborted);
    child.input.close();  // a child that does not listen shows in its answer

    std::string out;
    char chunk[4096];
    const auto space = asio::buffer(chunk);
    while (child.ended != Ended::aborted) {
        const auto count = co_await child.output.async_read_some(space, token);
        if (error == asio::error::operation_aborted)
            child.end(Ended::aborted);
        if (error)
            co_return out;
        if (out.size() + count > command.longest_output) {
            child.end(Ended::too_much);
            co_return out;
        }
        out.append(chunk, count);
    }
    co_return out;
}

std::string told(const Child& child, const ChildCommand& command) {
    switch (child.ended) {
        case Ended::too_late:
            return fmt::format(
                "The firmware process was given up after {} minutes",
                std::chrono::duration_cast<std::chrono::minutes>(command.limit).count());
        case Ended::aborted: return "The firmware process was stopped";
        case Ended::too_much: return "The firmware process said too much";
        case Ended::by_itself: break;
    }
    if (WIFSIGNALED(child.status))
        return fmt::format("The firmware process crashed (signal {})", WTERMSIG(child.status));
    return fmt::format("The firmware process ended with code {}", WEXITSTATUS(child.status));
}

}  // namespace

Awaitable<Outcome<std::string>> run_child(ChildCommand command) {
    const auto executor = co_await asio::this_coro::executor;
    if (command.abort.stop_requested())
        co_return store::fail("The firmware process was stopped");
    const auto child = std::make_shared<Child>(executor);
    if (auto started = child->start(command); !started)
        co_return started.error();
    Timer timer(executor, command.limit);
    timer.async_wait([weak = std::weak_ptr(child)](const boost::system::error_code& error) {
        if (const auto late = weak.lock(); late && !error)
            late->end(Ended::too_late);
    });
    auto stop = [&child] { child->end(Ended::aborted); };
    const std::stop_callback on_abort(command.abort, stop);

    auto out = co_await converse(*child, command);
    timer.cancel();
    if (child->ended != Ended::aborted)  // a cancelled task can wait for nothing
        co_await child->reap();
    if (child->ended != Ended::by_itself || !WIFEXITED(child->status) ||
        WEXITSTATUS(child->status) != 0)
        co_return store::fail(told(*child, command));
    co_return out;
}

}  // namespace waggle::ota
