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
    flush();
    capacity_ = 0;
    next_ = 0;
    entries_.clear();
    file_.reset();
}

void Trace::record(Direction direction, std::uint16_t nwk, std::uint8_t endpoint,
                   std::uint16_t cluster, View zcl) {
    if (!is_on())
        return;
    Entry entry{monotonic_ns(), direction, endpoint, nwk, cluster, Bytes(zcl.begin(), zcl.end())};
    if (file_) {
        unwritten_.push_back(entry);
        if (unwritten_.size() >= most_unwritten)
            flush();
    }
    if (entries_.size() < capacity_)
        entries_.push_back(std::move(entry));
    else
        entries_[next_] = std::move(entry);
    next_ = (next_ + 1) % capacity_;
}

std::string Trace::line(const Entry& entry) {
    char head[64];
    const int size = std::snprintf(
        head, sizeof head, "%lld %s %04x %02x %04x ", static_cast<long long>(entry.at),
        entry.direction == Direction::out ? "out" : "in", static_cast<unsigned>(entry.nwk),
        static_cast<unsigned>(entry.endpoint), static_cast<unsigned>(entry.cluster));
    return std::string(head, static_cast<std::size_t>(size)) + to_hex(entry.zcl);
}

std::vector<std::string> Trace::last(std::size_t count) const {
    std::vector<std::string> lines;
    const std::size_t size = entries_.size();
    count = std::min(count, size);
    const std::size_t oldest = size < capacity_ ? 0 : next_;
    for (std::size_t i = size - count; i < size; ++i)
        lines.push_back(line(entries_[(oldest + i) % size]));
    return lines;
}

void Trace::flush() {
    if (!file_)
        return;
    for (const Entry& entry : unwritten_)
        std::fprintf(file_.get(), "%s\n", line(entry).c_str());
    unwritten_.clear();
    std::fflush(file_.get());
}

}  // namespace waggle::sim
