// genScenes [ZCL8 3.7], the part lights are asked for: store, recall, add, view, remove. A scene
// holds the endpoint's onOff and currentLevel.
#include "behaviours.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t on_off_cluster = 0x0006, level_cluster = 0x0008;

std::uint32_t scene_key(std::uint8_t endpoint, std::uint16_t group, std::uint8_t scene) {
    return static_cast<std::uint32_t>(endpoint) << 24 | static_cast<std::uint32_t>(group) << 8 |
           scene;
}

Bytes answer(zcl::Status status, std::uint16_t group, std::uint8_t scene) {
    return Writer().u8(static_cast<unsigned>(status)).u16(group).u8(scene).take();
}

/// Extension fields: cluster, length, values.
Bytes capture(const Device& device, std::uint8_t endpoint) {
    Writer out;
    for (const std::uint16_t cluster : {on_off_cluster, level_cluster})
        if (const Attribute* state = device.find(AttributeKey{endpoint, cluster, 0, 0}))
            out.u16(cluster).u8(state->value.size()).bytes(state->value);
    return out.take();
}

void apply(Device& device, std::uint8_t endpoint, View fields) {
    Reader in(fields);
    while (in.left() >= 3) {
        const std::uint16_t cluster = in.u16();
        const View value = in.take(in.u8());
        if (in.failed())
            return;
        const AttributeKey key{endpoint, cluster, 0, 0};
        if (const Attribute* state = device.find(key); state && value.size() >= state->value.size())
            device.set(key, value.first(state->value.size()), Change::reported);
    }
}

class Scenes final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return 0x0005; }
    std::vector<std::uint8_t> received() const override { return {0, 1, 2, 3, 4, 5, 6}; }
    std::vector<std::uint8_t> generated() const override { return {0, 1, 2, 3, 4, 6}; }
    Outcome run(Device& device, const Command& command) const override {
        Reader in(command.payload);
        const std::uint16_t group = in.u16();
        const std::uint8_t scene =
            command.id == 0x03 || command.id == 0x06 ? std::uint8_t{0} : in.u8();
        if (in.failed())
            return Outcome::failed(zcl::Status::malformed_command);
        const std::uint32_t key = scene_key(command.endpoint, group, scene);
        auto& scenes = device.scenes();
        const auto status = scenes.contains(key) ? zcl::Status::success : zcl::Status::not_found;
        switch (command.id) {
            case 0x00: return add(device, command, in, key);
            case 0x01: return Outcome::reply(0x01, view(scenes, key, answer(status, group, scene)));
            case 0x02: scenes.erase(key); return Outcome::reply(0x02, answer(status, group, scene));
            case 0x03: return remove_all(device, command.endpoint, group);
            case 0x04:
                scenes[key] = capture(device, command.endpoint);
                return Outcome::reply(0x04, answer(zcl::Status::success, group, scene));
            case 0x05:
                if (status != zcl::Status::success)
                    return Outcome::failed(status);
                apply(device, command.endpoint, scenes[key]);
                return {};
            case 0x06: return Outcome::reply(0x06, membership(device, command.endpoint, group));
            default: return Outcome::failed(zcl::Status::unsupported_command);
        }
    }

  private:
    static Outcome add(Device& device, const Command& command, Reader& in, std::uint32_t key) {
        in.u16();  // transition time
        in.take(in.u8());
        if (in.failed())
            return Outcome::failed(zcl::Status::malformed_command);
        device.scenes()[key].assign(in.rest().begin(), in.rest().end());
        Reader ids(command.payload);
        const std::uint16_t group = ids.u16();
        return Outcome::reply(0x00, answer(zcl::Status::success, group, ids.u8()));
    }

    static Bytes view(const std::map<std::uint32_t, Bytes>& scenes, std::uint32_t key, Bytes head) {
        const auto found = scenes.find(key);
        if (found == scenes.end())
            return head;
        Writer out;
        out.bytes(head).u16(0).u8(0).bytes(found->second);
        return out.take();
    }

    static Outcome remove_all(Device& device, std::uint8_t endpoint, std::uint16_t group) {
        std::erase_if(device.scenes(), [&](const auto& entry) {
            return entry.first >> 8 == scene_key(endpoint, group, 0) >> 8;
        });
        return Outcome::reply(
            0x03, Writer().u8(static_cast<unsigned>(zcl::Status::success)).u16(group).take());
    }

    static Bytes membership(Device& device, std::uint8_t endpoint, std::uint16_t group) {
        Bytes members;
        for (const auto& [key, fields] : device.scenes())
            if (key >> 8 == scene_key(endpoint, group, 0) >> 8)
                members.push_back(static_cast<std::uint8_t>(key));
        return Writer().u8(0).u8(0xFF).u16(group).u8(members.size()).bytes(members).take();
    }
};

}  // namespace

const Behaviour& scenes_behaviour() {
    static const Scenes behaviour;
    return behaviour;
}

}  // namespace waggle::sim
