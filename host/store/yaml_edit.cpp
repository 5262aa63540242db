#include "store/yaml_edit.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

#include <boost/json/object.hpp>
#include <yaml-cpp/yaml.h>

#include "store/yaml_document.hpp"
#include "store/yaml_text.hpp"

namespace waggle::store {
namespace {

namespace json = boost::json;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t most_edits = 1000;
constexpr std::size_t longest_flow = 120;

/// One step from what the text says towards what it shall say; no value = remove.
struct Edit {
    KeyPath path;
    std::optional<json::value> value;
};

/// Every difference, one edit each; additions before removals, so that no map is ever emptied on
/// the way.
void find_differences(const json::object& from, const json::object& to, KeyPath& path,
                      std::vector<Edit>& edits) {
    for (const auto& entry : to) {
        const auto* there = from.if_contains(entry.key());
        if (there != nullptr && *there == entry.value())
            continue;
        const auto* inner_from = there == nullptr ? nullptr : there->if_object();
        const auto* inner_to = entry.value().if_object();
        path.emplace_back(entry.key());
        if (inner_from == nullptr || inner_to == nullptr || inner_from->empty() ||
            inner_to->empty())
            edits.push_back({path, entry.value()});
        else
            find_differences(*inner_from, *inner_to, path, edits);
        path.pop_back();
    }
    for (const auto& entry : from) {
        if (to.contains(entry.key()))
            continue;
        path.emplace_back(entry.key());
        edits.push_back({path, std::nullopt});
        path.pop_back();
    }
}

json::object applied(json::object document, const Edit& edit) {
    json::object* at = &document;
    for (std::size_t i = 0; i + 1 < edit.path.size(); ++i)
        at = &at->at(edit.path[i]).get_object();
    if (edit.value)
        (*at)[edit.path.back()] = *edit.value;
    else
        at->stable_erase(edit.path.back());
    return document;
}

std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos)
        return {};
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

bool is_blank_or_comment(std::string_view line) {
    const auto content = trimmed(line);
    return content.empty() || content.front() == '#';
}

/// Position behind a quoted text that begins at `at`; npos when it does not end on this line.
std::size_t behind_quoted(std::string_view line, std::size_t at) {
    const char quote = line[at];
    for (std::size_t i = at + 1; i < line.size(); ++i) {
        if (quote == '"' && line[i] == '\\')
            ++i;
        else if (line[i] == quote && quote == '\'' && i + 1 < line.size() && line[i + 1] == quote)
            ++i;
        else if (line[i] == quote)
            return i + 1;
    }
    return std::string_view::npos;
}

/// Position behind a flow map or list that begins at `at`; npos when it goes on below.
std::size_t behind_flow(std::string_view line, std::size_t at) {
    int depth = 0;
    for (std::size_t i = at; i < line.size(); ++i) {
        const char c = line[i];
        const bool opens_text =
            i > at && std::string_view(" ,[{:").find(line[i - 1]) != std::string_view::npos;
        if ((c == '"' || c == '\'') && opens_text) {
            i = behind_quoted(line, i);
            if (i == std::string_view::npos)
                return i;
            --i;
        } else if (c == '{' || c == '[')
            ++depth;
        else if ((c == '}' || c == ']') && --depth == 0)
            return i + 1;
    }
    return std::string_view::npos;
}

/// Position behind the value at `at` when it is complete on this line.
std::size_t behind_value(std::string_view line, std::size_t at) {
    if (line[at] == '"' || line[at] == '\'')
        return behind_quoted(line, at);
    if (line[at] == '{' || line[at] == '[')
        return behind_flow(line, at);
    const auto comment = line.find(" #", at);
    const auto end = comment == std::string_view::npos ? line.size() : comment;
    return line.find_last_not_of(" \t", end - 1) + 1;
}

/// A piece of text that another takes the place of.
struct Splice {
    std::size_t begin = 0, end = 0;
    std::string by;
};

/// The text in lines, and splices of it.
class Lines {
  public:
    explicit Lines(std::string_view text) : text_(text) {
        layout_.eol = text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
        for (std::size_t begin = 0; begin <= text.size();) {
            const auto end = std::min(text.find('\n', begin), text.size());
            const bool has_return = end > begin && end < text.size() && text[end - 1] == '\r';
            lines_.push_back({begin, has_return ? end - 1 : end});
            begin = end + 1;
        }
    }

    std::string_view operator[](std::size_t line) const {
        return text_.substr(lines_[line].begin, lines_[line].end - lines_[line].begin);
    }
    std::size_t begin_of(std::size_t line) const {
        return line < lines_.size() ? lines_[line].begin : text_.size();
    }
    std::size_t end_of(std::size_t line) const { return lines_[line].end; }
    std::size_t count() const { return lines_.size(); }
    YamlLayout& layout() { return layout_; }

