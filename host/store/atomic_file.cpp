#include "store/atomic_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <fmt/chrono.h>
#include <sys/stat.h>

#include "base/log.hpp"

namespace waggle::store {
namespace {

namespace fs = std::filesystem;

/// Closes on the way out; close() reports the errors that a write left for later.
class Descriptor {
  public:
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    int get() const noexcept { return fd_; }
    bool ok() const noexcept { return fd_ >= 0; }
    bool close() noexcept { return ::close(std::exchange(fd_, -1)) == 0; }

  private:
    int fd_;
};

Failure failure(const char* what, const fs::path& path, int error) {
    return fail("cannot " + std::string(what) + " " + path.string() + ": " + std::strerror(error));
}

int write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        const auto count = ::write(fd, content.data(), content.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return errno;
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

void sync_folder(const fs::path& folder) {
    const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.ok())
        ::fsync(fd.get());  // not every file system can; the rename itself is done
}

/// Mode and owner of the new file: those of the old one, so that a container's or another user's
/// view of it does not change, except that a file with keys is the owner's alone.
void adopt_owner(int fd, const fs::path& target, bool secret) {
    struct stat old {};
    const bool existed = ::stat(target.c_str(), &old) == 0;
    const mode_t mode = secret ? 0600 : existed ? (old.st_mode & 07777) : 0644;
    if (existed && ::fchown(fd, old.st_uid, old.st_gid) != 0)
        (void)0;  // only root may; then the file is ours, and readable as before by its mode
    ::fchmod(fd, mode);
}

/// @return 0 or errno
int write_beside(const fs::path& beside, const fs::path& target, std::string_view content,
                 bool secret) {
    Descriptor fd(
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd.ok())
        return errno;
    int error = write_all(fd.get(), content);
    if (error == 0) {
        adopt_owner(fd.get(), target, secret);
        if (::fsync(fd.get()) != 0 || !fd.close())
            error = errno;
    }
    if (error != 0)
        ::unlink(beside.c_str());
    return error;
}

int write_in_place(const fs::path& target, std::string_view content, bool secret) {
    Descriptor fd(::open(target.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
    if (!fd.ok())
        return errno;
    if (secret)
        ::fchmod(fd.get(), 0600);
    if (const int error = write_all(fd.get(), content))
        return error;
    return ::fsync(fd.get()) == 0 && fd.close() ? 0 : errno;
}

fs::path beside_of(const fs::path& target) {
    return target.string() + ".waggle-new";
}

fs::path target_of(const fs::path& path) {
    std::error_code error;
    fs::path target = fs::weakly_canonical(path, error);  // through a symbolic link
    return error ? path : target;
}

void keep_previous(const fs::path& target, bool secret) {
    const auto previous = previous_of(target);
    ::unlink(previous.c_str());
    std::error_code ignored;  // no hard links here, or no file yet
    // The content stays when the name moves on.
    if (::link(target.c_str(), previous.c_str()) != 0)
        fs::copy_file(target, previous, fs::copy_options::overwrite_existing, ignored);
    if (secret)
        ::chmod(previous.c_str(), 0600);
}

}  // namespace

Outcome<std::optional<std::string>> read_file(const fs::path& path) {
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.ok()) {
        if (errno == ENOENT)
            return std::optional<std::string>();
        return failure("read", path, errno);
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) == 0 && S_ISDIR(status.st_mode))
        return failure("read", path, EISDIR);
    std::string content;
    content.resize(static_cast<std::size_t>(status.st_size > 0 ? status.st_size : 0) + 1);
    std::size_t length = 0;
    for (;;) {
        if (length == content.size())
            content.resize(content.size() * 2);
        const auto count = ::read(fd.get(), content.data() + length, content.size() - length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return failure("read", path, errno);
        if (count == 0)
            break;
        length += static_cast<std::size_t>(count);
    }
    content.resize(length);
    return std::optional<std::string>(std::move(content));
}

Outcome<> write_file(const fs::path& path, std::string_view content, WriteOptions options) {
    const auto target = target_of(path);
    const auto beside = beside_of(target);

    int number = write_beside(beside, target, content, options.secret);
    if (number == 0) {
        if (options.keep_previous)
            keep_previous(target, options.secret);
        if (::rename(beside.c_str(), target.c_str()) == 0) {
            sync_folder(target.parent_path());
            return {};
        }
        number = errno;
        ::unlink(beside.c_str());
    }
    const bool no_rename = number == EBUSY || number == EACCES || number == EPERM;
    if (!no_rename || ::access(target.c_str(), W_OK) != 0)
        return failure("write", path, number);
    number = write_in_place(target, content, options.secret);
    if (number != 0)
        return failure("write", path, number);
    return {};
}

fs::path previous_of(const fs::path& path) {
    return path.string() + ".previous";
}

void clear_interrupted_write(const fs::path& path) {
    const auto target = target_of(path);
    if (::unlink(beside_of(target).c_str()) != 0)
        return;
    struct stat status {};
    const bool is_there = ::stat(target.c_str(), &status) == 0;
    log::warning("store", "A write of {} was cut off; {}", path.string(),
                 is_there ? fmt::format("what it held before is used, of {:%Y-%m-%d %H:%M:%S}",
                                        fmt::localtime(status.st_mtime))
                          : "it was the first one");
}

Outcome<fs::path> keep_damaged(const fs::path& path) {
    auto content = read_file(path);
    if (!content)
        return content.error();
    if (!*content)
        return failure("keep", path, ENOENT);
    for (int n = 0; n < 1000; ++n) {
        const fs::path copy = path.string() + ".corrupt" + (n == 0 ? "" : "." + std::to_string(n));
        const auto there = read_file(copy);
        if (!there)
            return there.error();
        if (*there && **there == **content)
            return copy;
        if (*there)
            continue;
        if (auto written = write_file(copy, **content, WriteOptions{.secret = true}); !written)
            return written.error();
        return copy;
    }
    return fail("cannot keep " + path.string() + ": a thousand .corrupt files are there already");
}

}  // namespace waggle::store
