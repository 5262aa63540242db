#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "ota/catalogue.hpp"
#include "ota/types.hpp"

/// What a catalogue's child process does, and how the two speak: a job and its answer are one JSON
/// object each.
///
///   {"find": {"facts": …, "wish": …, "locations": …}, "parent": PID}    {"found": …}
///   {"obtain": ENTRY, "parent": PID}                                    {"stored": …}
///                                                                       {"failure": SENTENCE}
namespace waggle::ota {

inline constexpr std::size_t longest_job = 1 << 20, longest_answer = 1 << 20;

struct FindJob {
    DeviceFacts facts;
    Wish wish;
    IndexLocations locations;
};

/// An image in the cache, as the child says it: by its hash, which is its name.
struct StoredName {
    std::string sha512;
    std::uint64_t offset = 0;
};

// The host's side.
std::string job_text(const FindJob& job);
std::string job_text(const IndexEntry& entry);
[[nodiscard]] Outcome<Found> read_found(std::string_view answer);
[[nodiscard]] Outcome<StoredName> read_stored(std::string_view answer);
std::filesystem::path cache_folder(const std::filesystem::path& data_folder);

// The child's side.
[[nodiscard]] Outcome<Found> find(const FindJob& job, const std::filesystem::path& data_folder);
[[nodiscard]] Outcome<StoredName> obtain(const IndexEntry& entry,
                                         const std::filesystem::path& data_folder);
/// Never throws: what cannot be done is an answer, too.
std::string run_job(std::string_view job, const std::filesystem::path& data_folder);

/// The whole life of the child: it dies with its parent, reads a job from standard input, does it and
/// writes the answer to standard output. -> exit code
int serve_job(const std::filesystem::path& data_folder);

}  // namespace waggle::ota