    Splice lines_after(std::size_t line, std::string block) const {
        const auto at = end_of(line);
        block.resize(block.size() - layout_.eol.size());  // the line's own end serves
        return {at, at, layout_.eol + block};
    }
    Splice appended(const std::string& block) const {
        const bool ends = text_.empty() || text_.back() == '\n';
        return {text_.size(), text_.size(), (ends ? "" : layout_.eol) + block};
    }

  private:
    struct Span {
        std::size_t begin, end;
    };
    std::string_view text_;
    std::vector<Span> lines_;
    YamlLayout layout_;
};

/// An entry of a block map: from its key to the line before the next key.
struct Entry {
    std::size_t line = 0, column = 0;  ///< of the key
    std::size_t colon = 0;             ///< column
    std::size_t last_line = 0;         ///< last line with content of its own
    bool has_value_on_line = false;
};

class Editor {
  public:
    Editor(std::string_view text, const YAML::Node& root) : lines_(text), root_(root) {
        lines_.layout().step = found_step();
    }

    /// Nothing when this form of text is not understood.
    std::optional<Splice> splice(const Edit& edit, const json::object& target) {
        if (!root_.IsMap() || root_.size() == 0)
            return root_.IsNull() ? std::optional(append_first(edit)) : std::nullopt;
        YAML::Node map = root_;
        std::size_t limit = document_end();
        const json::object* wanted = &target;
        for (std::size_t depth = 0;; ++depth) {
            if (map.Style() == YAML::EmitterStyle::Flow)
                return std::nullopt;
            const auto& key = edit.path[depth];
            const auto found = find(map, key, limit);
            if (!found.is_there) {
                const auto* value = wanted->if_contains(key);
                return value ? insert(map, limit, key, *value) : std::nullopt;
            }
            const bool is_last = depth + 1 == edit.path.size();
            const auto entry = entry_at(found);
            if (!entry)
                return std::nullopt;
            if (is_last && !edit.value)
                return erase(*entry);
            const auto& value = wanted->at(key);
            if (is_last || !may_descend(found))
                return replace(*entry, value);
            map.reset(found.value);
            limit = found.limit;
            wanted = &value.get_object();
        }
    }

  private:
    struct Found {
        bool is_there = false;
        std::size_t line = 0, column = 0, limit = 0;
        YAML::Node value;
    };

    static std::size_t line_of(const YAML::Node& node) {
        return static_cast<std::size_t>(std::max(0, node.Mark().line));
    }

    std::size_t document_end() const {
        std::size_t last_key = 0;
        for (const auto& entry : root_)
            last_key = std::max(last_key, line_of(entry.first));
        for (std::size_t i = last_key + 1; i < lines_.count(); ++i)
            if (lines_[i].starts_with("...") || lines_[i].starts_with("---"))
                return i;
        return lines_.count();
    }

    std::size_t found_step() const {
        if (root_.IsMap())
            for (const auto& entry : root_)
                if (entry.second.IsMap() && entry.second.size() > 0 &&
                    entry.second.Style() == YAML::EmitterStyle::Block) {
                    const int column = entry.second.begin()->first.Mark().column;
                    if (column > 0 && column <= 8)
                        return static_cast<std::size_t>(column);
                }
        return 2;
    }

    static Found find(const YAML::Node& map, const std::string& key, std::size_t limit) {
        Found found;
        for (const auto& entry : map) {
            if (found.is_there) {
                found.limit = line_of(entry.first);
                return found;
            }
            const bool is_key = entry.first.IsNull() ? key == "null" : entry.first.Scalar() == key;
            if (!is_key)
                continue;
            found.is_there = true;
            found.line = line_of(entry.first);
            found.column = static_cast<std::size_t>(std::max(0, entry.first.Mark().column));
            found.limit = limit;
            found.value.reset(entry.second);
        }
        return found;
    }

    /// Into a map that stands here, in block style, and not somewhere else through an alias.
    static bool may_descend(const Found& found) {
        return found.value.IsMap() && found.value.size() > 0 &&
               found.value.Style() == YAML::EmitterStyle::Block &&
               line_of(found.value) > found.line && line_of(found.value) < found.limit;
    }

