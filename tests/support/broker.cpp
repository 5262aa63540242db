#include "support/broker.hpp"

#include <chrono>
#include <signal.h>
#include <stdexcept>
#include <thread>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace waggle::test {
namespace {

using namespace std::chrono_literals;

bool takes_connections(unsigned short port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool ok = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return ok;
}

std::string binary() {
    return ::access("/usr/sbin/mosquitto", X_OK) == 0 ? "/usr/sbin/mosquitto" : "mosquitto";
}

}  // namespace

Broker::Broker(BrokerOptions options) : port_(free_port()) {
    std::string text = "listener " + std::to_string(port_) + " 127.0.0.1\n";
    text += std::string("allow_anonymous ") + (options.anonymous ? "true\n" : "false\n");
    if (options.persistence)
        text += "persistence true\npersistence_location " + folder_.path().string() + "/\n";
    if (::geteuid() == 0)
        text += "user root\n";  // it would lose the right to its own folder otherwise
    for (const auto& line : options.more_lines)
        text += line + "\n";
    folder_.write("mosquitto.conf", text);
}

void Broker::start() {
    process_ = std::make_unique<Process>(
        std::vector<std::string>{binary(), "-c", (folder_ / "mosquitto.conf").string()},
        folder_ / "mosquitto.log");
    for (int i = 0; i < 500; ++i) {
        if (takes_connections(port_))
            return;
        if (!process_->is_running())
            break;
        std::this_thread::sleep_for(10ms);
    }
    throw std::runtime_error("mosquitto did not start: " + process_->output());
}

void Broker::stop() {
    process_->stop();
}

void Broker::kill() {
    process_->kill();
}

void Broker::freeze() const {
    process_->signal(SIGSTOP);
}

void Broker::thaw() const {
    process_->signal(SIGCONT);
}

std::string Broker::log() const {
    return process_ ? process_->output() : std::string();
}

void run_program(const std::vector<std::string>& command, const TemporaryFolder& folder) {
    Process process(command, folder / "program.log");
    if (process.wait(30s) != 0)
        throw std::runtime_error(command[0] + " failed: " + process.output());
}

void make_certificates(const TemporaryFolder& folder) {
    const auto path = [&](const std::string& name) { return (folder / name).string(); };
    folder.write("names.cnf", "subjectAltName=DNS:localhost,DNS:broker.test,IP:127.0.0.1\n");
    run_program({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes", "-days", "30", "-subj", "/CN=test authority", "-keyout", path("ca.key"),
                 "-out", path("ca.pem")},
                folder);
    for (const std::string name : {"server", "client"}) {
        run_program(
            {"openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-subj", "/CN=" + name, "-keyout", path(name + ".key"), "-out", path(name + ".csr")},
            folder);
        run_program({"openssl", "x509", "-req", "-in", path(name + ".csr"), "-CA", path("ca.pem"),
                     "-CAkey", path("ca.key"), "-CAcreateserial", "-days", "30", "-extfile",
                     path("names.cnf"), "-out", path(name + ".pem")},
                    folder);
    }
}

}  // namespace waggle::test
