#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <boost/system/result.hpp>

/// What went wrong with a file or a setting, as a sentence for the user: it names the file or the
/// key and says what is allowed. Where the caller only tells apart kinds of errors, Errc is enough;
/// here the text is what the caller passes on.
namespace waggle::store {

class Failure {
  public:
    std::string message;

    /// Two arguments, so that no text turns into a failure by itself: an Outcome<std::string> must
    /// know a value from a failure.
    Failure() = default;  // result<> wants one
    struct Tag {};
    Failure(Tag, std::string text) : message(std::move(text)) {}
};

[[nodiscard]] inline Failure fail(std::string message) {
    return {Failure::Tag{}, std::move(message)};
}

[[noreturn]] inline void throw_exception_from_error(const Failure& failure,
                                                    const boost::source_location&) {
    throw std::runtime_error(failure.message);
}

/// A value, or the sentence that says why there is none.
template <class T = void>
using Outcome = boost::system::result<T, Failure>;

}  // namespace waggle::store
