#include <boost/asio/this_coro.hpp>
#include <boost/json/object.hpp>

#include "base/log.hpp"
#include "bridge/requests/requests.hpp"
#include "store/zip_archive.hpp"

namespace json = boost::json;

namespace waggle::bridge {
namespace {

constexpr auto pack_limit = std::chrono::seconds(100);
using Packed = store::Outcome<std::string>;

}  // namespace

/// -> {"zip"}: the data folder in base64, without logs and firmware images. The database and the
/// coordinator's backup are saved first.
Awaitable<Reply> backup(Context& context, const Request&) {
    const auto saved = co_await context.network.save_coordinator_backup();
    if (!saved)
        co_return failure("The coordinator's backup failed: {}", saved.error().message());

    const auto folder = context.configuration.data_directory();
    std::function<Packed(std::stop_token)> work = [folder](const std::stop_token& stop) {
        store::PackOptions options;
        // The last two say what this process is doing, and that it runs.
        options.without = {"log", "ota", "plugin.running", ".waggle.lock"};
        options.without_suffix = ".previous";
        auto packed = store::pack_folder(folder, options, stop);
        return packed ? Packed(store::base64(*packed)) : packed;
    };
    const auto loop = co_await boost::asio::this_coro::executor;
    const auto done = co_await context.background.run<Packed>(loop, std::move(work), pack_limit);
    if (!done)
        co_return done.error() == Errc::busy
            ? failure("A backup is being made already")
            : failure("The backup was not made: {}", done.error().message());
    if (!*done)
        co_return done->error();
    json::object data;
    data["zip"] = **done;
    co_return json::value(std::move(data));
}

}  // namespace waggle::bridge
