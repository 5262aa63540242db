#include "network/install_code.hpp"

#include <boost/json/object.hpp>

#include "base/log.hpp"
#include "bridge/requests/requests.hpp"

namespace json = boost::json;

namespace waggle::bridge {

/// {"value"} or the text itself -> {"value"}. The code goes nowhere but to the radio and into the
/// answer.
Awaitable<Reply> install_code_add(Context& context, const Request& request) {
    const auto* value = request.is_object() ? request.find("value") : &request.payload();
    if (!value)
        co_return invalid_payload();
    if (!value->is_string())
        co_return failure("An install code is a text");

    std::string problem;
    auto code = network::parse_install_code(value->get_string(), problem);
    if (!code)
        co_return failure("{}", problem);
    const auto ieee = code->ieee;
    using Crc = network::InstallCode::Crc;
    if (code->crc != Crc::right)
        log::info("bridge", "The install code of {} {}", ieee.to_string(),
                  code->crc == Crc::was_wrong ? "has a wrong CRC, which was replaced"
                                              : "has no CRC, which was added");
    const auto added = co_await context.network.add_install_code(std::move(*code));
    if (!added)
        co_return added.error() == Errc::unsupported
            ? failure("Install codes are not supported by this adapter's firmware")
            : failure("The adapter did not take the install code: {}", added.error().message());
    log::info("bridge", "Added the install code of {}", ieee.to_string());
    json::object data;
    data["value"] = *value;
    co_return json::value(std::move(data));
}

}  // namespace waggle::bridge
