#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The filter lists of the configuration (`filtered_attributes`, …): regular expressions that must
/// match the whole key. Nearly every entry in real life is a plain word, and those are compared as
/// such: std::regex is slow to build, large, and recursive on hostile patterns.
namespace waggle::engine {

class PatternList {
  public:
    PatternList() = default;

    /// An entry that is no valid regular expression is left out and named in `problems`.
    explicit PatternList(const std::vector<std::string>& patterns,
                         std::vector<std::string>* problems = nullptr);

    bool empty() const noexcept { return words_.empty() && !expressions_; }
    bool matches(std::string_view key) const;

  private:
    struct Expressions;
    std::vector<std::string> words_;
    std::shared_ptr<const Expressions> expressions_;
};

}  // namespace waggle::engine
