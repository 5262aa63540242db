#pragma once

#include <string>
#include <vector>

#include "../network/network_fixture.hpp"
#include "ota/server.hpp"

/// The server on a network with one wall switch that says what a test wants it to say. Frames of the
/// switch are those of a QBKG04LM, answers those that zigbee2mqtt 2.14.1 gives to the same requests
/// [recorded 2026-11].
namespace waggle::test {

struct ServerFixture : NetworkFixture {
    using Frames = std::vector<std::string>;

    static constexpr std::uint32_t image_size = 130;

    ServerFixture();
    ~ServerFixture();

    /// The process ends and begins again, on the same files.
    void restart_all();

    /// What the switch says, and what is sent within the time because of it, without what else is
    /// said to the switch.
    Frames says(std::string_view frame,
                std::chrono::milliseconds time = std::chrono::milliseconds(250),
                EndpointId endpoint = 1);
    Frames sent();
    /// "01 SS 03 …" for the switch's image.
    Frames asks_for(std::uint8_t sequence, std::uint32_t offset, std::uint8_t size = 50,
                    std::chrono::milliseconds time = std::chrono::milliseconds(250));
    Frames asks_for_page(std::uint8_t sequence, std::uint32_t offset, std::uint16_t page,
                         std::chrono::milliseconds time);
    static std::string block_request(std::uint8_t sequence, std::uint32_t offset, std::uint8_t size,
                                     std::uint32_t version = 22);
    static std::string block(std::uint8_t sequence, std::uint32_t offset, std::uint32_t size,
                             std::uint32_t version = 22);

    ota::StoredImage image() const;
    /// Begins to serve it; the offer has been sent when this returns.
    void serve(ota::ServeOptions options = {});
    void resume();
    std::string failure();  ///< of what serve() came to; empty when it did not fail, or is not over
    void write_image(std::uint8_t version = 22);
    void announce();

    ota::ProgressHandler note_progress();

    std::unique_ptr<ota::Server> server;
    std::optional<ota::Outcome<ota::End>> end;
    std::optional<ota::Outcome<ota::Query>> asked;  ///< of what ask() came to
    std::vector<std::pair<double, double>> progress;
    std::vector<ota::Query> queries;
    std::vector<ota::Resume> resumable;
    bool wants_to_resume = true;

  private:
    void open_server();
};

}  // namespace waggle::test
