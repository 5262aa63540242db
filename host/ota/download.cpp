#include "ota/download.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace waggle::ota {
namespace {

std::string reason(int error) {
    if (error == ENOSPC || error == EDQUOT)
        return "the disk is full";
    return std::generic_category().message(error);
}

struct Hash {
    Hash() : context(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context, EVP_sha512(), nullptr); }
    ~Hash() { EVP_MD_CTX_free(context); }
    Hash(const Hash&) = delete;
    Hash& operator=(const Hash&) = delete;

    void add(ByteView bytes) const { EVP_DigestUpdate(context, bytes.data(), bytes.size()); }
    std::string digits() const {
        std::array<std::uint8_t, 64> sum{};
        EVP_DigestFinal_ex(context, sum.data(), nullptr);
        return to_hex(sum);
    }

    EVP_MD_CTX* context;
};

}  // namespace

struct Download::State {
    std::filesystem::path path;
    std::uint64_t most = 0, size = 0;
    int file = -1;
    Hash hash;
    std::string sum, problem;
    bool kept = false;

    ~State() {
        if (file >= 0)
            ::close(file);
        if (!kept)
            ::unlink(path.c_str());
    }
};

Download::Download(std::unique_ptr<State> state) : state_(std::move(state)) {
}
Download::Download(Download&&) noexcept = default;
Download& Download::operator=(Download&&) noexcept = default;
Download::~Download() = default;

Outcome<Download> Download::begin(std::filesystem::path path, std::uint64_t most) {
    auto state = std::make_unique<State>();
    ::unlink(path.c_str());  // what a killed process left; a link is not followed
    state->file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    const int error = errno;
    state->path = std::move(path);
    state->most = most;
    if (state->file < 0) {
        state->kept = true;
        return store::fail(
            fmt::format("'{}' cannot be written: {}", state->path.string(), reason(error)));
    }
    return Download(std::move(state));
}

bool Download::write(ByteView bytes) {
    auto& state = *state_;
    if (!state.problem.empty())
        return false;
    if (state.size + bytes.size() > state.most) {
        state.problem = fmt::format("it has more than {}", shown_size(state.most));
        return false;
    }
    state.hash.add(bytes);
    state.size += bytes.size();
    while (!bytes.empty()) {
        const auto count = ::write(state.file, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            state.problem =
                fmt::format("'{}' cannot be written: {}", state.path.string(), reason(errno));
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

const std::string& Download::problem() const noexcept {
    return state_->problem;
}
std::uint64_t Download::size() const noexcept {
    return state_->size;
}
const std::filesystem::path& Download::path() const noexcept {
    return state_->path;
}

std::string Download::sha512() {
    if (state_->sum.empty())
        state_->sum = state_->hash.digits();
    return state_->sum;
}

Outcome<> Download::keep_as(const std::filesystem::path& name) {
    auto& state = *state_;
    if (::fsync(state.file) != 0 || ::rename(state.path.c_str(), name.c_str()) != 0)
        return store::fail(fmt::format("'{}' cannot be written: {}", name.string(), reason(errno)));
    state.kept = true;
    const int folder = ::open(name.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

Outcome<MappedFile> MappedFile::open(const std::filesystem::path& path, std::uint64_t most) {
    const auto failed = [&path](std::string_view why) {
        return store::fail(fmt::format("'{}' cannot be read: {}", path.string(), why));
    };
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0)
        return failed(reason(errno));
    if (!S_ISREG(facts.st_mode))
        return failed(S_ISDIR(facts.st_mode) ? "it is a folder" : "it is no file");
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return failed(reason(errno));
    const int known = ::fstat(file, &facts);
    const auto size = static_cast<std::uint64_t>(facts.st_size);
    if (known != 0 || size > most) {
        ::close(file);
        return failed(fmt::format("it has more than {}", shown_size(most)));
    }
    if (size == 0) {
        ::close(file);
        return MappedFile(ByteView());
    }
    void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    const int error = errno;
    ::close(file);
    if (memory == MAP_FAILED)
        return failed(reason(error));
    return MappedFile({static_cast<const std::uint8_t*>(memory), size});
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

MappedFile::~MappedFile() {
    if (!bytes_.empty())
        ::munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
}

std::string sha512_of(ByteView bytes) {
    const Hash hash;
    hash.add(bytes);
    return hash.digits();
}

std::string shown_size(std::uint64_t octets) {
    constexpr std::uint64_t megabyte = 1024 * 1024;
    if (octets >= megabyte)
        return fmt::format("{} MB", octets / megabyte);
    return fmt::format("{} octets", octets);
}

}  // namespace waggle::ota
