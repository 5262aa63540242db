#include "burst.hpp"

#include <algorithm>

#include "mt.hpp"
#include "unpi.hpp"

namespace waggle::sim {

namespace {

// Offsets in the framed AF_INCOMING_MSG.
constexpr std::size_t head = 4;  // start, length, command
constexpr std::size_t time_at = head + 11;
constexpr std::size_t sequence_at = head + 15;
constexpr std::size_t zcl_at = head + 17;

Bytes encode(const Device& device, const FrameTemplate& shape) {
    Writer out;
    out.u16(0).u16(shape.cluster).u16(device.nwk()).u8(shape.endpoint).u8(1).u8(0);
    out.u8(device.lqi()).u8(0).u32(0).u8(0).u8(shape.bytes.size());
    for (const std::uint16_t byte : shape.bytes)
        out.u8(byte > 0xFF ? 0 : byte);
    out.u16(device.nwk()).u8(29);
    Bytes frame;
    append_unpi(frame, mt::incoming_msg, out.view());
    return frame;
}

}  // namespace

Burst::Burst(Link& link, Scheduler& scheduler, Trace& trace, std::uint64_t count, double rate,
             Done done)
    : link_(link),
      scheduler_(scheduler),
      trace_(trace),
      count_(count),
      rate_(rate),
      done_(std::move(done)) {
}

void Burst::add(const Device& device) {
    const std::vector<FrameTemplate>& shapes = device.description().burst;
    if (shapes.empty())
        return;
    Source source;
    source.nwk = device.nwk();
    source.endpoint = shapes.front().endpoint;
    source.cluster = shapes.front().cluster;
    for (const FrameTemplate& shape : shapes) {
        source.frames.push_back(encode(device, shape));
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < shape.bytes.size(); ++i)
            if (shape.bytes[i] > 0xFF)
                places.push_back(zcl_at + i);
        source.sequence_at.push_back(std::move(places));
    }
    sources_.push_back(std::move(source));
}

void Burst::start() {
    started_ = Scheduler::Clock::now();
    if (rate_ > 0)
        tick();
    else
        watch();
}

/// The link says when it has room again, but not that it is gone.
void Burst::watch() {
    resume();
    if (!finished_)
        scheduler_.after(Milliseconds(20), [self = shared_from_this()] { self->watch(); });
}

void Burst::resume() {
    if (!finished_ && rate_ <= 0)
        send_while_room(count_);
}

void Burst::tick() {
    const std::chrono::duration<double> passed = Scheduler::Clock::now() - started_;
    const auto due = static_cast<std::uint64_t>(passed.count() * rate_) + 1;
    send_while_room(std::min(due, count_));
    if (!finished_)
        scheduler_.after(Milliseconds(1), [self = shared_from_this()] { self->tick(); });
}

void Burst::send_while_room(std::uint64_t limit) {
    if (!link_.is_connected())
        return finish(false);
    while (statistics_.frames < limit && link_.pending() < high_water)
        send_one();
    if (statistics_.frames >= count_)
        finish(true);
}

void Burst::send_one() {
    Source& source = sources_[source_];
    source_ = (source_ + 1) % sources_.size();
    const std::size_t which = source.next;
    source.next = (source.next + 1) % source.frames.size();
    Bytes& frame = source.frames[which];
    const std::uint8_t sequence = source.sequence++;
    for (const std::size_t place : source.sequence_at[which])
        frame[place] = sequence;
    const auto time = static_cast<std::uint32_t>(monotonic_ns() / 320'000);
    for (std::size_t i = 0; i < 4; ++i)
        frame[time_at + i] = static_cast<std::uint8_t>(time >> (8 * i));
    frame[sequence_at] = aps_sequence_++;
    std::uint8_t check = 0;
    for (std::size_t i = 1; i + 1 < frame.size(); ++i)
        check = static_cast<std::uint8_t>(check ^ frame[i]);
    frame.back() = check;
    constexpr std::size_t tail = 4;  // last hop, radius, check
    trace_.record(Trace::Direction::out, source.nwk, source.endpoint, source.cluster,
                  View(frame).subspan(zcl_at, frame.size() - zcl_at - tail));
    link_.send(frame);
    ++statistics_.frames;
    statistics_.bytes += frame.size();
}

void Burst::finish(bool complete) {
    if (finished_)
        return;
    finished_ = true;
    const std::chrono::duration<double> passed = Scheduler::Clock::now() - started_;
    statistics_.seconds = passed.count();
    statistics_.complete = complete;
    done_(statistics_);
}

}  // namespace waggle::sim
