#include "engine/pattern_list.hpp"

#include <algorithm>
#include <regex>

namespace waggle::engine {
namespace {

constexpr std::size_t longest_key = 256;  // std::regex recurses once a character

bool is_plain_word(std::string_view pattern) noexcept {
    return std::all_of(pattern.begin(), pattern.end(), [](char c) {
        return c == '_' || c == '-' || c == ' ' || (c >= '0' && c <= '9') ||
               (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

}  // namespace

struct PatternList::Expressions {
    std::vector<std::regex> list;
};

PatternList::PatternList(const std::vector<std::string>& patterns,
                         std::vector<std::string>* problems) {
    Expressions expressions;
    for (const auto& pattern : patterns) {
        if (is_plain_word(pattern)) {
            words_.push_back(pattern);
            continue;
        }
        try {
            expressions.list.emplace_back("^" + pattern + "$", std::regex::ECMAScript);
        } catch (const std::regex_error& error) {
            if (problems)
                problems->push_back("'" + pattern + "' (" + error.what() + ")");
        }
    }
    if (!expressions.list.empty())
        expressions_ = std::make_shared<const Expressions>(std::move(expressions));
}

bool PatternList::matches(std::string_view key) const {
    if (std::find(words_.begin(), words_.end(), key) != words_.end())
        return true;
    if (!expressions_ || key.size() > longest_key)
        return false;
    const auto matches_one = [key](const std::regex& expression) {
        return std::regex_search(key.begin(), key.end(), expression);
    };
    return std::any_of(expressions_->list.begin(), expressions_->list.end(), matches_one);
}

}  // namespace waggle::engine
