#include "app/instance_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/file.h>

namespace waggle::app {
namespace {

std::string holder(int file) {
    char text[32];
    const auto length = pread(file, text, sizeof text, 0);
    std::string id(text, length > 0 ? static_cast<std::size_t>(length) : 0);
    while (!id.empty() && id.back() == '\n')
        id.pop_back();
    return id.empty() ? "" : fmt::format(" (process {})", id);
}

void write_own_id(int file) {
    const auto id = fmt::format("{}\n", getpid());
    // The number only serves the sentence above: a disk that is full must not stop the host here.
    if (ftruncate(file, 0) == 0) [[maybe_unused]]
        const auto written = pwrite(file, id.data(), id.size(), 0);
}

}  // namespace

InstanceLock::~InstanceLock() {
    if (file_ >= 0)
        close(file_);
}

Result<void> InstanceLock::take(const std::string& directory, std::string& problem) {
    const auto path = directory + "/.waggle.lock";
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        problem = fmt::format("Cannot write to the data directory '{}': {}.", directory,
                              std::strerror(errno));
        return Errc::io_error;
    }
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        problem = fmt::format(
            "Another waggle{} already runs on the data directory '{}'; stop it first, or give this "
            "one its own directory with --data.",
            holder(file), directory);
        close(file);
        return Errc::busy;
    }
    write_own_id(file);
    file_ = file;
    return {};
}

}  // namespace waggle::app
