#include "ota/image_reader.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace waggle::ota {
namespace {

constexpr std::size_t longest_header = 69;  // with every optional field [ZCL8 table 11-2]

Failure fail_with_errno(const std::string& path, int number) {
    return store::fail(fmt::format("{}: {}", path, std::generic_category().message(number)));
}

/// As much as there is, up to the whole of `block`.
std::size_t read_at(int file, std::uint64_t offset, std::span<std::uint8_t> block) {
    std::size_t done = 0;
    while (done < block.size()) {
        const auto got = ::pread(file, block.data() + done, block.size() - done,
                                 static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

Outcome<ImageHeader> header_at(int file, const std::string& path, std::uint64_t offset) {
    std::array<std::uint8_t, longest_header> bytes{};
    const auto got = read_at(file, offset, bytes);
    std::string problem;
    auto header = read_image_header(ByteView(bytes).first(got), problem);
    if (!header)
        return store::fail(fmt::format("{}: {}", path, problem));
    return std::move(*header);
}

}  // namespace

Outcome<ImageReader> ImageReader::open(const StoredImage& image) {
    ImageReader reader;
    reader.file_ = ::open(image.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (reader.file_ < 0)
        return fail_with_errno(image.path, errno);
    reader.begin_ = image.offset;
    reader.size_ = image.header.total_size;
    const auto there = header_at(reader.file_, image.path, image.offset);
    if (!there)
        return there.error();
    const bool same = there->manufacturer == image.header.manufacturer &&
                      there->image_type == image.header.image_type &&
                      there->file_version == image.header.file_version &&
                      there->total_size == image.header.total_size;
    if (!same)
        return store::fail(fmt::format("{}: it holds another image than it did", image.path));
    return reader;
}

ImageReader::~ImageReader() {
    if (file_ >= 0)
        ::close(file_);
}

ImageReader::ImageReader(ImageReader&& other) noexcept
    : file_(std::exchange(other.file_, -1)), begin_(other.begin_), size_(other.size_) {
}

ImageReader& ImageReader::operator=(ImageReader&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(begin_, other.begin_);
    std::swap(size_, other.size_);
    return *this;
}

bool ImageReader::read(std::uint32_t offset, std::span<std::uint8_t> block) const {
    return read_at(file_, begin_ + offset, block) == block.size();
}

Outcome<ImageHeader> read_stored_header(const std::string& path, std::uint64_t offset) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fail_with_errno(path, errno);
    auto header = header_at(file, path, offset);
    ::close(file);
    return header;
}

}  // namespace waggle::ota
