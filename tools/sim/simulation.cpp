#include "simulation.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <stdexcept>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "behaviour/behaviour.hpp"
#include "fault_command.hpp"
#include "gestures.hpp"
#include "json_fields.hpp"
#include "state_file.hpp"

namespace waggle::sim {

namespace {

namespace json = boost::json;

constexpr Milliseconds save_delay(50);
constexpr std::uint64_t fleet_ieee = 0x00158D0009000000;
constexpr std::uint16_t fleet_nwk = 0x1000;
constexpr std::size_t max_fleet = 20'000;

const Firmware* require_firmware(const std::string& name) {
    const Firmware* firmware = firmware_by_name(name);
    if (!firmware)
        throw std::runtime_error("firmware '" + name + "' must be 3.x.0, 3.0.x or 1.2");
    return firmware;
}

std::vector<std::string> files_in(const std::string& directory) {
    std::vector<std::string> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory, error))
        if (entry.path().extension() == ".json")
            files.push_back(entry.path().string());
    if (error)
        throw std::runtime_error("cannot read the device directory " + directory + ": " +
                                 error.message());
    std::ranges::sort(files);
    return files;
}

/// A path, or below `library` a device ("standard/cover") or a folder of them ("standard").
std::vector<std::string> files_named(const std::string& name, const std::string& library) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (fs::exists(name, ignored))
        return fs::is_directory(name, ignored) ? files_in(name) : std::vector<std::string>{name};
    const fs::path place = fs::path(library) / name;
    if (fs::is_directory(place, ignored))
        return files_in(place.string());
    const std::string file = place.string() + ".json";
    return {fs::exists(file, ignored) ? file : name};
}

void check_behaviours(const Description& device) {
    for (const EndpointDescription& endpoint : device.endpoints)
        for (const std::string& name : endpoint.behaviours)
            if (!find_behaviour(name))
                throw std::runtime_error("device " + device.name + ": there is no behaviour '" +
                                         name + "'");
}

void load_device(Device& device, const json::object& state, const std::string& file) {
    try {
        device.load(state);
    } catch (const DescriptionError& problem) {
        throw std::runtime_error(file + ": device " + device.name() + ": " + problem.what());
    }
}

std::string fleet_name(std::size_t number) {
    char name[32];
    std::snprintf(name, sizeof name, "fleet-%04zu", number);
    return name;
}

Timing with_gap(Timing timing, std::uint32_t gap_ms) {
    timing.gap = Milliseconds(gap_ms);
    return timing;
}

}  // namespace

Simulation::Simulation(boost::asio::io_context& context, const Options& options)
    : context_(context),
      scheduler_(context),
      time_(context),
      firmware_(require_firmware(options.firmware)),
      timing_(options.realistic ? Timing::realistic() : Timing{}),
      network_(scheduler_, time_, with_gap(timing_, options.gap_ms)),
      parser_([this](const MtFrame& frame) { ncp_->receive(frame); }),
      nv_file_(options.nv_file) {
    const auto ieee = parse_number(options.ieee);
    if (!ieee)
        throw std::runtime_error("'" + options.ieee + "' is not an IEEE address");
    ncp_ = std::make_unique<Ncp>(scheduler_, network_, nv_, faults_, trace_, *firmware_, timing_,
                                 *ieee);
    if (options.hold_time)
        time_.hold();
    load_devices(options);
    make_fleet(options);
    load_state();
    ncp_->boot();
    nv_.on_change([this] { mark_changed(); });
    network_.on_state([this] { mark_changed(); });
    network_.on_joined = [](Device& device) {
        for (const std::string& name : device.description().after_join)
            play(device, device.description().gestures.at(name));
    };
    start_trace(options.trace_file);
    open_wire(options);
    for (const std::string& fault : options.faults)
        add_fault(*this, fault);
    for (const std::string& name : options.join)
        join_when_open(name);
}

Simulation::~Simulation() = default;

void Simulation::start_trace(const std::string& file) {
    if (!file.empty() && !trace_.start(file, 1))
        throw std::runtime_error("cannot write " + file + ": " + std::strerror(errno));
}

void Simulation::join_when_open(const std::string& name) {
    Device* device = network_.by_name(name);
    if (!device)
        throw std::runtime_error("there is no device '" + name + "'");
    if (!device->is_joined())
        network_.join_when_open(*device);
}

