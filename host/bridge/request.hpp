#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/async.hpp"
#include "store/failure.hpp"

/// What a bridge request is: a name, a payload, and a function that returns data or says in a
/// sentence for users why not. The dispatcher does the rest.
namespace waggle::bridge {

struct Context;

/// `message` is shown to users as it stands: what was wrong and, where it helps, what is allowed.
using Failure = store::Failure;
using Reply = store::Outcome<boost::json::value>;
template <class T>
using Field = store::Outcome<T>;

/// A request as it came: `name` as the caller wrote it below bridge/request/, the payload as JSON,
/// or as a string when it is not JSON.
class Request {
  public:
    Request(std::string name, std::string_view payload);

    const std::string& name() const noexcept { return name_; }
    const boost::json::value& payload() const noexcept { return payload_; }
    bool is_object() const noexcept { return payload_.is_object(); }

    /// A member of the payload; nullptr when there is none, or it is null, or no object came.
    const boost::json::value* find(std::string_view key) const noexcept;
    bool has(std::string_view key) const noexcept { return find(key) != nullptr; }

    /// A whole number from `least` to `most`, also as text ("60"): clients send both.
    [[nodiscard]] Field<std::int64_t> integer(std::string_view key, std::int64_t least,
                                              std::int64_t most) const;
    /// The same of a payload that is no object; `what` names it in the failure.
    [[nodiscard]] Field<std::int64_t> whole(std::string_view what, std::int64_t least,
                                            std::int64_t most) const;
    [[nodiscard]] Field<std::string> string(std::string_view key) const;
    bool flag(std::string_view key) const noexcept;  ///< truthy, as JavaScript sees it

    /// The id of a device or group: member `key`, or the whole payload when it is not an object.
    [[nodiscard]] Field<std::string> id(std::string_view key = "id") const;

    /// "transaction" of an object request, to be echoed.
    const boost::json::value* transaction() const noexcept;

  private:
    std::string name_;
    boost::json::value payload_;
};

/// Text of a string or number that names something.
std::optional<std::string> name_text(const boost::json::value& value);

/// A Failure by formatted text.
template <class... Args>
Failure failure(fmt::format_string<Args...> format, Args&&... args) {
    return store::fail(fmt::format(format, std::forward<Args>(args)...));
}

/// What a payload that lacks something, or is no object where one is needed, is answered with.
Failure invalid_payload();
/// The same with the reason in brackets.
Failure invalid_payload(std::string_view why);

/// One request: its name below bridge/request/, its function, and how long it may take before the
/// caller is told that it did not end. The function goes on to its own end then, unheard.
struct Route {
    std::string_view name;
    Awaitable<Reply> (*run)(Context&, const Request&);
    std::chrono::seconds deadline{30};
    /// What stands below bridge/response/ where it is not the request's name; empty: it is.
    std::string_view answered_as = {}, refused_as = {};
};

/// All requests there are; requests/routes.cpp.
std::span<const Route> routes() noexcept;

}  // namespace waggle::bridge
