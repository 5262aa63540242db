#include "plugin/crash_marker.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/stat.h>

namespace waggle::plugin {

namespace {

constexpr std::uint64_t page_magic = 0x31304B52414D4757;  // "WGMARK01"
constexpr std::size_t most_plugins = 255;
constexpr std::array crash_signals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

/// Set while a marker lives; what the handler may touch.
volatile std::uint32_t* signal_slot = nullptr;
std::array<struct sigaction, crash_signals.size()> previous{};

/// Notes the signal and hands it to whoever was there before: a fault happens again when this
/// returns, anything else is sent again.
extern "C" void on_crash(int number, siginfo_t* info, void*) {
    if (auto* slot = signal_slot)
        *slot = static_cast<std::uint32_t>(number);
    for (std::size_t i = 0; i < crash_signals.size(); ++i)
        if (crash_signals[i] == number)
            sigaction(number, &previous[i], nullptr);
    if (info->si_code <= 0)
        raise(number);
}

/// A stack overflow must find a stack to run the handler on.
void install_handlers() {
    static std::array<char, 16 * 1024> stack;
    stack_t alternative{};
    if (sigaltstack(nullptr, &alternative) == 0 && (alternative.ss_flags & SS_DISABLE)) {
        alternative.ss_sp = stack.data();
        alternative.ss_size = stack.size();
        alternative.ss_flags = 0;
        sigaltstack(&alternative, nullptr);
    }
    for (std::size_t i = 0; i < crash_signals.size(); ++i) {
        struct sigaction action {};
        action.sa_sigaction = on_crash;
        action.sa_flags = SA_ONSTACK | SA_NODEFER | SA_SIGINFO;
        sigaction(crash_signals[i], &action, &previous[i]);
    }
}

void remove_handlers() {
    for (std::size_t i = 0; i < crash_signals.size(); ++i) {
        struct sigaction now {};
        sigaction(crash_signals[i], nullptr, &now);
        if ((now.sa_flags & SA_SIGINFO) && now.sa_sigaction == on_crash)
            sigaction(crash_signals[i], &previous[i], nullptr);
    }
}

/// Changes whenever the file does: size and time of change, mixed; 0 when there is no such file.
std::uint64_t fingerprint(const std::filesystem::path& file) {
    struct stat info {};
    if (stat(file.c_str(), &info) != 0)
        return 0;
    auto mixed = static_cast<std::uint64_t>(info.st_size) * 0x9E3779B97F4A7C15u;
    mixed ^= static_cast<std::uint64_t>(info.st_mtim.tv_sec) * 1000000007u;
    mixed ^= static_cast<std::uint64_t>(info.st_mtim.tv_nsec);
    return mixed | 1;
}

}  // namespace

/// The whole file; written by this program only, read as if anybody had.
struct CrashMarker::Page {
    struct Entry {
        std::uint64_t fingerprint;
        std::uint32_t blamed;  ///< the signal, or 0
        std::uint32_t reserved;
        char id[104];
        char path[392];
    };
    std::uint64_t magic;
    volatile std::uint32_t running;  ///< 1-based entry, 0: none
    volatile std::uint32_t signal;   ///< by the handler
    std::uint32_t count;
    std::uint32_t reserved;
    Entry entries[most_plugins];
};

namespace {

template <std::size_t N>
std::string text_in(const char (&field)[N]) {
    return std::string(field, strnlen(field, N));
}
template <std::size_t N>
bool put_text(char (&field)[N], const std::string& text) {
    if (text.size() >= N)
        return false;
    std::memset(field, 0, N);
    std::memcpy(field, text.data(), text.size());
    return true;
}

void* map_file(const std::filesystem::path& file, std::size_t size) {
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return nullptr;
    void* memory = MAP_FAILED;
    if (ftruncate(descriptor, static_cast<off_t>(size)) == 0)
        memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    return memory == MAP_FAILED ? nullptr : memory;
}

}  // namespace

CrashMarker::CrashMarker(const std::filesystem::path& file) : file_(file), running_(&nowhere_) {
    if (file.empty())
        return;
    page_ = static_cast<Page*>(map_file(file, sizeof(Page)));
    if (!page_)
        return;
    if (page_->magic == page_magic)
        read(*page_);
    page_->magic = page_magic;
    page_->running = 0;
    page_->signal = 0;
    page_->count = 0;
    for (std::size_t i = 0; i < blamed_.size(); ++i) {  // still blamed next time
        auto& entry = page_->entries[page_->count++];
        entry.fingerprint = fingerprints_[i];
        entry.blamed = static_cast<std::uint32_t>(blamed_[i].signal);
        put_text(entry.id, blamed_[i].id);
        put_text(entry.path, blamed_[i].path.string());
    }
    running_ = &page_->running;
    signal_slot = &page_->signal;
    install_handlers();
}

CrashMarker::~CrashMarker() {
    if (!page_)
        return;
    remove_handlers();
    signal_slot = nullptr;
    munmap(page_, sizeof(Page));
    std::error_code ignored;  // the next start reads what is left all the same
    if (blamed_.empty())
        std::filesystem::remove(file_, ignored);
}

void CrashMarker::read(const Page& page) {
    const auto count = std::min<std::size_t>(page.count, most_plugins);
    const std::size_t died_in = page.signal != 0 ? page.running : 0;
    std::size_t fresh = blamed_.size();
    bool has_fresh = false;
    for (std::size_t i = 0; i < count; ++i) {
        const auto& entry = page.entries[i];
        const bool died = died_in == i + 1;
        const auto signal = died ? std::uint32_t{page.signal} : entry.blamed;
        const std::filesystem::path path = text_in(entry.path);
        if (signal == 0 || fingerprint(path) != entry.fingerprint)
            continue;  // innocent, or another file by now
        if (died) {
            fresh = blamed_.size();
            has_fresh = true;
        }
        blamed_.push_back({text_in(entry.id), path, static_cast<int>(signal)});
        fingerprints_.push_back(entry.fingerprint);
    }
    if (has_fresh)
        fresh_ = &blamed_[fresh];
}

const CrashMarker::Culprit* CrashMarker::blamed(const std::filesystem::path& plugin) const {
    for (const auto& culprit : blamed_)
        if (culprit.path == plugin)
            return &culprit;
    return nullptr;
}

std::uint32_t CrashMarker::add(const std::string& id, const std::filesystem::path& plugin) {
    if (!page_ || page_->count >= most_plugins)
        return 0;
    auto& entry = page_->entries[page_->count];
    if (!put_text(entry.id, id) || !put_text(entry.path, plugin.string()))
        return 0;
    entry.fingerprint = fingerprint(plugin);
    entry.blamed = 0;
    return ++page_->count;
}

}  // namespace waggle::plugin
