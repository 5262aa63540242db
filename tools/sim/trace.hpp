/// When frames passed the border between the host and the radio: CLOCK_MONOTONIC in nanoseconds, so
/// that another process can compare with its own clock.
///
/// A line a frame: "<ns> out|in <nwk> <endpoint> <cluster> <zcl bytes>", all numbers but the time
/// in hexadecimal. "out" is a frame from a device on its way to the host, "in" a data request.
#pragma once

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
    struct CloseFile {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    std::size_t capacity_ = 0;
    std::size_t next_ = 0;
    std::vector<std::string> lines_;
    std::unique_ptr<std::FILE, CloseFile> file_;
};

}  // namespace waggle::sim
