#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "support/hex.hpp"
#include "support/scripted_transport.hpp"

/// A Z-Stack co-processor as far as the driver's tests need one: its memory, its start, and replies
/// that a test can replace. It frames and parses by itself, from the specification.
namespace waggle::test {

/// 0x2101 is SREQ SYS_PING: the two command octets.
Bytes mt_frame(std::uint16_t command, const Bytes& data);

class ScriptedNcp {
  public:
    using Reply = std::function<std::vector<Bytes>(const Bytes& data)>;  ///< whole frames

    explicit ScriptedNcp(boost::asio::any_io_executor executor);
    ~ScriptedNcp() { link->on_written = nullptr; }

    std::shared_ptr<ScriptedLink> link;

    // What it is
    std::uint8_t product = 1;
    std::uint32_t revision = 20210708;
    std::uint64_t ieee = 0x00124B0011223344;
    std::uint8_t state = 0;  ///< 9: running as coordinator
    std::map<std::uint16_t, Bytes> nv;
    std::map<std::pair<std::uint16_t, std::uint16_t>, Bytes> nv_extended;  ///< item, index
    std::set<int> endpoints;
    bool in_group = false;
    std::uint16_t pan_id_taken = 0;  ///< what forming chooses instead of the one asked for

    /// Replaces the reply to a command.
    void on(std::uint16_t command, Reply reply) { replies_[command] = std::move(reply); }
    void ignore(std::uint16_t command) {
        on(command, [](const Bytes&) { return std::vector<Bytes>(); });
    }
    /// Goes back to its own reply.
    void again(std::uint16_t command) { replies_.erase(command); }

    void say(std::uint16_t command, std::string_view data_hex) {
        link->say(mt_frame(command, hex(data_hex)));
    }

    struct Asked {
        std::uint16_t command;
        Bytes data;
    };
    std::vector<Asked> asked;  ///< every request, in order
    std::size_t count(std::uint16_t command) const;
    std::string last(std::uint16_t command) const;  ///< data of the last such request, hexadecimal

    /// As after forming with these values; the tables have a few free places.
    void form(std::uint16_t pan_id, std::uint64_t extended_pan_id, std::uint8_t channel,
              const std::array<std::uint8_t, 16>& key);
    void create_tables();

  private:
    void written(ByteView bytes);
    void request(std::uint16_t command, const Bytes& data);
    std::vector<Bytes> answer(std::uint16_t command, const Bytes& data);
    std::vector<Bytes> answer_sys(std::uint8_t id, const Bytes& data);
    std::vector<Bytes> answer_nv(std::uint8_t id, const Bytes& data);
    std::vector<Bytes> answer_extended(std::uint8_t id, const Bytes& data);
    std::vector<Bytes> answer_zdo(std::uint8_t id, const Bytes& data);
    std::vector<Bytes> became_coordinator(std::uint16_t reply);
    Bytes nib(std::uint16_t pan_id, std::uint64_t extended_pan_id, std::uint8_t channel,
              std::uint32_t mask) const;
    void form_from_items();

    std::map<std::uint16_t, Reply> replies_;
};

}  // namespace waggle::test