void Simulation::open_wire(const Options& options) {
    link_ = options.use_pty ? open_pty(context_, options.pty_link)
                            : listen_tcp(context_, options.listen);
    link_->on_bytes = [this](View bytes) { parser_.feed(bytes); };
    link_->on_connected = [this] { parser_.reset(); };
    link_->on_drained = [this] {
        if (burst_)
            burst_->resume();
    };
    ncp_->set_output([this](View bytes) { link_->send(bytes); });
}

void Simulation::load_devices(const Options& options) {
    std::vector<std::string> files;
    if (!options.device_directory.empty())
        files = files_in(options.device_directory);
    for (const std::string& name : options.device_files)
        std::ranges::copy(files_named(name, options.library), std::back_inserter(files));
    for (const std::string& file : files) {
        Description description = load_description(file);
        check_behaviours(description);
        if (network_.by_name(description.name) || network_.by_ieee(description.ieee))
            throw std::runtime_error(file + ": a device of the name '" + description.name +
                                     "' or of its IEEE address is there already");
        network_.add(std::move(description));
    }
}

void Simulation::make_fleet(const Options& options) {
    if (options.fleet == 0)
        return;
    if (options.fleet > max_fleet)
        throw std::runtime_error("a fleet has at most " + std::to_string(max_fleet) + " devices");
    std::vector<Description> models;
    for (const auto& device : network_.devices())
        if (options.fleet_models.empty() ||
            std::ranges::find(options.fleet_models, device->name()) != options.fleet_models.end())
            models.push_back(device->description());
    if (models.empty() || models.size() < options.fleet_models.size())
        throw std::runtime_error("--fleet-model names a device that is not described");
    for (std::size_t i = 0; i < options.fleet; ++i) {
        Description description = models[i % models.size()];
        description.name = fleet_name(i);
        description.ieee = fleet_ieee + i;
        Device& device = network_.add(std::move(description));
        device.make_resident();
        device.move_to(static_cast<std::uint16_t>(fleet_nwk + i));
    }
}

void Simulation::load_state() {
    std::string content;
    if (nv_file_.empty() || !read_file(nv_file_, content)) {
        network_.load_addresses();
        return;
    }
    boost::system::error_code error;
    const json::value document = json::parse(content, error);
    const json::object* object = error ? nullptr : document.if_object();
    const json::value* memory = object ? object->if_contains("memory") : nullptr;
    if (!memory || !memory->is_object() || !nv_.load(memory->get_object()))
        throw std::runtime_error(nv_file_ + ": is not a memory file of waggle-sim");
    const std::string firmware = text(*object, "firmware", "");
    if (firmware != firmware_->name)
        throw std::runtime_error(nv_file_ + ": was written by firmware " + firmware + ", this is " +
                                 std::string(firmware_->name) +
                                 "; give another file or --firmware " + firmware);
    if (const auto devices = object->if_contains("devices"); devices && devices->is_object())
        for (const auto& [ieee, state] : devices->get_object()) {
            const auto number = parse_number(std::string_view(ieee));
            Device* device = number ? network_.by_ieee(*number) : nullptr;
            if (device && !device->is_resident() && state.is_object())
                load_device(*device, state.get_object(), nv_file_);
        }
    network_.load_addresses();
}

void Simulation::mark_changed() {
    if (nv_file_.empty() || save_pending_)
        return;
    save_pending_ = true;
    scheduler_.after(save_delay, [this] {
        save_pending_ = false;
        if (!save(false))
            std::fprintf(stderr, "waggle-sim: cannot write %s: %s\n", nv_file_.c_str(),
                         std::strerror(errno));
    });
}

bool Simulation::save(bool sync) {
    if (nv_file_.empty())
        return true;
    json::object devices;
    for (const auto& device : network_.devices())
        if (!device->is_resident())
            devices[ieee_text(device->ieee())] = device->save();
    json::object document;
    document["format"] = "waggle-sim memory";
    document["version"] = 1;
    document["firmware"] = firmware_->name;
    document["memory"] = nv_.save();
    document["devices"] = std::move(devices);
    return replace_file(nv_file_, json::serialize(document) + "\n", sync);
}

void Simulation::start_burst(std::shared_ptr<Burst> burst) {
    burst_ = std::move(burst);
    burst_->start();
}

void Simulation::stop() {
    ncp_->store();
    if (!save(true))
        std::fprintf(stderr, "waggle-sim: cannot write %s: %s\n", nv_file_.c_str(),
                     std::strerror(errno));
    trace_.flush();
    link_->close();
    scheduler_.clear();
    time_.clear();
}

}  // namespace waggle::sim
