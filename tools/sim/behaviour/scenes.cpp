// genScenes [ZCL8 3.7]: add, view, remove, store, recall, with the enhanced commands and copying. A
// scene holds the endpoint's switch, level, lift and colour; names are not kept, and a recalled
// scene is there at once.
#include "behaviours.hpp"
#include "color_scene.hpp"

namespace waggle::sim {

namespace {

constexpr std::uint16_t on_off_cluster = 0x0006, level_cluster = 0x0008, covering_cluster = 0x0102,
                        color_cluster = 0x0300;
constexpr std::size_t capacity = 16;  // of an endpoint
constexpr unsigned tenths = 10;

enum : std::uint8_t {
    add_scene = 0x00,
    view_scene = 0x01,
    remove_scene = 0x02,
    remove_all_scenes = 0x03,
    store_scene = 0x04,
    recall_scene = 0x05,
    get_membership = 0x06,
    enhanced_add = 0x40,
    enhanced_view = 0x41,
    copy_scene = 0x42,
};

/// What a scene is a snapshot of, but for the colour: an attribute of one octet each.
struct Part {
    std::uint16_t cluster, attribute;
};
constexpr Part parts[] = {
    {on_off_cluster, 0x0000}, {level_cluster, 0x0000}, {covering_cluster, 0x0008}};

/// The scenes of one endpoint. A stored one begins with its transition in tenths of a second, its
/// extension fields follow.
class Scenes {
  public:
    Scenes(Device& device, std::uint8_t endpoint) : device_(device), endpoint_(endpoint) {}

    Bytes* find(std::uint16_t group, std::uint8_t scene) const {
        const auto found = device_.scenes().find(key(group, scene));
        return found == device_.scenes().end() ? nullptr : &found->second;
    }
    std::vector<std::uint8_t> of(std::uint16_t group) const {
        std::vector<std::uint8_t> numbers;
        for (const auto& [known, scene] : device_.scenes())
            if (known >> 8 == key(group, 0) >> 8)
                numbers.push_back(static_cast<std::uint8_t>(known));
        return numbers;
    }
    std::size_t left() const {
        std::size_t used = 0;
        for (const auto& [known, scene] : device_.scenes())
            used += known >> 24 == endpoint_ ? 1U : 0U;
        return capacity - used;
    }
    zcl::Status put(std::uint16_t group, std::uint8_t scene, Bytes content) const {
        if (!may_have(group))
            return zcl::Status::invalid_field;
        if (!find(group, scene) && left() == 0)
            return zcl::Status::insufficient_space;
        device_.scenes()[key(group, scene)] = std::move(content);
        return zcl::Status::success;
    }
    zcl::Status erase(std::uint16_t group, std::uint8_t scene) const {
        if (!may_have(group))
            return zcl::Status::invalid_field;
        return device_.scenes().erase(key(group, scene)) > 0 ? zcl::Status::success
                                                             : zcl::Status::not_found;
    }
    /// Only of groups to which the endpoint belongs.
    bool may_have(std::uint16_t group) const {
        return group == 0 || device_.groups(endpoint_).contains(group);
    }

    Bytes capture(unsigned transition) const {
        Writer out;
        out.u16(transition);
        for (const Part& part : parts)
            if (const Attribute* state = device_.find(key_of(part)))
                out.u16(part.cluster).u8(1).u8(state->value.at(0));
        if (const Bytes color = stored_color(device_, endpoint_); !color.empty())
            out.u16(color_cluster).u8(color.size()).bytes(color);
        return out.take();
    }
    void recall(View content) const {
        Reader in(content);
        in.u16();
        while (in.left() >= 3) {
            const std::uint16_t cluster = in.u16();
            const View value = in.take(in.u8());
            if (in.failed())
                return;
            if (cluster == color_cluster)
                recall_color(device_, endpoint_, value);
            for (const Part& part : parts)
                if (part.cluster == cluster && !value.empty() && device_.find(key_of(part)))
                    device_.set(key_of(part), value.first(1), Change::reported);
        }
    }

  private:
    std::uint32_t key(std::uint16_t group, std::uint8_t scene) const {
        return static_cast<std::uint32_t>(endpoint_) << 24 |
               static_cast<std::uint32_t>(group) << 8 | scene;
    }
    AttributeKey key_of(const Part& part) const {
        return AttributeKey{endpoint_, part.cluster, 0, part.attribute};
    }

    Device& device_;
    std::uint8_t endpoint_;
};

Bytes answer(zcl::Status status, std::uint16_t group, std::uint8_t scene) {
    return Writer().u8(static_cast<unsigned>(status)).u16(group).u8(scene).take();
}

class SceneServer final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return 0x0005; }
    std::vector<std::uint8_t> received() const override {
        return {add_scene,    view_scene,     remove_scene, remove_all_scenes, store_scene,
                recall_scene, get_membership, enhanced_add, enhanced_view,     copy_scene};
    }
    std::vector<std::uint8_t> generated() const override {
        return {add_scene,      view_scene,   remove_scene,  remove_all_scenes, store_scene,
                get_membership, enhanced_add, enhanced_view, copy_scene};
    }

