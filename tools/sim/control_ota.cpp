// The control command about a device's firmware.
#include <algorithm>
#include <array>
#include <fstream>

#include <boost/json/array.hpp>
#include <openssl/evp.h>

#include "control_table.hpp"
#include "ota_client.hpp"

namespace waggle::sim {

namespace {

namespace json = boost::json;

std::string sha512(View bytes) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha512(), nullptr) != 1)
        throw ControlError("SHA-512 cannot be computed");
    return to_hex(View(digest).first(length));
}

json::object state_of(const OtaClient& client) {
    json::object answer = client.show();
    answer["sha512"] = sha512(client.image());
    json::object settings;
    ota_settings_to_json(client.settings, settings);
    answer["settings"] = std::move(settings);
    return answer;
}

void save(const OtaClient& client, const std::string& file) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    const Bytes& image = client.image();
    out.write(reinterpret_cast<const char*>(image.data()),
              static_cast<std::streamsize>(image.size()));
    if (!out.flush())
        throw ControlError(file + " cannot be written");
}

void change(OtaClient& client, const std::string& name, const json::object& fields) {
    auto* setting = ota_setting(client.settings, name);
    if (!setting)
        throw ControlError("ota is followed by show, query, clear, save, or a setting's name");
    const bool none = fields.contains("value") && fields.at("value").is_string() &&
                      fields.at("value").get_string() == "none";
    *setting = none ? OtaDescription::none : number<std::uint32_t>(fields, "value");
    if (name == "file_version")
        client.set_version(*setting);
    if (name == "query_every_ms")
        client.ask_regularly();
}

void ota(Simulation& simulation, const json::object& fields, const ControlReply& reply) {
    Device& device = device_of(simulation, fields);
    OtaClient* client = device.ota();
    if (!client)
        throw ControlError("the device has no 'ota' in its file");
    const std::string action = text(fields, "action", "show");
    if (action == "query") {
        require_member(simulation, device);
        client->query();
    } else if (action == "clear") {
        client->clear();
    } else if (action == "save") {
        save(*client, text(fields, "value"));
    } else if (action != "show") {
        change(*client, action, fields);
    }
    reply(state_of(*client));
}

constexpr ControlCommand rows[] = {
    {"ota", "device [action] [value]",
     "its firmware: show, query, clear, save FILE, or a setting of its file and a value", ota},
};

}  // namespace

std::span<const ControlCommand> ota_commands() {
    return rows;
}

}  // namespace waggle::sim
