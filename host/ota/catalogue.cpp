#include "ota/catalogue.hpp"

#include <cerrno>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "ota/child.hpp"
#include "ota/job.hpp"

namespace waggle::ota {
namespace {

constexpr std::size_t longest_header = 128;

/// The header of an image that lies in the cache; its hash was compared a moment ago.
Outcome<StoredImage> stored_image(const StoredName& name, const std::filesystem::path& data) {
    StoredImage image;
    image.path = (cache_folder(data) / (name.sha512 + ".ota")).string();
    image.offset = name.offset;
    image.sha512 = name.sha512;
    std::uint8_t bytes[longest_header];
    const int file = ::open(image.path.c_str(), O_RDONLY | O_CLOEXEC);
    const auto count =
        file < 0 ? -1 : ::pread(file, bytes, sizeof bytes, static_cast<off_t>(image.offset));
    const int error = errno;
    if (file >= 0)
        ::close(file);
    if (count < 0)
        return store::fail(
            fmt::format("'{}' cannot be read: {}", image.path, std::strerror(error)));
    std::string problem;
    auto header = read_image_header({bytes, static_cast<std::size_t>(count)}, problem);
    if (!header)
        return store::fail(fmt::format("'{}' cannot be used: {}", image.path, problem));
    image.header = std::move(*header);
    return image;
}

/// Both the host's stop and the caller's abort end a child.
class EitherStop {
  public:
    EitherStop(const std::stop_token& a, const std::stop_token& b)
        : on_a_(a, Request{&source_}), on_b_(b, Request{&source_}) {}
    std::stop_token token() const { return source_.get_token(); }

  private:
    struct Request {
        std::stop_source* source;
        void operator()() const { source->request_stop(); }
    };
    std::stop_source source_;
    std::stop_callback<Request> on_a_, on_b_;
};

}  // namespace

struct Catalogue::Impl {
    Impl(boost::asio::any_io_executor loop, Options given)
        : executor(std::move(loop)), options(std::move(given)) {}

    /// Waits for its turn and runs the child.
    static Awaitable<Outcome<std::string>> ask(std::shared_ptr<Impl> impl, std::string job,
                                               std::stop_token abort);
    void next();

    boost::asio::any_io_executor executor;
    Options options;
    std::deque<OneShot<bool>> waiting;
    bool busy = false;
    std::stop_source stopped;
};

void Catalogue::Impl::next() {
    busy = false;
    while (!waiting.empty() && !busy) {
        busy = waiting.front().fulfil(true);  // one that gave up is passed over
        waiting.pop_front();
    }
}

Awaitable<Outcome<std::string>> Catalogue::Impl::ask(std::shared_ptr<Impl> impl, std::string job,
                                                     std::stop_token abort) {
    const EitherStop stop(abort, impl->stopped.get_token());
    if (stop.token().stop_requested())
        co_return store::fail("The search for firmware was stopped");
    if (impl->busy) {
        if (impl->waiting.size() >= impl->options.most_waiting)
            co_return store::fail("Too many searches for firmware are waiting already");
        const OneShot<bool> turn(impl->executor);
        impl->waiting.push_back(turn);
        auto give_up = [turn] { turn.fulfil(Errc::cancelled); };
        const std::stop_callback on_stop(stop.token(), give_up);
        const auto granted = co_await turn.within(impl->options.limit);
        if (!granted)
            co_return store::fail(granted.error() == Errc::timed_out
                                      ? "The searches for firmware before this one take too long"
                                      : "The search for firmware was stopped");
    }
    impl->busy = true;
    struct Turn {
        ~Turn() { of.next(); }
        Impl& of;
    };
    const Turn mine{*impl};
    ChildCommand command;
    command.program = impl->options.executable;
    command.arguments = {"waggle", "ota", "job", "--data", impl->options.data_folder.string()};
    command.input = std::move(job);
    command.longest_output = longest_answer;
    command.limit = impl->options.limit;
    command.abort = stop.token();
    auto answer = co_await run_child(std::move(command));
    co_return answer;
}

Catalogue::Catalogue(const boost::asio::any_io_executor& executor, Options options)
    : impl_(std::make_shared<Impl>(executor, std::move(options))) {
}

Catalogue::~Catalogue() {
    stop();
}

void Catalogue::stop() {
    impl_->stopped.request_stop();
}

Awaitable<Outcome<Found>> Catalogue::find(DeviceFacts facts, Wish wish, IndexLocations locations,
                                          std::stop_token abort) {
    const auto impl = impl_;
    const auto ieee = facts.ieee;
    FindJob job{std::move(facts), std::move(wish), std::move(locations)};
    auto text = job_text(job);
    const auto answer = co_await Impl::ask(impl, std::move(text), std::move(abort));
    if (!answer)
        co_return answer.error();
    auto found = read_found(*answer);
    if (found && log::enabled(log::Level::debug, "ota"))
        for (const auto& sentence : found->considered)
            log::debug("ota", "{}: {}", ieee.to_string(), sentence);
    co_return found;
}

Awaitable<Outcome<StoredImage>> Catalogue::obtain(IndexEntry entry, std::stop_token abort) {
    const auto impl = impl_;
    entry.release_notes.clear();
    auto text = job_text(entry);
    const auto answer = co_await Impl::ask(impl, std::move(text), std::move(abort));
    if (!answer)
        co_return answer.error();
    const auto name = read_stored(*answer);
    if (!name)
        co_return name.error();
    co_return stored_image(*name, impl->options.data_folder);
}

}  // namespace waggle::ota
