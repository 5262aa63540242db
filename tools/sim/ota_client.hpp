/// The firmware updater of a virtual device: a client of the OTA upgrade cluster [ZCL8 11], with
/// its bad habits. It keeps what it was given, so that a test can compare it octet by octet.
#pragma once

#include <string>

#include <boost/json/fwd.hpp>

#include "ota_description.hpp"
#include "scheduler.hpp"

namespace waggle::sim {

class Device;

class OtaClient {
  public:
    OtaClient(Device& device, const OtaDescription& description);
    OtaClient(const OtaClient&) = delete;
    OtaClient& operator=(const OtaClient&) = delete;
    ~OtaClient();

    /// What it does from now on; see OtaDescription.
    OtaDescription settings;

    /// A command of the server.
    void receive(std::uint8_t sequence, std::uint8_t command, View payload);
    /// Asks whether there is an image.
    void query();
    /// From now on as often as its settings say.
    void ask_regularly();
    /// Forgets what it has of an image, and what it counted.
    void clear();

    [[nodiscard]] std::uint32_t version() const { return version_; }
    void set_version(std::uint32_t version) { version_ = version; }
    /// As far as the image has come; the whole of it after the update.
    [[nodiscard]] const Bytes& image() const { return image_; }
    [[nodiscard]] boost::json::object show() const;

  private:
    enum class State { idle, asked, downloading, waiting, ended, applying, restarting };

    void notified(View payload);
    void query_answered(View payload);
    void block_received(std::uint8_t sequence, View payload);
    void take_block(View payload);
    void wait_for_data(View payload);
    void upgrade_ended(View payload);

    void go_on();
    void request();
    void request_data();
    void end();
    void restart();
    void apply();
    void came_back();
    void stop(State state, std::string outcome);
    void repeat_later();
    void send(std::uint8_t command, View payload);
    void after(std::uint32_t milliseconds, void (OtaClient::*what)());

    struct Counts {
        std::uint32_t notifies = 0, queries = 0, requests = 0, blocks = 0, repeated = 0, lost = 0,
                      stale = 0, ends = 0;
    };

    Device& device_;
    State state_ = State::idle;
    std::string outcome_ = "none";
    std::uint32_t version_;
    Bytes image_;
    std::uint32_t size_ = 0;         // of the image that is being fetched
    std::uint32_t new_version_ = 0;  // and its version
    std::uint32_t page_end_ = 0;
    std::uint32_t smallest_ = 0, largest_ = 0;  // blocks
    std::uint8_t sequence_ = 0;                 // of the last request
    std::uint32_t tries_ = 0;
    bool has_restarted_ = false;
    Counts counts_;
    std::int64_t begun_ns_ = 0, ended_ns_ = 0;
    Scheduler::Handle timer_ = 0, regular_ = 0;
};

}  // namespace waggle::sim
