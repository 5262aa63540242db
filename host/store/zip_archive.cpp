#include "store/zip_archive.hpp"

#include <algorithm>
#include <memory>
#include <zip.h>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "store/atomic_file.hpp"

namespace waggle::store {
namespace {

namespace fs = std::filesystem;

struct Entry {
    std::string name;
    std::string content;
    std::time_t changed = 0;
};

struct SourceDeleter {
    void operator()(zip_source_t* source) const noexcept { zip_source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, SourceDeleter>;

/// An archive that is thrown away unless it was closed.
struct ArchiveDeleter {
    void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, ArchiveDeleter>;

Failure cannot_pack(zip_error_t* error) {
    return fail(fmt::format("The archive cannot be made: {}", zip_error_strerror(error)));
}

std::time_t changed_at(const fs::path& path) {
    std::error_code error;
    const auto time = fs::last_write_time(path, error);
    if (error)
        return 0;
    return std::chrono::system_clock::to_time_t(std::chrono::file_clock::to_sys(time));
}

bool stays_out(const fs::path& path, int depth, const PackOptions& options) {
    const auto name = path.filename().string();
    return (depth == 0 && std::ranges::count(options.without, name) != 0) ||
           (!options.without_suffix.empty() && name.ends_with(options.without_suffix));
}

Outcome<std::vector<Entry>> read_all(const fs::path& folder, const PackOptions& options,
                                     const std::stop_token& stop) {
    std::vector<Entry> entries;
    std::uintmax_t total = 0;
    std::error_code error;
    fs::recursive_directory_iterator at(folder, error), end;
    for (; !error && at != end && !stop.stop_requested(); at.increment(error)) {
        std::error_code ignored;
        const auto& path = at->path();
        const bool is_link = at->is_symlink(ignored);
        if (stays_out(path, at.depth(), options)) {
            if (!is_link && at->is_directory(ignored))
                at.disable_recursion_pending();
            continue;
        }
        if (is_link || !at->is_regular_file(ignored))
            continue;
        const auto size = at->file_size(ignored);
        if (ignored)
            continue;  // it was replaced or removed just now
        total += size;
        if (total > options.largest || entries.size() >= options.most_files)
            return fail(fmt::format("'{}' is too large to be sent: more than {} MB or {} files",
                                    folder.string(), options.largest / 1024 / 1024,
                                    options.most_files));
        auto content = read_file(path);
        if (!content)
            return content.error();
        if (*content)
            entries.push_back({path.lexically_relative(folder).generic_string(),
                               std::move(**content), changed_at(path)});
    }
    if (stop.stop_requested())
        return fail("The host stops");
    if (error)
        return fail(fmt::format("'{}' cannot be read: {}", folder.string(), error.message()));
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
}

Outcome<> add(zip_t* archive, const Entry& entry) {
    auto* source = zip_source_buffer(archive, entry.content.data(), entry.content.size(), 0);
    if (!source)
        return cannot_pack(zip_get_error(archive));
    const auto index = zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return cannot_pack(zip_get_error(archive));
    }
    const auto at = static_cast<zip_uint64_t>(index);
    constexpr int level = 6;
    if (zip_set_file_compression(archive, at, ZIP_CM_DEFLATE, level) != 0 ||
        zip_file_set_mtime(archive, at, entry.changed, 0) != 0)
        return cannot_pack(zip_get_error(archive));
    return {};
}

Outcome<std::string> content_of(zip_source_t* source) {
    const auto failed = [source] { return cannot_pack(zip_source_error(source)); };
    if (zip_source_open(source) != 0)
        return failed();
    zip_stat_t status;
    zip_stat_init(&status);
    if (zip_source_stat(source, &status) != 0 || (status.valid & ZIP_STAT_SIZE) == 0)
        return failed();
    std::string bytes(status.size, '\0');
    const auto read = zip_source_read(source, bytes.data(), bytes.size());
    zip_source_close(source);
    if (read < 0 || static_cast<zip_uint64_t>(read) != status.size)
        return failed();
    return bytes;
}

}  // namespace

Outcome<std::string> pack_folder(const fs::path& folder, const PackOptions& options,
                                 const std::stop_token& stop) {
    const auto entries = read_all(folder, options, stop);
    if (!entries)
        return entries.error();
    zip_error_t error;
    zip_error_init(&error);
    const Source source(zip_source_buffer_create(nullptr, 0, 0, &error));
    if (!source)
        return cannot_pack(&error);
    Archive archive(zip_open_from_source(source.get(), ZIP_TRUNCATE, &error));
    if (!archive)
        return cannot_pack(&error);
    zip_source_keep(source.get());  // the archive frees its own
    for (const auto& entry : *entries)
        if (auto added = add(archive.get(), entry); !added)
            return added.error();
    if (zip_close(archive.get()) != 0)
        return cannot_pack(zip_get_error(archive.get()));
    (void)archive.release();  // closed
    return content_of(source.get());
}

std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // it ends with a zero
    const auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                        reinterpret_cast<const unsigned char*>(bytes.data()),
                                        static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(std::max(length, 0)));
    return text;
}

}  // namespace waggle::store