    std::optional<Entry> entry_at(const Found& found) const {
        if (found.line >= lines_.count() || found.limit > lines_.count() ||
            found.limit <= found.line)
            return std::nullopt;
        const auto line = lines_[found.line];
        if (found.column >= line.size() || !trimmed(line.substr(0, found.column)).empty())
            return std::nullopt;
        Entry entry;
        entry.line = found.line;
        entry.column = found.column;
        const char first = line[found.column];
        if (first == '"' || first == '\'') {
            const auto behind = behind_quoted(line, found.column);
            if (behind == std::string_view::npos)
                return std::nullopt;
            entry.colon = line.find(':', behind);
        } else if (std::string_view("&!*?").find(first) != std::string_view::npos) {
            return std::nullopt;
        } else {
            entry.colon = found.column;
            do
                entry.colon = line.find(':', entry.colon + 1);
            while (entry.colon < line.size() - 1 && line[entry.colon + 1] != ' ' &&
                   line[entry.colon + 1] != '\t');
        }
        if (entry.colon == std::string_view::npos)
            return std::nullopt;
        const auto rest = trimmed(line.substr(entry.colon + 1));
        entry.has_value_on_line = !rest.empty() && rest.front() != '#';
        const bool is_block_text =
            entry.has_value_on_line && (rest.front() == '|' || rest.front() == '>');
        entry.last_line = last_content(found, is_block_text);
        return entry;
    }

    /// Comments before the next key belong to that key, except inside a block text.
    std::size_t last_content(const Found& found, bool is_block_text) const {
        auto last = found.limit - 1;
        for (; last > found.line; --last) {
            const auto line = lines_[last];
            const auto content = trimmed(line);
            const bool is_text =
                is_block_text && !content.empty() && line.find_first_not_of(' ') > found.column;
            if (!is_blank_or_comment(line) || is_text)
                break;
        }
        return last;
    }

    std::optional<Splice> append_first(const Edit& edit) {
        if (edit.path.size() != 1 || !edit.value)
            return std::nullopt;
        std::string block;
        append_yaml_entry(block, edit.path[0], *edit.value, 0, lines_.layout());
        return lines_.appended(block);
    }

    std::optional<Splice> insert(const YAML::Node& map, std::size_t limit, const std::string& key,
                                 const json::value& value) {
        Found last;
        std::string last_key;
        for (const auto& entry : map)
            last_key = entry.first.IsNull() ? "null" : entry.first.Scalar();
        last = find(map, last_key, limit);
        const auto entry = last.is_there ? entry_at(last) : std::nullopt;
        if (!entry)
            return std::nullopt;
        std::string block;
        append_yaml_entry(block, key, value, entry->column, lines_.layout());
        return lines_.lines_after(entry->last_line, std::move(block));
    }

    std::optional<Splice> erase(const Entry& entry) const {
        return Splice{lines_.begin_of(entry.line), lines_.begin_of(entry.last_line + 1), ""};
    }

    std::optional<Splice> replace(const Entry& entry, const json::value& value) {
        const auto line = lines_[entry.line];
        const auto rest = line.substr(entry.colon + 1);
        const auto value_at = line.find_first_not_of(" \t", entry.colon + 1);
        std::string comment, space = " ";
        Quotes quotes = Quotes::as_needed;
        bool was_flow = false;
        if (!entry.has_value_on_line) {
            if (!trimmed(rest).empty())
                comment = rest;
        } else {
            space = line.substr(entry.colon + 1, value_at - entry.colon - 1);
            const char first = line[value_at];
            quotes = first == '"'    ? Quotes::double_
                     : first == '\'' ? Quotes::single
                                     : Quotes::as_needed;
            was_flow = first == '{' || first == '[';
            const auto behind = behind_value(line, value_at);
            if (entry.last_line == entry.line && behind < line.size() &&
                trimmed(line.substr(behind)).starts_with('#'))
                comment = line.substr(behind);
        }
        const auto text =
            was_flow && (value.is_object() || value.is_array()) ? yaml_inline(value) : "";
        std::string by;
        if (!text.empty() && text.size() <= longest_flow)
            by = space + text + comment;
        else if (is_inline(value) && !keeps_list(entry, value))
            by = space + yaml_inline(value, quotes) + comment;
        else
            by = comment + lines_.layout().eol + block_below(entry, value);
        return Splice{lines_.begin_of(entry.line) + entry.colon + 1, lines_.end_of(entry.last_line),
                      std::move(by)};
    }

    /// Column of the first "- " of a list in block style below the key.
    std::optional<std::size_t> list_column(const Entry& entry) const {
        for (auto i = entry.line + 1; i <= entry.last_line; ++i) {
            if (is_blank_or_comment(lines_[i]))
                continue;
            const auto column = lines_[i].find_first_not_of(' ');
            return lines_[i].substr(column, 2) == "- " ? std::optional(column) : std::nullopt;
        }
        return std::nullopt;
    }
    bool keeps_list(const Entry& entry, const json::value& value) const {
        return value.is_array() && !value.get_array().empty() && !entry.has_value_on_line &&
               list_column(entry);
    }

