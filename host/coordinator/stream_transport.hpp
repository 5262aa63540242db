#pragma once

#include <array>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "coordinator/transport.hpp"

/// The part that serial ports and sockets have in common: the read loop and the write queue over an
/// open Asio stream. The handlers hold the shared part, so that the transport may be closed and
/// destroyed from inside any of them.
namespace waggle {

template <class Stream>
class StreamCore : public std::enable_shared_from_this<StreamCore<Stream>> {
  public:
    explicit StreamCore(const boost::asio::any_io_executor& executor) : stream_(executor) {}

    Stream& stream() noexcept { return stream_; }

    void start(Transport::Sink& sink) {
        sink_ = &sink;
        read();
    }

    Result<void> write(Bytes bytes) {
        if (!sink_)
            return Errc::closed;
        if (unwritten_ + bytes.size() > Transport::max_unwritten)
            return Errc::busy;
        unwritten_ += bytes.size();
        queue_.push_back(std::move(bytes));
        if (queue_.size() == 1)
            write_next();
        return {};
    }

    void present_again() {
        boost::asio::post(stream_.get_executor(), [self = this->shared_from_this()] {
            if (self->sink_ && self->begin_ != self->end_)
                self->deliver();
        });
    }

    void close() noexcept {
        sink_ = nullptr;
        boost::system::error_code ignored;
        stream_.close(ignored);
        // The entry that is being written stays until its handler has run.
        while (queue_.size() > 1)
            queue_.pop_back();
    }

  private:
    void read() {
        auto handler = [self = this->shared_from_this()](boost::system::error_code error,
                                                         std::size_t count) {
            self->on_read(error, count);
        };
        const auto space = boost::asio::buffer(buffer_.data() + end_, buffer_.size() - end_);
        stream_.async_read_some(space, std::move(handler));
    }

    void on_read(boost::system::error_code error, std::size_t count) {
        if (!sink_)
            return;
        if (error)
            return fail(error);
        end_ += count;
        deliver();
        if (!sink_)
            return;
        make_room();
        read();
    }

    void deliver() { begin_ += sink_->received(ByteView(buffer_.data() + begin_, end_ - begin_)); }

    /// Only here, between two reads, may bytes move: a read under way knows where it writes.
    void make_room() noexcept {
        if (begin_ == 0 && end_ == buffer_.size())
            begin_ = 1;  // a sink that waits for more than fits would wait for ever
        if (begin_ != 0 && begin_ != end_)
            std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }

    void write_next() {
        auto handler = [self = this->shared_from_this()](boost::system::error_code error,
                                                         std::size_t) { self->on_written(error); };
        boost::asio::async_write(stream_, boost::asio::buffer(queue_.front()), std::move(handler));
    }

    void on_written(boost::system::error_code error) {
        if (!queue_.empty()) {
            unwritten_ -= queue_.front().size();
            queue_.pop_front();
        }
        if (!sink_)
            return;
        if (error)
            return fail(error);
        if (!queue_.empty())
            write_next();
    }

    void fail(boost::system::error_code error) {
        auto* const sink = std::exchange(sink_, nullptr);
        close();
        if (error == boost::asio::error::eof)
            sink->closed("the other end closed the connection");
        else
            sink->closed(error.message());
    }

    Stream stream_;
    Transport::Sink* sink_ = nullptr;  ///< null: not open
    std::array<std::uint8_t, Transport::read_buffer_size> buffer_{};
    std::size_t begin_ = 0;  ///< [begin_, end_) waits for the sink
    std::size_t end_ = 0;
    std::deque<Bytes> queue_;  ///< the front is being written
    std::size_t unwritten_ = 0;
};

}  // namespace waggle
