#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"
#include "ota/types.hpp"

/// Finding an image for a device and bringing it to the disk.
///
/// All of it happens in a child process, this very program started as `waggle ota job`: it reads a job
/// from its standard input and writes one answer. Indexes of megabytes, TLS and libcurl with its forty
/// libraries thus never enter the host, which has 8 MB, and a hostile file meets a process that owns
/// nothing. Threads were the alternative: what they allocate stays with the host for good.
namespace waggle::ota {

inline constexpr const char* public_index =
    "https://raw.githubusercontent.com/Koenkk/zigbee-OTA/master/index.json";
inline constexpr const char* public_previous_index =
    "https://raw.githubusercontent.com/Koenkk/zigbee-OTA/master/index1.json";

/// Where the indexes are. Each is an http(s) URL, a file, or a folder with images; a path that is not
/// absolute starts at the data folder.
struct IndexLocations {
    std::string override_location;  ///< ota.zigbee_ota_override_index_location; empty: none
    std::string latest = public_index, previous = public_previous_index;  ///< upgrade, downgrade
};

/// What the updater wants of a catalogue; its tests have one that follows a script. A failure is a
/// sentence that can stand in an answer as it is.
class ImageSource {
  public:
    virtual ~ImageSource() = default;

    /// The image to take and what became of the others. Without a match that is no failure: `best` is
    /// then absent. Where the wish names an image, it is fetched here, and obtain() has it at once.
    [[nodiscard]] virtual Awaitable<Outcome<Found>> find(DeviceFacts facts, Wish wish,
                                                         IndexLocations locations,
                                                         std::stop_token abort = {}) = 0;

    /// The image on the disk, its hash and its header compared with what the entry says.
    [[nodiscard]] virtual Awaitable<Outcome<StoredImage>> obtain(IndexEntry entry,
                                                                 std::stop_token abort = {}) = 0;
};

/// One child at a time; who comes meanwhile waits for its turn, up to Options::most_waiting, and is
/// refused beyond. A child is killed when its task is cancelled, `abort` is requested, the host stops
/// or dies, or it takes longer than Options::limit. Loop thread only.
class Catalogue final : public ImageSource {
  public:
    struct Options {
        std::filesystem::path executable = "/proc/self/exe";
        std::filesystem::path data_folder;
        std::size_t most_waiting = 64;
        Clock::duration limit = std::chrono::minutes(15);
    };

    Catalogue(const boost::asio::any_io_executor& executor, Options options);
    ~Catalogue() override;
    Catalogue(const Catalogue&) = delete;
    Catalogue& operator=(const Catalogue&) = delete;

    [[nodiscard]] Awaitable<Outcome<Found>> find(DeviceFacts facts, Wish wish,
                                                 IndexLocations locations,
                                                 std::stop_token abort = {}) override;
    [[nodiscard]] Awaitable<Outcome<StoredImage>> obtain(IndexEntry entry,
                                                         std::stop_token abort = {}) override;

    /// Kills what runs, refuses who waits and who comes later.
    void stop();

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace waggle::ota
