#pragma once

#include "base/task_group.hpp"
#include "network/database.hpp"
#include "network/device_table.hpp"
#include "network/fan.hpp"
#include "network/group_table.hpp"
#include "network/network.hpp"
#include "network/transactions.hpp"
#include "network/turns.hpp"

/// What the parts of the network share. Each part is a class in a file of its own, gets this by
/// reference, and knows of other parts only what its constructor names.
namespace waggle::network {

inline constexpr std::string_view ns = "network";

struct Core {
    Core(boost::asio::any_io_executor on, NetworkOptions network, CoordinatorOptions coordinator)
        : executor(std::move(on)),
          options(std::move(network)),
          coordinator_options(std::move(coordinator)),
          database(executor, devices, groups, options.database_path),
          transactions(executor),
          turns(executor),
          tasks(executor) {}

    boost::asio::any_io_executor executor;
    NetworkOptions options;
    CoordinatorOptions coordinator_options;

    Fan events;
    DeviceTable devices;
    GroupTable groups;
    Database database;
    Transactions transactions;
    Turns turns;

    std::unique_ptr<Coordinator> radio;  ///< made once, kept until the end
    bool up = false;
    bool stopping = false;
    ReadHook read_hook;
    InterviewedHook interviewed_hook;
    FailedInterviewHook failed_interview_hook;

    TaskGroup tasks;
};

}  // namespace waggle::network
