#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "ota/download.hpp"
#include "ota/types.hpp"

/// <data>/ota/cache: what was fetched before.
///
///   <sha512>.ota       an image, named by what it holds and compared with its name before each use
///   index-<hash>.json  an index, and beside it .meta: its URL, its hash, and what its server said of it
///   *.part             on its way; what a killed process left is removed by the next
///
/// The oldest images leave when there is more than the bound; the one just stored never does.
namespace waggle::ota {

inline constexpr std::uint64_t most_image = 16ULL << 20, most_index = 32ULL << 20;

/// What a server said of an index, for the next request.
struct IndexMeta {
    std::string url, etag, last_modified, sha512;
    std::int64_t fresh_until = 0;  ///< seconds since 1970; until then it need not be asked again
};

class Cache {
  public:
    static constexpr std::uint64_t usual_bound = 64ULL << 20;

    [[nodiscard]] static Outcome<Cache> open(std::filesystem::path folder,
                                             std::uint64_t bound = usual_bound);

    /// Nothing when it is not there; one whose content is not what its name says is removed.
    std::optional<std::filesystem::path> image(std::string_view sha512) const;
    [[nodiscard]] Outcome<Download> begin_image() const;
    /// @return its name
    [[nodiscard]] Outcome<std::filesystem::path> keep_image(Download download) const;

    struct CachedIndex {
        IndexMeta meta;
        MappedFile file;
    };
    std::optional<CachedIndex> index(std::string_view url) const;
    [[nodiscard]] Outcome<Download> begin_index() const;
    [[nodiscard]] Outcome<> keep_index(Download download, IndexMeta meta) const;
    /// The server said that the index is still the one we have.
    void renew_index(const IndexMeta& meta) const;

    const std::filesystem::path& folder() const noexcept { return folder_; }

  private:
    Cache(std::filesystem::path folder, std::uint64_t bound)
        : folder_(std::move(folder)), bound_(bound) {}
    std::filesystem::path index_path(std::string_view url) const;
    void make_room(const std::filesystem::path& newest) const;

    std::filesystem::path folder_;
    std::uint64_t bound_;
};

}  // namespace waggle::ota
