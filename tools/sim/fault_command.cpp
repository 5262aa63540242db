#include "fault_command.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "simulation.hpp"

namespace waggle::sim {

namespace {

/// Words of one fault, taken from the front.
class Words {
  public:
    explicit Words(const std::vector<std::string>& words) : words_(words) {}

    [[nodiscard]] bool has_more() const { return at_ < words_.size(); }

    std::string next(const char* what) {
        if (!has_more())
            throw std::runtime_error("the fault '" + words_.front() + "' needs " + what);
        return words_[at_++];
    }

    std::uint64_t number(const char* what) {
        const std::string word = next(what);
        const auto value = parse_number(word);
        if (!value)
            throw std::runtime_error("'" + word + "' is not " + what);
        return *value;
    }

    std::uint32_t count() {
        if (!has_more())
            return 1;
        if (words_[at_] == "always") {
            ++at_;
            return Faults::always;
        }
        const std::uint64_t value = number("a number of times, or 'always'");
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, Faults::always - 1));
    }

    std::uint16_t command() {
        const std::string word = next("the name or code of a command");
        const auto code = code_by_name(word);
        if (!code)
            throw std::runtime_error("there is no command '" + word + "'");
        return *code;
    }

    std::uint8_t status() {
        const std::string word = next("a status");
        const auto status = status_by_name(word);
        if (!status)
            throw std::runtime_error("there is no status '" + word + "'");
        return *status;
    }

    Device& device(Simulation& simulation) {
        const std::string word = next("a device");
        Device* device = simulation.network().by_name(word);
        if (!device)
            throw std::runtime_error("there is no device '" + word + "'");
        return *device;
    }

  private:
    const std::vector<std::string>& words_;
    std::size_t at_ = 1;
};

void refuse(Simulation& simulation, Words& words) {
    Faults::OnCommand fault;
    fault.action = Faults::OnCommand::Action::refuse;
    fault.code = words.command();
    fault.status = words.status();
    fault.left = words.count();
    simulation.faults().add(fault);
}

void delay(Simulation& simulation, Words& words) {
    Faults::OnCommand fault;
    fault.action = Faults::OnCommand::Action::delay;
    fault.code = words.command();
    fault.delay = Milliseconds(words.number("a time in milliseconds"));
    fault.left = words.count();
    simulation.faults().add(fault);
}

void drop(Simulation& simulation, Words& words) {
    Faults::OnCommand fault;
    fault.action = Faults::OnCommand::Action::drop;
    fault.code = words.command();
    fault.left = words.count();
    simulation.faults().add(fault);
}

void buffer_full(Simulation& simulation, Words& words) {
    simulation.faults().set_buffer_full(words.count());
}

void confirm(Simulation& simulation, Words& words) {
    Faults::OnConfirm fault;
    fault.status = words.status();
    fault.left = words.count();
    if (words.has_more())
        fault.ieee = words.device(simulation).ieee();
    simulation.faults().add(fault);
}

void garbage(Simulation& simulation, Words& words) {
    const auto bytes = from_hex(words.next("bytes in hexadecimal"));
    if (!bytes)
        throw std::runtime_error("garbage must be bytes in hexadecimal");
    simulation.faults().set_garbage(*bytes, words.count());
}

void damage(Simulation& simulation, Words& words) {
    simulation.faults().set_damage(words.count());
}

void silent(Simulation& simulation, Words& words) {
    const std::uint64_t span =
        words.has_more() ? words.number("a time in milliseconds") : std::uint64_t{86'400'000};
    simulation.faults().be_silent(Scheduler::Clock::now() + Milliseconds(span));
}

void pan_conflict(Simulation& simulation, Words&) {
    simulation.faults().set_pan_conflict(true);
}

void disconnect(Simulation& simulation, Words&) {
    simulation.link().disconnect();
}

void reset(Simulation& simulation, Words& words) {
    simulation.ncp().reset(
        static_cast<std::uint8_t>(words.has_more() ? words.number("a reason") : 2));
}

void write_status(Simulation& simulation, Words& words) {
    DeviceFaults& faults = words.device(simulation).faults;
    faults.write_status = words.status();
    faults.refused_writes = words.count();
}

void deaf(Simulation& simulation, Words& words) {
    DeviceFaults& faults = words.device(simulation).faults;
    faults.deaf = words.count();
}

void deaf_zdp(Simulation& simulation, Words& words) {
    DeviceFaults& faults = words.device(simulation).faults;
    faults.silent_zdp = words.count();
}

void zdp_status(Simulation& simulation, Words& words) {
    DeviceFaults& faults = words.device(simulation).faults;
    faults.zdp_status = words.status();
    faults.refused_zdp = words.count();
}

void clear(Simulation& simulation, Words&) {
    simulation.faults().clear();
    for (const auto& device : simulation.network().devices())
        device->faults = DeviceFaults{};
}

struct Row {
    std::string_view name;
    void (*run)(Simulation&, Words&);
};

constexpr Row rows[] = {
    {"refuse", refuse},
    {"delay", delay},
    {"drop", drop},
    {"buffer-full", buffer_full},
    {"confirm", confirm},
    {"garbage", garbage},
    {"damage", damage},
    {"silent", silent},
    {"pan-conflict", pan_conflict},
    {"disconnect", disconnect},
    {"reset", reset},
    {"write-status", write_status},
    {"deaf", deaf},
    {"deaf-zdp", deaf_zdp},
    {"zdp-status", zdp_status},
    {"clear", clear},
};

}  // namespace

void add_fault(Simulation& simulation, const std::vector<std::string>& words) {
    std::string known;
    for (const Row& row : rows) {
        if (!words.empty() && words.front() == row.name) {
            Words rest(words);
            return row.run(simulation, rest);
        }
        known += (known.empty() ? "" : ", ") + std::string(row.name);
    }
    throw std::runtime_error("a fault is one of: " + known);
}

void add_fault(Simulation& simulation, std::string_view text) {
    std::istringstream in{std::string(text)};
    std::vector<std::string> words;
    for (std::string word; in >> word;)
        words.push_back(word);
    add_fault(simulation, words);
}

}  // namespace waggle::sim
