/// Reads from and writes to one connected stream, gathering small writes into large ones.
#pragma once

#include <array>
#include <functional>
#include <memory>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "link.hpp"

namespace waggle::sim {

template <typename Stream>
class Pump : public std::enable_shared_from_this<Pump<Stream>> {
  public:
    explicit Pump(Stream stream) : stream_(std::move(stream)) {}

    void start() { read(); }

    void send(View bytes) {
        if (closed_ || out_.size() + bytes.size() > Link::max_pending)
            return;
        out_.insert(out_.end(), bytes.begin(), bytes.end());
        if (busy_)
            return;
        busy_ = true;
        boost::asio::post(stream_.get_executor(),
                          [self = this->shared_from_this()] { self->flush(); });
    }

    void close() {
        if (closed_)
            return;
        closed_ = true;
        boost::system::error_code ignored;
        stream_.close(ignored);
    }

    [[nodiscard]] std::size_t pending() const { return out_.size() + writing_.size(); }
    [[nodiscard]] bool is_closed() const { return closed_; }
    [[nodiscard]] Stream& stream() { return stream_; }

    std::function<void(View)> on_bytes;
    std::function<void()> on_drained;
    std::function<void()> on_closed;

  private:
    void read() {
        stream_.async_read_some(boost::asio::buffer(in_),
                                [self = this->shared_from_this()](
                                    const boost::system::error_code& error, std::size_t size) {
                                    if (self->closed_)
                                        return;
                                    if (error)
                                        return self->fail();
                                    self->on_bytes(View(self->in_.data(), size));
                                    if (!self->closed_)
                                        self->read();
                                });
    }

    void flush() {
        if (closed_)
            return;
        writing_.swap(out_);
        boost::asio::async_write(
            stream_, boost::asio::buffer(writing_),
            [self = this->shared_from_this()](const boost::system::error_code& error, std::size_t) {
                self->writing_.clear();
                self->busy_ = false;
                if (self->closed_)
                    return;
                if (error)
                    return self->fail();
                if (!self->out_.empty()) {
                    self->busy_ = true;
                    self->flush();
                }
                if (self->pending() < low_water && self->on_drained)
                    self->on_drained();
            });
    }

    void fail() {
        close();
        if (on_closed)
            on_closed();
    }

    static constexpr std::size_t low_water = 64u << 10;

    Stream stream_;
    std::array<std::uint8_t, 4096> in_{};
    Bytes out_;
    Bytes writing_;
    bool busy_ = false;
    bool closed_ = false;
};

}  // namespace waggle::sim
