#include "ota/index.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace json = boost::json;

namespace waggle::ota {
namespace {

constexpr std::size_t longest_text = 4096, longest_notes = 65536;

/// Cuts a JSON array into its elements, without understanding them: it knows texts and brackets.
class Elements {
  public:
    explicit Elements(std::string_view text) : text_(text) {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (text_.starts_with(byte_order_mark))
            at_ = byte_order_mark.size();
        skip_blanks();
        failed_ = !take('[');
        skip_blanks();
        ended_ = !failed_ && take(']');
    }

    /// The next element; nothing at the end, and where the text is no array.
    std::optional<std::string_view> next() {
        if (failed_ || ended_)
            return std::nullopt;
        const auto begin = at_;
        if (!skip_element() || at_ == begin) {
            failed_ = true;
            return std::nullopt;
        }
        const auto element = text_.substr(begin, at_ - begin);
        ended_ = take(']');
        if (!ended_)
            take(',');
        skip_blanks();
        return element;
    }

    bool is_whole() {
        skip_blanks();
        return ended_ && at_ == text_.size();
    }
    std::size_t at() const noexcept { return at_; }

  private:
    bool take(char wanted) {
        if (at_ == text_.size() || text_[at_] != wanted)
            return false;
        ++at_;
        return true;
    }
    void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
    bool skip_text() {
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\\')
                ++at_;
            else if (text_[at_] == '"')
                return true;
        }
        at_ = text_.size();
        return false;
    }
    /// To the comma or bracket behind the element.
    bool skip_element() {
        std::size_t depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (depth == 0 && (c == ',' || c == ']'))
                return true;
            if (c == '"') {
                if (!skip_text())
                    return false;
            } else if (c == '{' || c == '[') {
                ++depth;
            } else if (c == '}' || c == ']') {
                if (depth == 0)
                    return false;
                --depth;
            }
        }
        return false;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool failed_ = false, ended_ = false;
};

template <class T>
std::optional<T> number(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (!value)
        return std::nullopt;
    boost::system::error_code error;
    const auto real = value->to_number<double>(error);
    if (error)
        return std::nullopt;
    constexpr auto most = std::min<std::uint64_t>(std::numeric_limits<T>::max(), 1ULL << 53);
    if (!(real >= 0) || real > static_cast<double>(most))
        return std::nullopt;
    const auto result = static_cast<T>(real);
    return static_cast<double>(result) == real ? std::optional<T>(result) : std::nullopt;
}

template <class T>
void read_number(const json::object& object, std::string_view key, T& target) {
    target = number<T>(object, key).value_or(T{});
}

void read_text(const json::object& object, std::string_view key, std::string& target,
               std::size_t longest = longest_text) {
    const auto* value = object.if_contains(key);
    const auto* text = value ? value->if_string() : nullptr;
    if (!text)
        return;
    auto end = std::min(text->size(), longest);
    while (end < text->size() && end > 0 && ((*text)[end] & 0xC0) == 0x80)
        --end;  // not within a character
    target = std::string_view(*text).substr(0, end);
}

void read_names(const json::object& object, std::vector<std::string>& names) {
    const auto* value = object.if_contains("manufacturerName");
    if (!value)
        return;
    if (const auto* name = value->if_string())
        names.emplace_back(*name);
    else if (const auto* list = value->if_array())
        for (const auto& element : *list)
            if (const auto* text = element.if_string())
                names.emplace_back(*text);
    if (names.empty() && value->is_array())
        names.emplace_back();  // a list without names lets nobody in; no list lets everybody in
}

template <class T>
void put(json::object& object, std::string_view key, const T& value) {
    object[key] = value;
}
void put_text(json::object& object, std::string_view key, const std::string& text) {
    if (!text.empty())
        object[key] = text;
}
template <class T>
void put_number(json::object& object, std::string_view key, const std::optional<T>& value) {
    if (value)
        object[key] = *value;
}

}  // namespace

std::optional<ReadEntry> read_entry(const json::value& value) {
    const auto* object = value.if_object();
    if (!object)
        return std::nullopt;
    ReadEntry read;
    auto& entry = read.entry;
    read_text(*object, "url", entry.url);
    if (entry.url.empty())
        return std::nullopt;
    read_number(*object, "manufacturerCode", entry.manufacturer);
    read_number(*object, "imageType", entry.image_type);
    read_number(*object, "fileVersion", entry.file_version);
    read.has_numbers = number<std::uint16_t>(*object, "manufacturerCode") &&
                       number<std::uint16_t>(*object, "imageType") &&
                       number<std::uint32_t>(*object, "fileVersion");
    read_number(*object, "fileSize", entry.file_size);
    read_text(*object, "sha512", entry.sha512);
    std::ranges::transform(entry.sha512, entry.sha512.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    read_text(*object, "fileName", entry.file_name);
    read_text(*object, "otaHeaderString", entry.header_string);
    read_text(*object, "modelId", entry.model_id);
    read_text(*object, "releaseNotes", entry.release_notes, longest_notes);
    read_text(*object, "originalUrl", entry.original_url);
    read_names(*object, entry.manufacturer_names);
    entry.min_file_version = number<std::uint32_t>(*object, "minFileVersion");
    entry.max_file_version = number<std::uint32_t>(*object, "maxFileVersion");
    entry.hardware_version_min = number<std::uint16_t>(*object, "hardwareVersionMin");
    entry.hardware_version_max = number<std::uint16_t>(*object, "hardwareVersionMax");
    const auto* force = object->if_contains("force");
    entry.force = force && force->is_bool() && force->get_bool();
    return read;
}

Outcome<IndexTotals> read_index(std::string_view text, const std::function<void(ReadEntry)>& each) {
    IndexTotals totals;
    Elements elements(text);
    while (const auto element = elements.next()) {
        boost::system::error_code error;
        const auto value = json::parse(*element, error);
        if (error)
            return store::fail(fmt::format("is no JSON: {} in its entry {}, before octet {}",
                                           error.message(), totals.entries, elements.at()));
        ++totals.entries;
        if (auto entry = read_entry(value))
            each(std::move(*entry));
        else
            ++totals.unusable;
    }
    if (!elements.is_whole())
        return store::fail(totals.entries == 0
                               ? std::string("is no JSON array of images")
                               : fmt::format("is no JSON: it ends or breaks off at octet {}, after "
                                             "{} entries",
                                             elements.at(), totals.entries));
    return totals;
}

json::object to_json(const IndexEntry& entry) {
    json::object object;
    put_text(object, "fileName", entry.file_name);
    put(object, "fileVersion", entry.file_version);
    if (entry.file_size != 0)
        put(object, "fileSize", entry.file_size);
    put_text(object, "originalUrl", entry.original_url);
    put_text(object, "url", entry.url);
    put(object, "imageType", entry.image_type);
    put(object, "manufacturerCode", entry.manufacturer);
    put_text(object, "sha512", entry.sha512);
    put_text(object, "otaHeaderString", entry.header_string);
    put_text(object, "modelId", entry.model_id);
    if (!entry.manufacturer_names.empty())
        object["manufacturerName"] =
            json::array(entry.manufacturer_names.begin(), entry.manufacturer_names.end());
    put_number(object, "minFileVersion", entry.min_file_version);
    put_number(object, "maxFileVersion", entry.max_file_version);
    put_number(object, "hardwareVersionMin", entry.hardware_version_min);
    put_number(object, "hardwareVersionMax", entry.hardware_version_max);
    put_text(object, "releaseNotes", entry.release_notes);
    if (entry.force)
        put(object, "force", true);
    return object;
}

}  // namespace waggle::ota
