#include "lumi.hpp"

#include <algorithm>
#include <array>

using namespace waggle;

namespace lumi {
namespace {

// [captured: genBasic report 1C 5F11 2D 0A F0FF 41 09 AA10054187 01011000]
constexpr std::array<std::uint8_t, 5> warning_prefix{0xAA, 0x10, 0x05, 0x41, 0x87};
constexpr std::array<std::uint8_t, 9> stay{0xAA, 0x10, 0x05, 0x41, 0x47, 0x01, 0x01, 0x10, 0x01};

void answer_warning(const Message& msg, Publisher&) {
    const auto text = msg[attr::reset_warning].bytes();
    if (text.size() < warning_prefix.size() ||
        !std::equal(warning_prefix.begin(), warning_prefix.end(), text.begin()))
        return;
    const auto device = msg.device();
    const Attribute answer{attr::reset_warning, Bytes(stay.begin(), stay.end()),
                           Type::octet_string};
    device.send(write(1, cluster::basic, {answer}, manufacturer), [device](const Reply& reply) {
        if (!reply.ok())
            log(LogLevel::error, "The reset of '" + device.name() +
                                     "' could not be prevented: " + std::string(reply.message()));
    });
}

}  // namespace

Extension ota() {
    return {.cluster_edits = {{.endpoint = 1, .cluster = cluster::ota}}, .ota = Ota{}};
}

Extension prevent_reset() {
    return {.from_device = {
                {cluster::basic, Kind::report, any_endpoint, answer_warning, "prevent_reset"}}};
}

}  // namespace lumi