    std::string block_below(const Entry& entry, const json::value& value) {
        auto indent = entry.column + lines_.layout().step;
        if (keeps_list(entry, value))
            indent = *list_column(entry);
        std::string block;
        append_yaml_block(block, value, indent, lines_.layout());
        block.resize(block.size() - lines_.layout().eol.size());
        return block;
    }

    Lines lines_;
    YAML::Node root_;
};

/// The text after `edits`; nothing when one of them cannot be made or two touch the same place.
std::optional<std::string> edited(const std::string& text, std::span<const Edit> edits,
                                  const json::object& target) {
    std::vector<Splice> splices;
    try {
        Editor editor(text, YAML::Load(text));
        for (const auto& edit : edits) {
            auto splice = editor.splice(edit, target);
            if (!splice)
                return std::nullopt;
            splices.push_back(std::move(*splice));
        }
    } catch (const std::exception&) {
        return std::nullopt;  // yaml-cpp, or a form that this code did not foresee
    }
    std::stable_sort(splices.begin(), splices.end(),
                     [](const Splice& a, const Splice& b) { return a.begin < b.begin; });
    std::string out;
    std::size_t at = 0;
    for (std::size_t i = 0; i < splices.size(); ++i) {
        const auto& splice = splices[i];
        // Two edits within braces both give the whole of the braces.
        const bool is_twice = i > 0 && splice.end > splice.begin &&
                              splice.begin == splices[i - 1].begin &&
                              splice.by == splices[i - 1].by;
        if (is_twice)
            continue;
        if (splice.begin < at)
            return std::nullopt;
        out.append(text, at, splice.begin - at);
        out += splice.by;
        at = splice.end;
    }
    return out.append(text, at);
}

Outcome<YamlUpdate> written_anew(const json::object& target) {
    YamlUpdate update{{}, true};
    append_yaml_block(update.text, target, 0, {});
    const auto check = parse_yaml(update.text);
    const bool is_same = check && (check->value == json::value(target) ||
                                   (target.empty() && check->value.is_null()));
    if (!is_same)
        return fail("these values cannot be written as YAML");
    return update;
}

Outcome<json::object> read_object(std::string_view text) {
    auto document = parse_yaml(text);
    if (!document)
        return fail("line " + std::to_string(document.error().line) + ": " +
                    document.error().message);
    if (document->value.is_null())
        return json::object();
    if (!document->value.is_object())
        return fail("not a map of keys and values");
    return std::move(document->value.get_object());
}

}  // namespace

json::value normalised(const json::value& value) {
    if (const auto* object = value.if_object()) {
        json::object out;
        for (const auto& entry : *object)
            out.emplace(entry.key(), normalised(entry.value()));
        return out;
    }
    if (const auto* array = value.if_array()) {
        json::array out;
        for (const auto& element : *array)
            out.push_back(normalised(element));
        return out;
    }
    if (const auto* number = value.if_uint64(); number && *number <= INT64_MAX)
        return static_cast<std::int64_t>(*number);
    if (const auto* number = value.if_double())
        if (*number == std::floor(*number) && std::fabs(*number) < 9e15)
            return static_cast<std::int64_t>(*number);
    return value;
}

Outcome<YamlUpdate> update_yaml(std::string_view text, const json::object& target) {
    const bool has_mark = text.starts_with(byte_order_mark);
    std::string current(has_mark ? text.substr(byte_order_mark.size()) : text);
    const auto wanted = normalised(target).get_object();
    auto said = read_object(current);
    if (!said)
        return said.error();
    std::vector<Edit> edits;
    KeyPath path;
    find_differences(*said, wanted, path, edits);
    const auto result = [&](const std::string& now) {
        return YamlUpdate{has_mark ? std::string(byte_order_mark) + now : now, false};
    };
    if (edits.empty())
        return result(current);
    // All at once, or one after the other when they are in each other's way.
    if (const auto next = edited(current, edits, wanted))
        if (const auto says = read_object(*next); says && *says == wanted)
            return result(*next);
    for (std::size_t i = 0; i < edits.size() && i < most_edits; ++i) {
        const auto step = applied(*said, edits[i]);
        auto next = edited(current, std::span(edits).subspan(i, 1), step);
        auto says = next ? read_object(*next) : fail("");
        if (!says || *says != step)
            return written_anew(wanted);
        current = std::move(*next);
        said = std::move(says);
    }
    if (*said == wanted)
        return result(current);
    return written_anew(wanted);
}

}  // namespace waggle::store
