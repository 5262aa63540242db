#include "coordinator/usb.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>

namespace waggle {
namespace {

namespace fs = std::filesystem;

struct Row {
    std::string_view family, name;
    std::uint16_t vendor, product;
    std::string_view manufacturer;          ///< empty: any
    std::array<std::string_view, 3> parts;  ///< of the link's name, in this order, any case
    std::string_view not_before{};          ///< what may not follow the last part
};

// The identities that zigbee2mqtt knows. Most share a bridge chip's numbers, so the name decides.
constexpr Row rows[] = {
    {"deconz", "ConBee II", 0x1CF1, 0x0030, "dresden elektronik ingenieurtechnik GmbH", {"conbee"}},
    {"deconz",
     "ConBee III",
     0x0403,
     0x6015,
     "dresden elektronik ingenieurtechnik GmbH",
     {"conbee"}},
    {"ember", "Home Assistant SkyConnect", 0x10C4, 0xEA60, "Nabu Casa", {"nabu_casa_skyconnect"}},
    {"ember", "Home Assistant Connect ZBT-1", 0x10C4, 0xEA60, "Nabu Casa", {"nabu_casa", "_zbt-1"}},
    {"ember", "Home Assistant Connect ZBT-2", 0x303A, 0x4001, "Nabu Casa", {"nabu_casa_zbt-2"}},
    {"ember", "Home Assistant Connect ZBT-2", 0x303A, 0x831A, "Nabu Casa", {"nabu_casa_zbt-2"}},
    {"ember", "SMLIGHT SLZB-06M", 0x10C4, 0xEA60, "SMLIGHT", {"slzb-06m"}},
    {"ember", "SMLIGHT SLZB-07", 0x10C4, 0xEA60, "SMLIGHT", {"slzb-07_"}},
    {"ember", "SMLIGHT SLZB-07MG24", 0x10C4, 0xEA60, "SMLIGHT", {"slzb-07mg24"}},
    {"ember", "SONOFF ZBDongle-E", 0x1A86, 0x55D4, "ITEAD", {"sonoff", "plus"}},
    {"ember", "SONOFF ZBDongle-E", 0x10C4, 0xEA60, "ITEAD", {"sonoff", "plus_v2_"}},
    {"ember", "SONOFF Dongle Max", 0x10C4, 0xEA60, "SONOFF", {"sonoff", "max"}},
    {"ember", "SONOFF Dongle Plus MG24", 0x10C4, 0xEA60, "SONOFF", {"sonoff", "plus", "mg24"}},
    {"ember", "SONOFF Dongle Lite MG21", 0x10C4, 0xEA60, "SONOFF", {"sonoff", "lite", "mg21"}},
    {"zstack", "Electrolama zzh", 0x0403, 0x6015, "Electrolama", {"electrolama"}},
    {"zstack", "slae.sh CC2652RB", 0x10C4, 0xEA60, "Silicon Labs", {"slae.sh_cc2652rb"}},
    {"zstack", "SONOFF Dongle-PP10", 0x10C4, 0xEA60, "SONOFF", {"sonoff", "plus", "cc2674p10"}},
    {"zstack", "SONOFF ZBDongle-P", 0x10C4, 0xEA60, "ITEAD", {"sonoff", "plus"}, "_v2_"},
    {"zstack", "TI CC2538", 0x0451, 0x16C8, "Texas Instruments", {"cc2538"}},
    {"zstack", "TI CC2531", 0x0451, 0x16A8, "Texas Instruments", {"cc2531"}},
    {"zstack", "TI LaunchPad", 0x0451, 0xBEF3, "Texas Instruments", {"texas_instruments"}},
    {"zstack", "SMLIGHT SLZB-07p7", 0x10C4, 0xEA60, "SMLIGHT", {"slzb-07p7"}},
    {"zstack", "SMLIGHT SLZB-06p7", 0x10C4, 0xEA60, "SMLIGHT", {"smlight_slzb-06p7_"}},
    {"zstack", "SMLIGHT SLZB-06p10", 0x10C4, 0xEA60, "SMLIGHT", {"smlight_slzb-06p10_"}},
    {"zstack", "TubesZB", 0x10C4, 0xEA60, "", {"tubeszb"}},
    {"zstack", "TubesZB", 0x1A86, 0x7523, "", {"tubeszb"}},
    {"zstack", "ZigStar", 0x1A86, 0x7523, "", {"zigstar"}},
    {"zboss", "Nordic Zigbee NCP", 0x2FE3, 0x0100, "ZEPHYR", {"zephyr"}},
    {"zigate", "ZiGate", 0x067B, 0x2303, "zigate_PL2303", {"zigate"}},
    {"zigate", "ZiGate", 0x10C4, 0xEA60, "zigate_cp2102", {"zigate"}},
    {"zigate", "ZiGate+ V2", 0x0403, 0x6015, "", {"zigate"}},
};

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

/// @param name  in lower case
bool name_matches(std::string_view name, const Row& row) {
    std::size_t at = 0;
    std::string_view last;
    for (const auto part : row.parts) {
        if (part.empty())
            break;
        const auto found = name.find(part, at);
        if (found == std::string_view::npos)
            return false;
        at = found + part.size();
        last = part;
    }
    while (!row.not_before.empty() && name.substr(at).starts_with(row.not_before)) {
        const auto next = name.find(last, at);  // perhaps a later one stands alone
        if (next == std::string_view::npos)
            return false;
        at = next + last.size();
    }
    return true;
}

/// How much a row says about a name: to choose between rows when the numbers are unknown.
std::size_t specificity(const Row& row) {
    std::size_t length = row.not_before.size();
    for (const auto part : row.parts)
        length += part.size();
    return length;
}

int score_of(const Row& row, std::string_view name, const std::optional<UsbIdentity>& identity) {
    if (!identity)
        return name_matches(name, row) ? 3 : 0;
    if (identity->vendor != row.vendor || identity->product != row.product)
        return 0;
    const bool maker =
        !row.manufacturer.empty() && lower(identity->manufacturer) == lower(row.manufacturer);
    if (name_matches(name, row))
        return maker ? 4 : 3;
    // SONOFF sells different radios under the same numbers and maker.
    const bool ambiguous = row.vendor == 0x10C4 && row.product == 0xEA60 &&
                           row.manufacturer == std::string_view("ITEAD");
    return maker && !ambiguous ? 2 : 0;
}

std::string first_line(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

std::optional<std::uint16_t> hex_number(const std::string& text) {
    std::uint16_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
    if (text.empty() || error != std::errc{} || stop != end)
        return std::nullopt;
    return value;
}

}  // namespace

std::optional<UsbIdentity> read_usb_identity(const std::string& device) {
    std::error_code error;
    const auto real = fs::canonical(device, error);
    if (error)
        return std::nullopt;
    auto folder = fs::canonical("/sys/class/tty" / real.filename() / "device", error);
    // The tty's device is an interface of the USB device, or a port of that.
    for (int level = 0; !error && level < 4; ++level, folder = folder.parent_path()) {
        const auto vendor = hex_number(first_line(folder / "idVendor"));
        const auto product = hex_number(first_line(folder / "idProduct"));
        if (vendor && product)
            return UsbIdentity{*vendor, *product, first_line(folder / "manufacturer")};
    }
    return std::nullopt;
}

std::optional<UsbMatch> match_usb(std::string_view link_name,
                                  const std::optional<UsbIdentity>& identity) {
    const auto name = lower(link_name);
    const Row* best = nullptr;
    int best_score = 0;
    for (const auto& row : rows) {
        const int score = score_of(row, name, identity);
        const bool tells_more = !identity && best && score == best_score && score != 0 &&
                                specificity(row) > specificity(*best);
        if (score <= best_score && !tells_more)
            continue;
        best = &row;
        best_score = score;
    }
    if (!best)
        return std::nullopt;
    return UsbMatch{best->family, best->name, best_score};
}

std::vector<UsbAdapter> find_usb_adapters(const std::string& directory) {
    std::vector<UsbAdapter> found;
    std::error_code error;
    for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto link = entry->path().string();
        const auto match = match_usb(entry->path().filename().string(), read_usb_identity(link));
        if (!match)
            continue;
        std::error_code ignored;
        auto device = fs::canonical(link, ignored).string();
        found.push_back({link, std::move(device), *match});
    }
    // Boards with two serial ports have the radio on the first.
    std::ranges::sort(found, {}, &UsbAdapter::port);
    std::ranges::stable_sort(found, std::greater<>{},
                             [](const UsbAdapter& adapter) { return adapter.match.score; });
    return found;
}

}  // namespace waggle
