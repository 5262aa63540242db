// genGroups [ZCL8 3.6]: membership of each endpoint.
#include <algorithm>

#include "behaviours.hpp"

namespace waggle::sim {

namespace {

constexpr std::size_t capacity = 16;

Bytes status_and_group(zcl::Status status, std::uint16_t group) {
    return Writer().u8(static_cast<unsigned>(status)).u16(group).take();
}

Outcome add(Device& device, const Command& command, bool answer) {
    Reader in(command.payload);
    const std::uint16_t group = in.u16();
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    std::set<std::uint16_t>& groups = device.groups(command.endpoint);
    zcl::Status status = zcl::Status::success;
    if (group == 0 || group > 0xFFF7)
        status = zcl::Status::invalid_value;
    else if (groups.size() >= capacity && !groups.contains(group))
        status = zcl::Status::insufficient_space;
    else
        groups.insert(group);
    device.air().state_changed();
    return answer ? Outcome::reply(0x00, status_and_group(status, group)) : Outcome{};
}

Outcome view(Device& device, const Command& command) {
    Reader in(command.payload);
    const std::uint16_t group = in.u16();
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    const bool member = device.groups(command.endpoint).contains(group);
    Bytes payload = status_and_group(member ? zcl::Status::success : zcl::Status::not_found, group);
    payload.push_back(0);  // no name
    return Outcome::reply(0x01, std::move(payload));
}

Outcome membership(Device& device, const Command& command) {
    Reader in(command.payload);
    std::vector<std::uint16_t> asked(in.u8());
    for (std::uint16_t& group : asked)
        group = in.u16();
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    const std::set<std::uint16_t>& groups = device.groups(command.endpoint);
    std::vector<std::uint16_t> members(groups.begin(), groups.end());
    if (!asked.empty())
        std::erase_if(members, [&](std::uint16_t group) {
            return std::ranges::find(asked, group) == asked.end();
        });
    if (members.empty() && !asked.empty())
        return {};
    Writer out;
    out.u8(capacity - groups.size()).u8(members.size());
    for (const std::uint16_t group : members)
        out.u16(group);
    return Outcome::reply(0x02, out.take());
}

Outcome remove(Device& device, const Command& command) {
    Reader in(command.payload);
    const std::uint16_t group = in.u16();
    if (in.failed())
        return Outcome::failed(zcl::Status::malformed_command);
    const bool was_member = device.groups(command.endpoint).erase(group) > 0;
    device.air().state_changed();
    return Outcome::reply(
        0x03, status_and_group(was_member ? zcl::Status::success : zcl::Status::not_found, group));
}

class Groups final : public Behaviour {
  public:
    std::uint16_t cluster() const override { return 0x0004; }
    std::vector<std::uint8_t> received() const override { return {0, 1, 2, 3, 4, 5}; }
    std::vector<std::uint8_t> generated() const override { return {0, 1, 2, 3}; }
    Outcome run(Device& device, const Command& command) const override {
        switch (command.id) {
            case 0x00: return add(device, command, true);
            case 0x01: return view(device, command);
            case 0x02: return membership(device, command);
            case 0x03: return remove(device, command);
            case 0x04:
                device.groups(command.endpoint).clear();
                device.air().state_changed();
                return {};
            case 0x05: return add(device, command, false);
            default: return Outcome::failed(zcl::Status::unsupported_command);
        }
    }
};

}  // namespace

const Behaviour& groups_behaviour() {
    static const Groups behaviour;
    return behaviour;
}

}  // namespace waggle::sim
