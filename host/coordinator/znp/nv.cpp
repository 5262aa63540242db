#include "coordinator/znp/nv.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "coordinator/znp/status.hpp"

namespace waggle::znp {
namespace {

constexpr std::uint8_t system_zstack = 1;
constexpr int attempts = 3;
constexpr std::size_t packed_key_item = 21;  ///< 24 where structures are aligned

/// system, item, index: in front of every request to the extended memory [MT 3.8.1.28].
Bytes extended_item(std::uint16_t id, std::uint16_t index) {
    Bytes out;
    ByteWriter(out).u8(system_zstack).u16(id).u16(index);
    return out;
}

/// A reply of status, length and value.
Result<Bytes> value_of(const Bytes& reply) {
    ByteReader in(reply);
    const auto code = in.u8();
    const auto value = in.bytes(in.u8());
    if (in.failed())
        return Errc::truncated;
    if (code != status::success)
        return status_error(code);
    return Bytes(value.begin(), value.end());
}

}  // namespace

boost::system::error_code Nv::failed(std::uint16_t id, boost::system::error_code error) {
    failed_item_ = id;
    log::debug("znp", "NV item 0x{:04x}: {}", id, error.message());
    return error;
}

Awaitable<Result<Bytes>> Nv::ask(const Command& command, Bytes payload) {
    const Command kept = command;
    for (int attempt = 1;; ++attempt) {
        auto reply = co_await driver_.call(kept, payload);
        if (reply || attempt == attempts || reply.error() != Errc::timed_out)
            co_return reply;
    }
}

Awaitable<Result<void>> Nv::init(Product product) {
    auto key = co_await read(nv::network_key);
    if (!key)
        co_return key.error();
    if (*key)
        alignment_ = (*key)->size() == packed_key_item ? Alignment::packed : Alignment::even;
    else
        alignment_ = product == Product::zstack_3x0 ? Alignment::even : Alignment::packed;
    co_return Result<void>{};
}

Awaitable<Result<std::size_t>> Nv::length(std::uint16_t id) {
    Bytes payload;
    ByteWriter(payload).u16(id);
    auto reply = co_await ask(mt::nv_length, std::move(payload));
    if (!reply)
        co_return failed(id, reply.error());
    ByteReader in(*reply);
    const std::size_t length = in.u16();
    if (in.failed())
        co_return failed(id, Errc::truncated);
    co_return length;
}

Awaitable<Result<std::optional<Bytes>>> Nv::read(std::uint16_t id) {
    const auto total = co_await length(id);
    if (!total)
        co_return total.error();
    if (*total == 0)
        co_return std::optional<Bytes>();
    Bytes value;
    while (value.size() < *total) {
        Bytes payload;
        ByteWriter(payload).u16(id).u16(static_cast<std::uint16_t>(value.size()));
        auto reply = co_await ask(mt::nv_read_ext, std::move(payload));
        if (!reply)
            co_return failed(id, reply.error());
        auto part = value_of(*reply);
        if (!part)
            co_return failed(id, part.error());
        if (part->empty() || value.size() + part->size() > *total)
            co_return failed(id, Errc::malformed);
        value.insert(value.end(), part->begin(), part->end());
    }
    co_return std::optional<Bytes>(std::move(value));
}

Awaitable<Result<void>> Nv::create(std::uint16_t id, Bytes value) {
    const auto first = std::min(value.size(), piece);
    Bytes payload;
    ByteWriter(payload)
        .u16(id)
        .u16(static_cast<std::uint16_t>(value.size()))
        .u8(static_cast<std::uint8_t>(first))
        .bytes(ByteView(value).first(first));
    auto reply = co_await ask(mt::nv_item_init, std::move(payload));
    if (!reply)
        co_return failed(id, reply.error());
    // "Initialized" says that it was not there and now is; success that it was there after all.
    const auto code = reply->empty() ? status::failure : reply->front();
    if (code != status::nv_item_initialized && code != status::success)
        co_return failed(id, status_error(code));
    co_return Result<void>{};
}

Awaitable<Result<void>> Nv::write(std::uint16_t id, Bytes value) {
    const auto present = co_await length(id);
    if (!present)
        co_return present.error();
    if (*present == 0) {
        auto created = co_await create(id, value);
        if (!created)
            co_return created;
    }
    for (std::size_t offset = 0; offset < value.size(); offset += piece) {
        const auto size = std::min(value.size() - offset, piece);
        Bytes payload;
        ByteWriter(payload)
            .u16(id)
            .u16(static_cast<std::uint16_t>(offset))
            .u16(static_cast<std::uint16_t>(size))
            .bytes(ByteView(value).subspan(offset, size));
        auto reply = co_await ask(mt::nv_write_ext, std::move(payload));
        if (!reply)
            co_return failed(id, reply.error());
        const auto code = reply->empty() ? status::failure : reply->front();
        if (code != status::success)
            co_return failed(id, status_error(code));
    }
    co_return Result<void>{};
}

Awaitable<Result<void>> Nv::update(std::uint16_t id, Bytes value) {
    auto current = co_await read(id);
    if (!current)
        co_return current.error();
    if (*current && **current == value)
        co_return Result<void>{};
    co_return co_await write(id, std::move(value));
}

Awaitable<Result<void>> Nv::remove(std::uint16_t id) {
    const auto present = co_await length(id);
    if (!present)
        co_return present.error();
    if (*present == 0)
        co_return Result<void>{};
    Bytes payload;
    ByteWriter(payload).u16(id).u16(static_cast<std::uint16_t>(*present));
    auto reply = co_await ask(mt::nv_delete, std::move(payload));
    if (!reply)
        co_return failed(id, reply.error());
    const auto code = reply->empty() ? status::failure : reply->front();
    if (code != status::success && code != status::nv_item_initialized)
        co_return failed(id, status_error(code));
    co_return Result<void>{};
}

Awaitable<Result<std::optional<Bytes>>> Nv::read_extended(std::uint16_t id, std::uint16_t index) {
    auto reply = co_await ask(mt::nv_ex_length, extended_item(id, index));
    if (!reply)
        co_return failed(id, reply.error());
    const auto length = reply->empty() ? std::uint8_t{0} : reply->front();
    if (length == 0)
        co_return std::optional<Bytes>();
    auto payload = extended_item(id, index);
    ByteWriter(payload).u16(0).u8(length);
    auto value = co_await ask(mt::nv_ex_read, std::move(payload));
    if (!value)
        co_return failed(id, value.error());
    auto entry = value_of(*value);
    if (!entry)
        co_return failed(id, entry.error());
    co_return std::optional<Bytes>(std::move(*entry));
}

Awaitable<Result<void>> Nv::write_extended(std::uint16_t id, std::uint16_t index, Bytes value) {
    auto reply = co_await ask(mt::nv_ex_length, extended_item(id, index));
    if (!reply)
        co_return failed(id, reply.error());
    if (reply->empty() || reply->front() == 0) {
        auto payload = extended_item(id, index);
        ByteWriter(payload).u32(static_cast<std::uint32_t>(value.size()));
        auto created = co_await ask(mt::nv_ex_create, std::move(payload));
        if (!created)
            co_return failed(id, created.error());
        if (created->empty() || created->front() != status::success)
            co_return failed(id, Errc::io_error);
    }
    auto payload = extended_item(id, index);
    ByteWriter(payload).u16(0).u8(static_cast<std::uint8_t>(value.size())).bytes(value);
    auto written = co_await ask(mt::nv_ex_write, std::move(payload));
    if (!written)
        co_return failed(id, written.error());
    const auto code = written->empty() ? status::failure : written->front();
    if (code != status::success)
        co_return failed(id, status_error(code));
    co_return Result<void>{};
}

}  // namespace waggle::znp