    Outcome run(Device& device, const Command& command) const override {
        const Scenes scenes(device, command.endpoint);
        Reader in(command.payload);
        if (command.id == copy_scene)
            return copy(scenes, in);
        const std::uint16_t group = in.u16();
        if (command.id == remove_all_scenes || command.id == get_membership)
            return in.failed()                       ? malformed()
                   : command.id == remove_all_scenes ? remove_all(scenes, group)
                                                     : membership(scenes, group);
        const std::uint8_t scene = in.u8();
        if (in.failed())
            return malformed();
        switch (command.id) {
            case add_scene: return add(scenes, add_scene, tenths, group, scene, in);
            case enhanced_add: return add(scenes, enhanced_add, 1, group, scene, in);
            case view_scene: return view(scenes, view_scene, tenths, group, scene);
            case enhanced_view: return view(scenes, enhanced_view, 1, group, scene);
            case remove_scene:
                return Outcome::reply(remove_scene,
                                      answer(scenes.erase(group, scene), group, scene));
            case store_scene: return store(scenes, group, scene);
            case recall_scene: return recall(scenes, group, scene);
            default: return Outcome::failed(zcl::Status::unsupported_command);
        }
    }

  private:
    static Outcome malformed() { return Outcome::failed(zcl::Status::malformed_command); }

    /// @param scale  of the transition time: seconds in the plain command, tenths in the enhanced
    static Outcome add(const Scenes& scenes, std::uint8_t id, unsigned scale, std::uint16_t group,
                       std::uint8_t scene, Reader& in) {
        const unsigned transition = in.u16() * scale;
        in.take(in.u8());
        if (in.failed())
            return malformed();
        Writer content;
        content.u16(std::min(transition, 0xFFFFU)).bytes(in.rest());
        return Outcome::reply(id, answer(scenes.put(group, scene, content.take()), group, scene));
    }

    static Outcome view(const Scenes& scenes, std::uint8_t id, unsigned scale, std::uint16_t group,
                        std::uint8_t scene) {
        const Bytes* content = scenes.find(group, scene);
        if (!content || !scenes.may_have(group)) {
            const auto status =
                scenes.may_have(group) ? zcl::Status::not_found : zcl::Status::invalid_field;
            return Outcome::reply(id, answer(status, group, scene));
        }
        Reader in(*content);
        Writer out;
        out.bytes(answer(zcl::Status::success, group, scene)).u16(in.u16() / scale).u8(0);
        return Outcome::reply(id, out.bytes(in.rest()).take());
    }

    /// The transition of a scene that is stored over stays.
    static Outcome store(const Scenes& scenes, std::uint16_t group, std::uint8_t scene) {
        unsigned transition = 0;
        if (const Bytes* before = scenes.find(group, scene))
            transition = Reader(*before).u16();
        const auto status = scenes.put(group, scene, scenes.capture(transition));
        return Outcome::reply(store_scene, answer(status, group, scene));
    }

    static Outcome recall(const Scenes& scenes, std::uint16_t group, std::uint8_t scene) {
        if (!scenes.may_have(group))
            return Outcome::failed(zcl::Status::invalid_field);
        const Bytes* content = scenes.find(group, scene);
        if (!content)
            return Outcome::failed(zcl::Status::not_found);
        scenes.recall(*content);
        return {};
    }

    static Outcome remove_all(const Scenes& scenes, std::uint16_t group) {
        const auto status =
            scenes.may_have(group) ? zcl::Status::success : zcl::Status::invalid_field;
        for (const std::uint8_t scene : scenes.of(group))
            (void)scenes.erase(group, scene);
        return Outcome::reply(remove_all_scenes,
                              Writer().u8(static_cast<unsigned>(status)).u16(group).take());
    }

    static Outcome membership(const Scenes& scenes, std::uint16_t group) {
        const bool may = scenes.may_have(group);
        const auto status = may ? zcl::Status::success : zcl::Status::invalid_field;
        Writer out;
        out.u8(static_cast<unsigned>(status)).u8(scenes.left()).u16(group);
        if (may) {
            const auto numbers = scenes.of(group);
            out.u8(numbers.size()).bytes(numbers);
        }
        return Outcome::reply(get_membership, out.take());
    }

    static Outcome copy(const Scenes& scenes, Reader& in) {
        const bool all = (in.u8() & 1) != 0;
        const std::uint16_t from_group = in.u16();
        const std::uint8_t from_scene = in.u8();
        const std::uint16_t to_group = in.u16();
        const std::uint8_t to_scene = in.u8();
        if (in.failed())
            return malformed();
        auto status = scenes.may_have(from_group) && scenes.may_have(to_group)
                          ? zcl::Status::success
                          : zcl::Status::invalid_field;
        const auto put = [&](std::uint8_t from, std::uint8_t to) {
            const Bytes* content = scenes.find(from_group, from);
            if (status == zcl::Status::success)
                status =
                    content ? scenes.put(to_group, to, Bytes(*content)) : zcl::Status::not_found;
        };
        if (!all)
            put(from_scene, to_scene);
        else
            for (const std::uint8_t scene : scenes.of(from_group))
                put(scene, scene);
        return Outcome::reply(copy_scene, answer(status, from_group, from_scene));
    }
};

}  // namespace

const Behaviour& scenes_behaviour() {
    static const SceneServer behaviour;
    return behaviour;
}

}  // namespace waggle::sim
