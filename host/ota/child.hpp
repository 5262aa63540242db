#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"
#include "ota/types.hpp"

/// A child process that gets a text and gives one back.
namespace waggle::ota {

struct ChildCommand {
    std::filesystem::path program;
    std::vector<std::string> arguments;  ///< from argv[0]
    std::string input;
    std::size_t longest_output = 0;
    Clock::duration limit{};
    std::stop_token abort;

    ChildCommand() = default;  // a constructor: it is handed to a coroutine
    ChildCommand(const ChildCommand&) = default;
    ChildCommand(ChildCommand&&) = default;
    ChildCommand& operator=(const ChildCommand&) = default;
    ChildCommand& operator=(ChildCommand&&) = default;
    ~ChildCommand() = default;
};

/// Starts it without a shell, with no file of this process but its own three, and returns what it
/// wrote when it has ended with code 0. It is killed, and none is left behind, when it takes longer than
/// its limit, writes more than its bound, `abort` is requested, or the task is cancelled. The failure
/// is a sentence that begins with "The firmware process".
[[nodiscard]] Awaitable<Outcome<std::string>> run_child(ChildCommand command);

}  // namespace waggle::ota
