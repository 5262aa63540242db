#include "ota/matching.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace waggle::ota {
namespace {

constexpr std::size_t most_lines = 50, longest_shown = 120;

/// Texts of indexes and of devices, so that no sentence grows beyond reading.
std::string shown(std::string_view text) {
    return text.size() <= longest_shown ? std::string(text)
                                        : std::string(text.substr(0, longest_shown)) + "…";
}

bool names(const std::vector<std::string>& list, const std::string& name) {
    return !name.empty() && std::ranges::find(list, name) != list.end();
}

std::string model_misfit(const IndexEntry& entry, const DeviceFacts& facts) {
    if (entry.model_id.empty() || entry.model_id == facts.model_id ||
        entry.model_id == facts.definition_model_id)
        return {};
    return fmt::format("it is for model '{}', the device is '{}'", shown(entry.model_id),
                       shown(facts.model_id));
}

std::string maker_misfit(const IndexEntry& entry, const DeviceFacts& facts) {
    const auto& list = entry.manufacturer_names;
    if (list.empty() || names(list, facts.manufacturer_name) ||
        names(list, facts.definition_manufacturer_name))
        return {};
    std::string all;
    for (const auto& name : list)
        all += (all.empty() ? "'" : ", '") + shown(name) + "'";
    return fmt::format("it is for the maker {}, the device's is '{}'", shown(all),
                       shown(facts.manufacturer_name));
}

std::string version_misfit(const IndexEntry& entry, const DeviceFacts& facts) {
    if (entry.min_file_version && facts.file_version < *entry.min_file_version)
        return fmt::format("it is for devices from version {}, the device has {}",
                           *entry.min_file_version, facts.file_version);
    if (entry.max_file_version && facts.file_version > *entry.max_file_version)
        return fmt::format("it is for devices up to version {}, the device has {}",
                           *entry.max_file_version, facts.file_version);
    return {};
}

std::string hardware_of(const DeviceFacts& facts) {
    return facts.hardware_version ? fmt::format("the device has {}", *facts.hardware_version)
                                  : std::string("the device does not say which it has");
}

std::string hardware_misfit(const IndexEntry& entry, const DeviceFacts& facts) {
    const auto least = entry.hardware_version_min, most = entry.hardware_version_max;
    const auto& own = facts.hardware_version;
    if (least && !(own && *own >= *least) &&
        !(facts.hardware_version_min && *facts.hardware_version_min >= *least))
        return fmt::format("it is for hardware from version {}, {}", *least, hardware_of(facts));
    if (most && !(own && *own <= *most) &&
        !(facts.hardware_version_max && *facts.hardware_version_max <= *most))
        return fmt::format("it is for hardware up to version {}, {}", *most, hardware_of(facts));
    return {};
}

std::string sentence_of(const IndexEntry& entry, std::string_view what) {
    const auto name = entry.url.substr(entry.url.rfind('/') + 1);
    return fmt::format("version {} of '{}': {}", entry.file_version, shown(name), what);
}

}  // namespace

Selection::Selection(DeviceFacts facts, Direction direction)
    : facts_(std::move(facts)), direction_(direction) {
}

std::string Selection::misfit(const IndexEntry& entry, const DeviceFacts& facts) {
    if (entry.manufacturer != facts.manufacturer || entry.image_type != facts.image_type)
        return fmt::format(
            "it is for manufacturer code {} and image type {}, the device has {} and {}",
            entry.manufacturer, entry.image_type, facts.manufacturer, facts.image_type);
    for (const auto& rule : {version_misfit, model_misfit, maker_misfit, hardware_misfit})
        if (auto why = rule(entry, facts); !why.empty())
            return why;
    if (!facts.header_string.empty() && entry.header_string != facts.header_string)
        return fmt::format("its header says '{}', the device needs '{}'",
                           shown(entry.header_string), shown(facts.header_string));
    return {};
}

bool Selection::is_available(const IndexEntry& entry) const {
    if (entry.force)
        return true;
    return direction_ == Direction::upgrade ? facts_.file_version < entry.file_version
                                            : facts_.file_version > entry.file_version;
}

Selection::Rank Selection::rank_of(const IndexEntry& entry, bool of_override) const {
    Rank rank;
    rank.of_override = of_override;
    rank.named = (entry.model_id.empty() ? 0 : 4) + (entry.manufacturer_names.empty() ? 0 : 2) +
                 (entry.hardware_version_min || entry.hardware_version_max ? 1 : 0);
    rank.available = is_available(entry);
    rank.is_step = direction_ == Direction::upgrade && entry.max_file_version.has_value();
    rank.version = entry.file_version;
    // Of those that are not below the device, for a downgrade, the lowest.
    if (direction_ == Direction::downgrade && entry.file_version >= facts_.file_version)
        rank.version = -rank.version;
    return rank;
}

void Selection::tell(const IndexEntry& entry, std::string_view what) {
    note(sentence_of(entry, what));
}

void Selection::note(std::string sentence) {
    if (found_.considered.size() < most_lines)
        found_.considered.push_back(std::move(sentence));
    else
        ++unlisted_;
}

void Selection::refuse(const IndexEntry& entry, std::string_view why) {
    ++all_;
    ++of_type_;
    tell(entry, why);
}

void Selection::consider(IndexEntry entry, bool of_override) {
    ++all_;
    if (entry.manufacturer != facts_.manufacturer || entry.image_type != facts_.image_type)
        return;
    ++of_type_;
    if (const auto why = misfit(entry, facts_); !why.empty()) {
        tell(entry, why);
        return;
    }
    const auto rank = rank_of(entry, of_override);
    constexpr std::string_view beaten = "it fits, but the one taken goes before it";
    if (found_.best && rank <= best_) {
        tell(entry, beaten);
        return;
    }
    if (found_.best)
        tell(*found_.best, beaten);
    best_ = rank;
    found_.best = std::move(entry);
}

std::string Selection::best_line() const {
    std::string_view state = "taken";
    if (!found_.available)
        state = direction_ == Direction::upgrade ? "it fits, but is not newer than the device's"
                                                 : "it fits, but is not older than the device's";
    else if (found_.best->force)
        state = "taken, as it is to be installed over any version";
    return fmt::format("{} (the device has {})", sentence_of(*found_.best, state),
                       facts_.file_version);
}

Found Selection::take() && {
    if (of_type_ == 0)
        note(fmt::format("none of {} images is for manufacturer code {} and image type {}", all_,
                         facts_.manufacturer, facts_.image_type));
    if (unlisted_ > 0)
        found_.considered.push_back(fmt::format("and {} more", unlisted_));
    if (found_.best) {
        found_.available = best_.available;
        found_.considered.insert(found_.considered.begin(), best_line());
    }
    return std::move(found_);
}

}  // namespace waggle::ota
