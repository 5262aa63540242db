#include "network/backup.hpp"

#include <filesystem>

#include <fmt/chrono.h>

#include "base/log.hpp"
#include "store/atomic_file.hpp"

namespace waggle::network {

namespace {

constexpr std::chrono::hours daily{24};

std::string iso_time(std::int64_t milliseconds) {
    const auto seconds = static_cast<std::time_t>(milliseconds / 1000);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), milliseconds % 1000);
}

}  // namespace

Result<std::optional<store::CoordinatorBackup>> Backup::read(std::string& problem) const {
    std::optional<store::CoordinatorBackup> none;
    const auto& path = core_->options.backup_path;
    if (path.empty())
        return none;
    store::clear_interrupted_write(path);
    const auto text = store::read_file(path);
    if (!text) {
        problem = text.error().message;
        return Errc::io_error;
    }
    if (!*text)
        return none;
    auto backup = store::parse_coordinator_backup(**text, problem);
    if (backup)
        return std::optional(std::move(*backup));
    problem = path + ": " + problem;
    if (auto before = read_previous()) {
        log::error(ns, "{}; {} is used", problem, store::previous_of(path).string());
        return before;
    }
    return backup.error();
}

/// Only what the last write left: a file of another format or version is no damage.
std::optional<store::CoordinatorBackup> Backup::read_previous() const {
    const auto text = store::read_file(store::previous_of(core_->options.backup_path));
    if (!text || !*text)
        return std::nullopt;
    std::string ignored;
    auto backup = store::parse_coordinator_backup(**text, ignored);
    return backup ? std::optional(std::move(*backup)) : std::nullopt;
}

bool Backup::is_missing() const {
    std::error_code error;
    return !core_->options.backup_path.empty() &&
           !std::filesystem::exists(core_->options.backup_path, error);
}

Awaitable<Result<void>> Backup::write() {
    if (const auto saved = core_->database.save_now(); !saved)
        co_return saved;
    if (core_->options.backup_path.empty())
        co_return Result<void>{};
    if (!core_->up)
        co_return Errc::unavailable;
    if (writing_)
        co_return Errc::busy;
    struct Writing {
        bool& flag;
        explicit Writing(bool& set) : flag(set) { flag = true; }
        ~Writing() { flag = false; }
    };
    const Writing writing(writing_);

    std::vector<Ieee> known;
    core_->devices.for_each([&](Device& device) { known.push_back(device.ieee); });
    auto backup = co_await core_->radio->backup(std::move(known));
    if (!backup)
        co_return backup.error() == Errc::unsupported ? Result<void>{} : backup.error();

    std::string ignored;
    if (const auto before = read(ignored); before && *before && backup->unknown_json.empty())
        backup->unknown_json = (*before)->unknown_json;
    if (backup->source.empty())
        backup->source = "waggle";
    if (backup->date.empty())
        backup->date = iso_time(wall_clock_ms());
    const auto written =
        store::write_file(core_->options.backup_path, store::write_coordinator_backup(*backup),
                          {.secret = true, .keep_previous = true});
    if (!written) {
        log::error(ns, "{}", written.error().message);
        co_return Errc::io_error;
    }
    log::info(ns, "Wrote coordinator backup to '{}'", core_->options.backup_path);
    co_return Result<void>{};
}

Awaitable<void> Backup::run() {
    for (;;) {
        const auto waited = co_await sleep_for(daily);
        if (!waited)
            co_return;
        const auto written = co_await write();
        if (!written && core_->up)
            log::error(ns, "The daily coordinator backup failed: {}", written.error().message());
    }
}

}  // namespace waggle::network
