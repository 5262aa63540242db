#include "faults.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "mt.hpp"

namespace waggle::sim {

namespace {

namespace json = boost::json;

/// True when one use was left.
bool use(std::uint32_t& left) {
    if (left == 0)
        return false;
    if (left != Faults::always)
        --left;
    return true;
}

json::value left_of(std::uint32_t left) {
    return left == Faults::always ? json::value("always") : json::value(left);
}

constexpr const char* action_names[] = {"refuse", "delay", "drop"};

}  // namespace

void Faults::set_garbage(Bytes bytes, std::uint32_t frames) {
    garbage_ = std::move(bytes);
    garbage_frames_ = frames;
}

void Faults::clear() {
    *this = Faults{};
}

std::optional<Faults::OnCommand> Faults::take_command(std::uint16_t code) {
    const auto found = std::ranges::find(commands_, code, &OnCommand::code);
    if (found == commands_.end() || !use(found->left))
        return std::nullopt;
    const OnCommand fault = *found;
    if (found->left == 0)
        commands_.erase(found);
    return fault;
}

std::optional<std::uint8_t> Faults::take_confirm(std::uint64_t ieee) {
    const auto found = std::ranges::find_if(
        confirms_, [&](const OnConfirm& fault) { return !fault.ieee || *fault.ieee == ieee; });
    if (found == confirms_.end() || !use(found->left))
        return std::nullopt;
    const std::uint8_t status = found->status;
    if (found->left == 0)
        confirms_.erase(found);
    return status;
}

bool Faults::take_buffer_full() {
    return use(buffer_full_);
}

void Faults::spoil(Bytes& frame) {
    if (use(damage_))
        frame.back() = static_cast<std::uint8_t>(frame.back() ^ 0x55);
    if (use(garbage_frames_))
        frame.insert(frame.begin(), garbage_.begin(), garbage_.end());
}

json::array Faults::list() const {
    json::array list;
    const auto add = [&](std::string_view fault, std::uint32_t left) -> json::object& {
        json::object entry;
        entry["fault"] = fault;
        entry["left"] = left_of(left);
        list.push_back(std::move(entry));
        return list.back().get_object();
    };
    for (const OnCommand& fault : commands_) {
        json::object& entry = add(action_names[static_cast<std::size_t>(fault.action)], fault.left);
        entry["command"] = name_of(fault.code);
    }
    for (const OnConfirm& fault : confirms_) {
        json::object& entry = add("confirm", fault.left);
        entry["status"] = fault.status;
        if (fault.ieee)
            entry["device"] = ieee_text(*fault.ieee);
    }
    if (buffer_full_ > 0)
        add("buffer-full", buffer_full_);
    if (damage_ > 0)
        add("damage", damage_);
    if (garbage_frames_ > 0)
        add("garbage", garbage_frames_);
    if (pan_conflict_)
        add("pan-conflict", always);
    if (is_silent())
        add("silent", 1);
    return list;
}

}  // namespace waggle::sim
