#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "store/configuration_check.hpp"
#include "store/json_merge.hpp"
#include "store/migration.hpp"
#include "store/settings.hpp"
#include "store/yaml_document.hpp"
#include "store/yaml_edit.hpp"

using namespace waggle::store;
namespace json = boost::json;

namespace {

/// A path into the document, or just beside it, chosen by the first bytes.
KeyPath chosen_path(const json::object& document, std::string_view& dice) {
    KeyPath path;
    const json::object* at = &document;
    while (path.size() < 4 && !dice.empty()) {
        const auto byte = static_cast<unsigned char>(dice.front());
        dice.remove_prefix(1);
        if (at == nullptr || at->empty() || byte < 32) {
            path.push_back("k" + std::to_string(byte % 7));
            break;
        }
        const auto& entry = *(at->begin() + byte % static_cast<unsigned>(at->size()));
        path.emplace_back(entry.key());
        at = entry.value().if_object();
        if (byte >= 160)
            break;
    }
    return path;
}

}  // namespace

/// configuration.yaml from anywhere: never throws or hangs, and an edit gives exactly what it
/// should.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 6)
        return 0;
    std::string_view dice(reinterpret_cast<const char*>(data), 6);
    const std::string_view text(reinterpret_cast<const char*>(data) + 6, size - 6);
    auto document = parse_yaml(text);
    if (!document || !document->value.is_object())
        return 0;
    auto& configuration = document->value.get_object();

    auto target = configuration;
    const bool erases = dice.front() % 3 == 0;
    const char number = dice[1];
    const auto path = chosen_path(configuration, dice);
    if (!path.empty()) {
        if (erases)
            erase_at(target, path);
        else if (number % 2 == 0)
            set_at(target, path, json::value(static_cast<int>(number)));
        else
            set_at(target, path, json::object{{"a b", "it's"}, {"n", nullptr}});
        const auto updated = update_yaml(text, target);
        if (updated) {
            const auto again = parse_yaml(updated->text);
            const bool is_same = again && (again->value == normalised(target) ||
                                           (again->value.is_null() && target.empty()));
            if (!is_same)
                std::abort();
        }
    }

    if (!migrate(configuration, {}))
        return 0;
    if (check_configuration(configuration, Schema()).empty())
        (void)read_settings(configuration);
    return 0;
}
