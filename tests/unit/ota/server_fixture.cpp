#include "server_fixture.hpp"

#include <fmt/format.h>

namespace waggle::test {
namespace {

constexpr std::size_t before = 5;  // octets of the container

std::string little_endian(std::uint32_t number) {
    Bytes bytes;
    ByteWriter(bytes).u32(number);
    return to_hex(bytes);
}

/// Header of 56 octets, one element of 68.
Bytes image_bytes(std::uint8_t version) {
    Bytes bytes = hex("1EF1EE0B 0001 3800 0000 5F11 0101");
    ByteWriter out(bytes);
    out.u32(version).u16(2);
    bytes.resize(52, 0x20);
    out.u32(ServerFixture::image_size).u16(0).u32(68);
    while (bytes.size() < ServerFixture::image_size)
        out.u8(static_cast<std::uint8_t>(bytes.size() * 7));
    return bytes;
}

}  // namespace

ServerFixture::ServerFixture() {
    write_image();
    open_server();
    pair();
}

ServerFixture::~ServerFixture() {
    server->stop();
    loop.settle();
    loop.run(network->stop());
    network.reset();
}

void ServerFixture::open_server() {
    server = std::make_unique<ota::Server>(loop.executor(), *network,
                                           (folder / "ota/transfers.json").string());
    server->set_query_hook([this](Device&, const ota::Query& query) { queries.push_back(query); });
    server->set_resume_hook([this](Device&, const ota::Resume& resume) {
        resumable.push_back(resume);
        return wants_to_resume;
    });
    network->listen(*server);
}

void ServerFixture::restart_all() {
    server->stop();
    loop.settle();
    loop.run(network->stop());
    network.reset();
    open();
    open_server();
    BOOST_REQUIRE(start());
    end.reset();
}

void ServerFixture::write_image(std::uint8_t version) {
    const auto bytes = image_bytes(version);
    folder.write("image.ota", "IKEA!" + std::string(as_text(bytes)) + "padding");
}

ota::StoredImage ServerFixture::image() const {
    ota::StoredImage image;
    image.path = (folder / "image.ota").string();
    image.offset = before;
    std::string problem;
    const auto bytes = image_bytes(22);
    const auto header = ota::read_image_header(bytes, problem);
    BOOST_REQUIRE_MESSAGE(header, problem);
    image.header = *header;
    return image;
}

ServerFixture::Frames ServerFixture::sent() {
    Frames frames;
    for (const auto& request : radio->sent)
        if (request.cluster == ota::ota_cluster)
            frames.push_back(to_hex(request.payload));
    radio->sent.clear();
    return frames;
}

ServerFixture::Frames ServerFixture::says(std::string_view frame, std::chrono::milliseconds time,
                                          EndpointId endpoint) {
    radio->sent.clear();
    radio->say(switch_address, endpoint, ota::ota_cluster, hex(frame));
    loop.pass(time, std::chrono::milliseconds(10));
    return sent();
}

std::string ServerFixture::block_request(std::uint8_t sequence, std::uint32_t offset,
                                         std::uint8_t size, std::uint32_t version) {
    return fmt::format("01 {:02x} 03 00 5F11 0101 {} {} {:02x}", sequence, little_endian(version),
                       little_endian(offset), size);
}

ServerFixture::Frames ServerFixture::asks_for(std::uint8_t sequence, std::uint32_t offset,
                                              std::uint8_t size, std::chrono::milliseconds time) {
    return says(block_request(sequence, offset, size), time);
}

ServerFixture::Frames ServerFixture::asks_for_page(std::uint8_t sequence, std::uint32_t offset,
                                                   std::uint16_t page,
                                                   std::chrono::milliseconds time) {
    return says(fmt::format("01 {:02x} 04 00 5F11 0101 16000000 {} 32 {:02x}{:02x} 6400", sequence,
                            little_endian(offset), page & 0xFF, page >> 8),
                time);
}

std::string ServerFixture::block(std::uint8_t sequence, std::uint32_t offset, std::uint32_t size,
                                 std::uint32_t version) {
    const auto whole = image_bytes(22);
    const auto data = ByteView(whole).subspan(offset, size);
    return fmt::format("19{:02x}05005f110101{}{}{:02x}{}", sequence, little_endian(version),
                       little_endian(offset), size, to_hex(data));
}

ota::ProgressHandler ServerFixture::note_progress() {
    return [this](ota::Progress now) { progress.emplace_back(now.percent, now.remaining); };
}

void ServerFixture::serve(ota::ServeOptions options) {
    end.reset();
    ota::Query query;
    query.endpoint = 1;
    query.sequence = 0x2A;
    query.manufacturer = 0x115F;
    query.image_type = 0x0101;
    query.file_version = 21;
    loop.start(server->serve(switch_ieee, query, image(), options, note_progress()), end);
    loop.settle();
}

void ServerFixture::resume() {
    BOOST_REQUIRE(!resumable.empty());
    end.reset();
    loop.start(server->resume(switch_ieee, resumable.back(), note_progress()), end);
    loop.settle();
}

std::string ServerFixture::failure() {
    return end && !*end ? end->error().message : std::string();
}

void ServerFixture::announce() {
    radio->say_zdo(switch_address, zdo::Cluster::device_annce, hex("2D7F 04030201008D1500 8E"));
    loop.settle();
}

}  // namespace waggle::test
