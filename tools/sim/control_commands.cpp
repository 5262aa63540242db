#include "control_commands.hpp"

#include <algorithm>
#include <sstream>

#include <boost/json/array.hpp>

#include "control_table.hpp"

namespace waggle::sim {

namespace {

namespace json = boost::json;

std::vector<std::string> split(std::string_view text) {
    std::istringstream in{std::string(text)};
    std::vector<std::string> words;
    for (std::string word; in >> word;)
        words.push_back(word);
    return words;
}

/// Gives the words in "args" the names the command has for them. The last name of a command whose
/// list ends in "..." takes all that is left.
json::object named(const ControlCommand& command, const json::object& request) {
    json::object fields = request;
    const json::value* args = request.if_contains("args");
    if (!args || !args->is_array())
        return fields;
    std::size_t at = 0;
    const json::array& words = args->get_array();
    for (std::string name : split(command.parameters)) {
        if (name.starts_with('['))
            name = name.substr(1, name.size() - 2);
        if (name.ends_with("...")) {
            name.resize(name.size() - 3);
            json::array rest;
            while (at < words.size())
                rest.push_back(words[at++]);
            fields[name] = std::move(rest);
            return fields;
        }
        if (at < words.size())
            fields[name] = words[at++];
    }
    if (at < words.size())
        throw ControlError("usage: " + std::string(command.name) + " " +
                           std::string(command.parameters));
    return fields;
}

void check_required(const ControlCommand& command, const json::object& fields) {
    for (const std::string& name : split(command.parameters))
        if (!name.starts_with('[') && !name.ends_with("...") && !fields.contains(name))
            throw ControlError("usage: " + std::string(command.name) + " " +
                               std::string(command.parameters));
}

}  // namespace

void run_control(Simulation& simulation, const json::object& request, const ControlReply& reply) {
    const json::value* name = request.if_contains("command");
    if (!name || !name->is_string())
        throw ControlError("a request needs a \"command\"");
    for (const auto table :
         {device_commands(), frame_commands(), ota_commands(), simulator_commands()})
        for (const ControlCommand& command : table) {
            if (command.name != std::string_view(name->get_string()))
                continue;
            const json::object fields = named(command, request);
            check_required(command, fields);
            return command.run(simulation, fields, reply);
        }
    throw ControlError("there is no command '" + std::string(name->get_string()) +
                       "'; see waggle-sim --help");
}

std::string control_help() {
    std::string help;
    for (const auto table :
         {device_commands(), frame_commands(), ota_commands(), simulator_commands()})
        for (const ControlCommand& command : table) {
            std::string line = "  " + std::string(command.name) + " ";
            line += command.parameters;
            if (line.size() < 48)
                line.resize(48, ' ');
            else
                line += "\n" + std::string(48, ' ');
            help += line + std::string(command.help) + "\n";
        }
    return help;
}

}  // namespace waggle::sim
