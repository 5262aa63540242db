/// When frames passed the border between the host and the radio: CLOCK_MONOTONIC in nanoseconds, so
/// that another process can compare with its own clock.
///
/// A line a frame: "<ns> out|in <nwk> <endpoint> <cluster> <zcl bytes>", all numbers but the time
/// in hexadecimal. "out" is a frame from a device on its way to the host, "in" a data request.
/// Lines are made when somebody wants them: making them takes longer than what is being timed.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "aps.hpp"

namespace waggle::sim {

class Trace {
  public:
    enum class Direction : std::uint8_t { out, in };

    /// Keeps the last `capacity` frames for last(), and writes all to `file` unless empty.
    /// @return false when the file cannot be opened
    bool start(const std::string& file, std::size_t capacity);
    void stop();
    [[nodiscard]] bool is_on() const { return capacity_ > 0; }

    void record(Direction direction, std::uint16_t nwk, std::uint8_t endpoint,
                std::uint16_t cluster, View zcl);
    /// The oldest first.
    [[nodiscard]] std::vector<std::string> last(std::size_t count) const;
    void flush();

  private:
    struct Entry {
        std::int64_t at = 0;
        Direction direction = Direction::out;
        std::uint8_t endpoint = 0;
        std::uint16_t nwk = 0, cluster = 0;
        Bytes zcl;
    };
    struct CloseFile {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    static std::string line(const Entry& entry);

    static constexpr std::size_t most_unwritten = 4096;

    std::size_t capacity_ = 0;
    std::size_t next_ = 0;
    std::vector<Entry> entries_;    ///< for last(), a ring once it is full
    std::vector<Entry> unwritten_;  ///< for the file
    std::unique_ptr<std::FILE, CloseFile> file_;
};

}  // namespace waggle::sim
