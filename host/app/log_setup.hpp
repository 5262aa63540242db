#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "base/syslog.hpp"
#include "store/settings.hpp"

/// Logging as the configuration asks for it: where the file stands, how times are written, and how
/// many directories of earlier runs stay.
namespace waggle::app {

class LogSetup {
  public:
    /// `started` is the time that %TIMESTAMP% stands for.
    LogSetup(const store::Settings& settings, const std::filesystem::path& data,
             std::int64_t started_s);

    /// Begins to log so. A file that cannot be opened is reported and done without: a full disk
    /// must not stop the host.
    void apply();
    /// The file is closed and opened again, for whoever moved it away.
    void reopen();

    const log::Options& options() const noexcept { return options_; }

    /// Where the lines for syslog go; absent: the system's own log.
    const std::optional<log::SyslogOptions>& syslog_server() const noexcept {
        return syslog_server_;
    }

  private:
    void read_syslog(const boost::json::object& given);
    void make_directory() const;
    void remove_old_directories() const;

    log::Options options_;
    std::optional<log::SyslogOptions> syslog_server_;
    std::string syslog_name_;
    std::string directory_pattern_;  ///< with %TIMESTAMP%
    std::filesystem::path directory_;
    std::string timestamp_;
    int directories_to_keep_ = 10;
    bool symlink_ = false;
};

/// strftime's form of a format as zigbee2mqtt takes it ("YYYY-MM-DD HH:mm:ss").
std::string strftime_format(std::string_view format);

log::Level level_named(std::string_view name);

}  // namespace waggle::app
