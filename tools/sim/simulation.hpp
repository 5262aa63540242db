/// The whole: co-processor, network, wire and memory file, put together.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/json/fwd.hpp>

#include "burst.hpp"
#include "faults.hpp"
#include "link.hpp"
#include "ncp.hpp"
#include "trace.hpp"

namespace waggle::sim {

struct Options {
    std::string listen = "127.0.0.1:6638";
    bool use_pty = false;
    std::string pty_link;
    std::string nv_file;
    std::string firmware = "3.x.0";
    std::string ieee = "0x00124b0014d2a6f1";
    std::string device_directory;
    std::string library;  // folders of more devices, loaded only when named
    std::vector<std::string> device_files;
    std::vector<std::string> join;
    std::vector<std::string> faults;
    std::string trace_file;
    std::size_t fleet = 0;
    std::vector<std::string> fleet_models;
    bool realistic = false;
    bool hold_time = false;
    std::uint32_t gap_ms = 0;
};

class Simulation {
  public:
    /// @throws std::runtime_error with a sentence: unusable option, file or address
    Simulation(boost::asio::io_context& context, const Options& options);
    ~Simulation();

    [[nodiscard]] Link& link() { return *link_; }
    [[nodiscard]] Network& network() { return network_; }
    [[nodiscard]] Ncp& ncp() { return *ncp_; }
    [[nodiscard]] Faults& faults() { return faults_; }
    [[nodiscard]] Trace& trace() { return trace_; }
    [[nodiscard]] Scheduler& scheduler() { return scheduler_; }
    /// The devices' own; the radio's goes on when it is held.
    [[nodiscard]] Scheduler& time() { return time_; }
    [[nodiscard]] const Firmware& firmware() const { return *firmware_; }

    [[nodiscard]] std::size_t damaged_frames() const { return parser_.damaged(); }

    void start_burst(std::shared_ptr<Burst> burst);
    /// Writes the memory file now, to the disk itself if `sync`; false when that failed.
    bool save(bool sync);
    /// Saves and closes the wire.
    void stop();

  private:
    void load_devices(const Options& options);
    void make_fleet(const Options& options);
    void load_state();
    void start_trace(const std::string& file);
    void join_when_open(const std::string& name);
    void open_wire(const Options& options);
    void mark_changed();

    boost::asio::io_context& context_;
    Scheduler scheduler_;
    Scheduler time_;
    const Firmware* firmware_ = nullptr;
    Timing timing_;
    NvMemory nv_;
    Faults faults_;
    Trace trace_;
    Network network_;
    std::unique_ptr<Ncp> ncp_;
    std::unique_ptr<Link> link_;
    UnpiParser parser_;
    std::string nv_file_;
    bool save_pending_ = false;
    std::shared_ptr<Burst> burst_;
};

}  // namespace waggle::sim
