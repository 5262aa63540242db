#include "trace.hpp"

#include <algorithm>

#include "scheduler.hpp"

namespace waggle::sim {

bool Trace::start(const std::string& file, std::size_t capacity) {
    stop();
    if (!file.empty()) {
        file_.reset(std::fopen(file.c_str(), "we"));
        if (!file_)
            return false;
        std::setvbuf(file_.get(), nullptr, _IOFBF, 1 << 16);
    }
    capacity_ = std::max<std::size_t>(capacity, 1);
    return true;
}

void Trace::stop() {
    capacity_ = 0;
    next_ = 0;
    lines_.clear();
    file_.reset();
}

void Trace::record(Direction direction, std::uint16_t nwk, std::uint8_t endpoint,
                   std::uint16_t cluster, View zcl) {
    if (!is_on())
        return;
    char head[64];
    const int size = std::snprintf(
        head, sizeof head, "%lld %s %04x %02x %04x ", static_cast<long long>(monotonic_ns()),
        direction == Direction::out ? "out" : "in", static_cast<unsigned>(nwk),
        static_cast<unsigned>(endpoint), static_cast<unsigned>(cluster));
    std::string line(head, static_cast<std::size_t>(size));
    line += to_hex(zcl);
    if (file_)
        std::fprintf(file_.get(), "%s\n", line.c_str());
    if (lines_.size() < capacity_)
        lines_.push_back(std::move(line));
    else
        lines_[next_] = std::move(line);
    next_ = (next_ + 1) % capacity_;
}

std::vector<std::string> Trace::last(std::size_t count) const {
    std::vector<std::string> lines;
    const std::size_t size = lines_.size();
    count = std::min(count, size);
    const std::size_t oldest = size < capacity_ ? 0 : next_;
    for (std::size_t i = size - count; i < size; ++i)
        lines.push_back(lines_[(oldest + i) % size]);
    return lines;
}

void Trace::flush() {
    if (file_)
        std::fflush(file_.get());
}

}  // namespace waggle::sim
