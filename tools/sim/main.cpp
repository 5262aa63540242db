// waggle-sim: the simulator, and with a command on its command line the client of a running one.
#include <csignal>
#include <cstdio>
#include <iostream>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <sys/stat.h>

#include "control.hpp"
#include "control_commands.hpp"
#include "simulation.hpp"

namespace {

using waggle::sim::Options;

struct CommandLine {
    Options options;
    std::string control = waggle::sim::default_control_path();
    std::vector<std::string> command;
};

void describe(CLI::App& app, CommandLine& line) {
    Options& options = line.options;
    options.device_directory = WAGGLE_SIM_DEVICES;
    options.library = WAGGLE_SIM_DEVICES;
    app.footer("With a command, the command is sent to the simulator that runs already:\n" +
               waggle::sim::control_help() +
               "  stop                                          end the simulator\n\n"
               "Faults (fault WORDS, or --fault \"WORDS\"; [TIMES] is a number or 'always'):\n"
               "  refuse COMMAND STATUS [TIMES], delay COMMAND MS [TIMES], drop COMMAND [TIMES],\n"
               "  buffer-full [TIMES], confirm STATUS [TIMES] [DEVICE], garbage HEX [TIMES],\n"
               "  damage [TIMES], silent [MS], disconnect, reset [REASON], pan-conflict,\n"
               "  write-status DEVICE STATUS [TIMES], deaf DEVICE [TIMES],\n"
               "  deaf-zdp DEVICE [TIMES], zdp-status DEVICE STATUS [TIMES], clear\n");
    app.add_option("--listen", options.listen, "TCP address for the host; port 0 takes a free one")
        ->capture_default_str();
    app.add_flag("--pty{-}", options.pty_link,
                 "use a pseudo-terminal instead of TCP; --pty=PATH makes a link to it");
    app.add_option("--nv", options.nv_file, "file that keeps the memory over restarts");
    app.add_option("--firmware", options.firmware, "Z-Stack generation: 3.x.0, 3.0.x or 1.2")
        ->capture_default_str();
    app.add_option("--ieee", options.ieee, "address of a co-processor with empty memory")
        ->capture_default_str();
    app.add_option("--devices", options.device_directory, "directory of device files")
        ->capture_default_str();
    app.add_option("--device", options.device_files,
                   "one more device file, or a name like ikea/e1743, or a folder like ikea");
    app.add_option("--join", options.join, "device that joins as soon as the network opens");
    app.add_option("--fleet", options.fleet, "number of devices that are on the network already");
    app.add_option("--fleet-model", options.fleet_models,
                   "device that the fleet consists of; by default all take turns");
    app.add_option("--fault", options.faults, "fault from the start, see below");
    app.add_option("--trace", options.trace_file, "file for time stamps of all frames");
    app.add_flag("--realistic", options.realistic, "take the time that real hardware takes");
    app.add_flag("--hold-time", options.hold_time,
                 "devices do nothing by themselves until time passes");
    app.add_option("--gap", options.gap_ms, "milliseconds between two frames of devices, at least");
    app.add_option("--control", line.control, "path of the control socket")->capture_default_str();
    app.add_option("command", line.command, "control command and its arguments");
    app.set_version_flag("--version", WAGGLE_SIM_VERSION);
}

int serve(CommandLine& line) {
    ::umask(0077);
    Options& options = line.options;
    options.use_pty = !options.pty_link.empty();
    if (options.pty_link == "-")
        options.pty_link.clear();
    boost::asio::io_context context(1);
    waggle::sim::Simulation simulation(context, options);
    boost::asio::signal_set signals(context, SIGINT, SIGTERM);
    std::unique_ptr<waggle::sim::ControlServer> control;
    const auto stop = [&] {
        simulation.stop();
        control->close();
        context.stop();
    };
    control = std::make_unique<waggle::sim::ControlServer>(context, simulation, line.control, stop);
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error)
            stop();
    });
    std::printf("listening on %s\ncontrol socket %s\n", simulation.link().address().c_str(),
                line.control.c_str());
    std::fflush(stdout);
    context.run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    CommandLine line;
    CLI::App app{"A Z-Stack network co-processor with virtual Zigbee devices behind it.",
                 "waggle-sim"};
    app.option_defaults()->always_capture_default(false);
    describe(app, line);
    app.positionals_at_end(false);
    app.allow_extras(false);
    CLI11_PARSE(app, argc, argv);
    try {
        if (!line.command.empty())
            return waggle::sim::run_client(line.control, line.command);
        return serve(line);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "waggle-sim: %s\n", problem.what());
        return 2;
    }
}
