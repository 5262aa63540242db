#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

/// Remembers which plugin is being executed where a crash cannot erase it: in a page of a mapped
/// file, written by one store a call. When the process dies of a signal that means a bug (SEGV,
/// BUS, ILL, FPE, ABRT), a handler adds the signal to the page; the next start reads it, and leaves
/// that plugin out until its file changes. Death by SIGKILL or power cut inside a plugin blames
/// nobody.
///
/// The file is sparse: a header of 24 octets (magic, running entry, signal, count), then 512 octets
/// a plugin (file fingerprint, signal it is blamed for, id, path). Deleting it forgives everybody; an
/// orderly end does when nobody is blamed.
/// Syncing to disk was rejected: a process that dies leaves its pages behind, and a machine that
/// dies is nobody's bug. In-process recovery from the signal likewise: the heap may be damaged.
namespace waggle::plugin {

class CrashMarker {
  public:
    /// A plugin file left out because the host died in it.
    struct Culprit {
        std::string id;
        std::filesystem::path path;
        int signal = 0;
    };

    /// Reads what the last process left, then starts anew in the same file. Without a file (empty
    /// path, or it cannot be made) nothing is remembered. Installs the handlers.
    explicit CrashMarker(const std::filesystem::path& file);
    ~CrashMarker();
    CrashMarker(const CrashMarker&) = delete;
    CrashMarker& operator=(const CrashMarker&) = delete;

    /// Whether this very file (path, size, time of change) is to be left out.
    const Culprit* blamed(const std::filesystem::path& plugin) const;
    /// The culprit of the run before this one, for one line in the log.
    const Culprit* fresh() const noexcept { return fresh_; }

    /// Gives a plugin a number to enter() with, 1 to 255; 0 when the page is full.
    std::uint32_t add(const std::string& id, const std::filesystem::path& plugin);

    /// Which plugin runs now; 0: none. Returns what was there, to be put back.
    std::uint32_t enter(std::uint32_t plugin) noexcept {
        const auto before = *running_;
        *running_ = plugin;
        return before;
    }

  private:
    struct Page;
    void read(const Page& page);

    std::filesystem::path file_;
    Page* page_ = nullptr;
    volatile std::uint32_t* running_;
    std::uint32_t nowhere_ = 0;
    std::vector<Culprit> blamed_;
    std::vector<std::uint64_t> fingerprints_;  ///< of blamed_: size and time, mixed
    const Culprit* fresh_ = nullptr;
};

}  // namespace waggle::plugin
