#include "app/not_served.hpp"

#include <string_view>

#include <fmt/format.h>

namespace waggle::app {
namespace {

using store::Settings;

bool has_files(const std::filesystem::path& folder) {
    std::error_code error;
    const std::filesystem::directory_iterator files(folder, error);
    return !error && files != std::filesystem::directory_iterator();
}

}  // namespace

std::vector<std::string> not_served(const Settings& settings,
                                    const std::filesystem::path& data_directory) {
    std::vector<std::string> out;
    const auto add = [&](bool is_asked_for, std::string_view sentence) {
        if (is_asked_for)
            out.emplace_back(sentence);
    };
    add(settings.frontend.enabled, "frontend.enabled: this version has no web frontend");
    add(settings.advanced.adapter_delay.has_value(),
        "advanced.adapter_delay: only for coordinators of other families");
    for (const auto* folder : {"external_converters", "external_extensions"})
        add(has_files(data_directory / folder),
            fmt::format("{}: JavaScript is not run; devices come from plugins, see `waggle plugin "
                        "list`",
                        (data_directory / folder).string()));
    return out;
}

}  // namespace waggle::app
