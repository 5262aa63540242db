#include "app/ota_commands.hpp"

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "ota/cache.hpp"
#include "ota/download.hpp"
#include "ota/image.hpp"
#include "ota/index.hpp"
#include "ota/job.hpp"
#include "ota/local.hpp"
#include "store/json_text.hpp"

namespace fs = std::filesystem;
namespace json = boost::json;

namespace waggle::app {
namespace {

void print(std::FILE* out, const std::string& text) {
    std::fputs(text.c_str(), out);
    if (text.empty() || text.back() != '\n')
        std::fputc('\n', out);
}

void print_json(const json::value& value) {
    std::string text;
    store::append_pretty_json(text, value, 2);
    print(stdout, text);
}

std::string_view stack_name(std::uint16_t version) {
    constexpr std::string_view known[] = {"Zigbee 2006", "Zigbee 2007", "Zigbee PRO", "Zigbee IP"};
    return version < std::size(known) ? known[version] : "unknown";
}

std::string element_name(ota::Tag tag) {
    const auto name = ota::to_string(tag);
    if (!name.empty())
        return std::string(name);
    return static_cast<unsigned>(tag) >= 0xF000 ? "of the maker" : "unknown";
}

struct InspectedFile {
    std::string name;
    std::size_t size = 0;
    std::string sha512;
    ota::Image image;
};

std::string header_text(const ota::ImageHeader& header) {
    std::string text;
    const auto row = [&text](std::string_view name, const std::string& value) {
        text += fmt::format("{:<16}{}\n", name, value);
    };
    row("manufacturer", fmt::format("{0} ({0:#06x})", header.manufacturer));
    row("image type", fmt::format("{0} ({0:#06x})", header.image_type));
    row("file version", fmt::format("{0} ({0:#010x})", header.file_version));
    row("stack version",
        fmt::format("{} ({})", header.stack_version, stack_name(header.stack_version)));
    row("header string", fmt::format("'{}'", header.text));
    row("header", fmt::format("{} octets, version {:#06x}, field control {:#06x}",
                              header.header_length, header.header_version, header.field_control));
    if (header.security_credential)
        row("credential", fmt::format("{}", *header.security_credential));
    if (header.destination)
        row("only for", header.destination->to_string());
    if (header.hardware)
        row("hardware",
            fmt::format("versions {} to {}", header.hardware->least, header.hardware->most));
    return text;
}

std::string as_readable(const InspectedFile& file) {
    const auto& image = file.image;
    auto text = fmt::format("{:<16}{}, {} octets\n{:<16}{}\n", "file", file.name, file.size,
                            "SHA-512", file.sha512);
    text += fmt::format("{:<16}{} octets from {}", "image", image.bytes.size(), image.before);
    if (image.before != 0)
        text += fmt::format(", in a container with {} octets before it", image.before);
    if (image.after != 0)
        text += fmt::format(", {} octets after it", image.after);
    text += "\n" + header_text(image.header) + "elements\n";
    for (const auto& element : image.elements)
        text += fmt::format("  {:#06x} {:<34}{:>9} octets{}\n", static_cast<unsigned>(element.tag),
                            element_name(element.tag), element.data.size(),
                            element.is_cut ? ", though its length says more" : "");
    return text;
}

json::object as_json(const InspectedFile& file) {
    const auto& image = file.image;
    const auto& header = image.header;
    json::object object = {{"file", file.name},
                           {"size", file.size},
                           {"sha512", file.sha512},
                           {"before", image.before},
                           {"after", image.after},
                           {"header_version", header.header_version},
                           {"header_length", header.header_length},
                           {"field_control", header.field_control},
                           {"manufacturer_code", header.manufacturer},
                           {"image_type", header.image_type},
                           {"file_version", header.file_version},
                           {"stack_version", header.stack_version},
                           {"header_string", header.text},
                           {"total_size", header.total_size}};
    if (header.security_credential)
        object["security_credential"] = *header.security_credential;
    if (header.destination)
        object["destination"] = header.destination->to_string();
    if (header.hardware) {
        object["hardware_version_min"] = header.hardware->least;
        object["hardware_version_max"] = header.hardware->most;
    }
    json::array elements;
    for (const auto& element : image.elements) {
        json::object one = {{"tag", static_cast<unsigned>(element.tag)},
                            {"name", element_name(element.tag)},
                            {"size", element.data.size()},
                            {"cut", element.is_cut}};
        elements.push_back(std::move(one));
    }
    object["elements"] = std::move(elements);
    return object;
}

/// How an index names a file: from the data folder, where it lies in it, as both programs read it.
std::string location_of(const fs::path& file, const fs::path& data) {
    std::error_code error;
    const auto whole = fs::weakly_canonical(file, error);
    const auto relative = whole.lexically_relative(fs::weakly_canonical(data, error));
    if (relative.empty() || *relative.begin() == "..")
        return whole.string();
    return relative.string();
}

}  // namespace

int inspect_image(const CommandLine& line) {
    const auto mapped = ota::MappedFile::open(line.file, ota::most_index);
    if (!mapped) {
        print(stderr, "waggle: " + mapped.error().message);
        return 1;
    }
    InspectedFile file{line.file, mapped->bytes().size(), ota::sha512_of(mapped->bytes()), {}};
    std::string problem;
    auto image = ota::parse_image(mapped->bytes(), problem);
    if (!image) {
        if (line.json)
            print_json({{"file", file.name}, {"size", file.size}, {"problem", problem}});
        else
            print(stderr, fmt::format("waggle: '{}' is no firmware image: {}", line.file, problem));
        return 1;
    }
    file.image = std::move(*image);
    line.json ? print_json(as_json(file)) : print(stdout, as_readable(file));
    return 0;
}

int index_images(const CommandLine& line) {
    json::array index;
    std::map<std::pair<unsigned, unsigned>, std::size_t> of_type;
    const auto add = [&](const fs::path& path, ota::Outcome<ota::IndexEntry> entry) {
        if (!entry) {
            print(stderr, entry.error().message);
            return;
        }
        entry->url = location_of(path, line.data);
        ++of_type[{entry->manufacturer, entry->image_type}];
        index.push_back(ota::to_json(*entry));
    };
    if (const auto made = ota::index_folder(line.ota_folder, ota::Hashed::yes, add); !made) {
        print(stderr, "waggle: " + made.error().message);
        return 1;
    }
    print_json(index);
    for (const auto& [type, count] : of_type)
        if (count > 1)
            print(stderr,
                  fmt::format("{} files have manufacturer code {} and image type {}: where they "
                              "are for different models, add a modelId to each",
                              count, type.first, type.second));
    return 0;
}

int do_ota_job(const CommandLine& line) {
    return ota::serve_job(line.data);
}

}  // namespace waggle::app
