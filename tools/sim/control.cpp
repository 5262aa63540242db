#include "control.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <sys/stat.h>

#include "control_commands.hpp"

namespace waggle::sim {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using Stream = asio::local::stream_protocol;

constexpr std::size_t max_request = 1 << 20;

/// One connection: requests in, answers out.
class Session : public std::enable_shared_from_this<Session> {
  public:
    Session(Stream::socket socket, Simulation& simulation, std::function<void()> stop)
        : socket_(std::move(socket)), simulation_(simulation), stop_(std::move(stop)) {}

    void read() {
        asio::async_read_until(
            socket_, asio::dynamic_buffer(in_, max_request), '\n',
            [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
                if (error)
                    return;
                const std::string line = self->in_.substr(0, size);
                self->in_.erase(0, size);
                self->serve(line);
                self->read();
            });
    }

  private:
    void serve(const std::string& line) {
        boost::system::error_code error;
        const json::value request = json::parse(line, error);
        if (error || !request.is_object())
            return answer({}, failure("a request is one JSON object on one line"));
        const json::object& fields = request.get_object();
        const json::value id = fields.contains("id") ? fields.at("id") : json::value();
        if (const json::value* command = fields.if_contains("command");
            command && *command == json::value("stop")) {
            answer(id, {});
            return stop_();
        }
        try {
            run_control(simulation_, fields, [self = shared_from_this(), id](json::object result) {
                self->answer(id, std::move(result));
            });
        } catch (const std::exception& problem) {
            answer(id, failure(problem.what()));
        }
    }

    static json::object failure(std::string_view sentence) {
        json::object result;
        result["ok"] = false;
        result["error"] = sentence;
        return result;
    }

    void answer(const json::value& id, json::object result) {
        json::object complete;
        complete["ok"] = true;
        if (!id.is_null())
            complete["id"] = id;
        for (auto& [key, value] : result)
            complete[key] = value;
        out_ += json::serialize(complete) + "\n";
        if (!writing_)
            write();
    }

    void write() {
        writing_ = true;
        sending_.clear();
        sending_.swap(out_);
        asio::async_write(
            socket_, asio::buffer(sending_),
            [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                self->writing_ = false;
                if (!error && !self->out_.empty())
                    self->write();
            });
    }

    Stream::socket socket_;
    Simulation& simulation_;
    std::function<void()> stop_;
    std::string in_;
    std::string out_;
    std::string sending_;
    bool writing_ = false;
};

/// Whether somebody answers there, as opposed to a socket file left over.
bool is_alive(asio::io_context& context, const std::string& path) {
    Stream::socket probe(context);
    boost::system::error_code error;
    probe.connect(Stream::endpoint(path), error);
    return !error;
}

}  // namespace

class ControlServer::Implementation {
  public:
    Implementation(asio::io_context& context, Simulation& simulation, std::string path,
                   std::function<void()> stop)
        : acceptor_(context),
          simulation_(simulation),
          path_(std::move(path)),
          stop_(std::move(stop)) {
        if (path_.size() >= sizeof(sockaddr_un::sun_path))
            throw std::runtime_error("the path of the control socket is too long: " + path_);
        if (is_alive(context, path_))
            throw std::runtime_error("another waggle-sim uses the control socket " + path_ +
                                     "; give another one with --control");
        ::unlink(path_.c_str());
        try {
            acceptor_.open();
            acceptor_.bind(Stream::endpoint(path_));
            acceptor_.listen();
        } catch (const boost::system::system_error& error) {
            throw std::runtime_error("cannot make the control socket " + path_ + ": " +
                                     error.code().message());
        }
        ::chmod(path_.c_str(), 0600);
        accept();
    }

    void close() {
        if (!acceptor_.is_open())
            return;
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        ::unlink(path_.c_str());
    }

  private:
    void accept() {
        acceptor_.async_accept(
            [this](const boost::system::error_code& error, Stream::socket socket) {
                if (!acceptor_.is_open())
                    return;
                if (!error)
                    std::make_shared<Session>(std::move(socket), simulation_, stop_)->read();
                accept();
            });
    }

    Stream::acceptor acceptor_;
    Simulation& simulation_;
    std::string path_;
    std::function<void()> stop_;
};

ControlServer::ControlServer(asio::io_context& context, Simulation& simulation, std::string path,
                             std::function<void()> stop)
    : implementation_(
          std::make_unique<Implementation>(context, simulation, std::move(path), std::move(stop))) {
}

ControlServer::~ControlServer() = default;

void ControlServer::close() {
    implementation_->close();
}

std::string default_control_path() {
    if (const char* directory = std::getenv("XDG_RUNTIME_DIR"); directory && *directory)
        return std::string(directory) + "/waggle-sim.sock";
    return "/tmp/waggle-sim-" + std::to_string(::getuid()) + ".sock";
}

int run_client(const std::string& path, const std::vector<std::string>& words) {
    asio::io_context context;
    Stream::socket socket(context);
    boost::system::error_code error;
    socket.connect(Stream::endpoint(path), error);
    if (error) {
        std::fprintf(stderr, "waggle-sim: nothing answers at %s (%s); is the simulator running?\n",
                     path.c_str(), error.message().c_str());
        return 1;
    }
    json::object request;
    request["command"] = words.front();
    request["args"] = json::array(words.begin() + 1, words.end());
    asio::write(socket, asio::buffer(json::serialize(request) + "\n"), error);
    std::string line;
    if (!error)
        asio::read_until(socket, asio::dynamic_buffer(line), '\n', error);
    if (error) {
        std::fprintf(stderr, "waggle-sim: the simulator went away before it answered\n");
        return 1;
    }
    const json::value answer = json::parse(line, error);
    const bool ok = !error && answer.is_object() && answer.get_object().contains("ok") &&
                    answer.at("ok") == json::value(true);
    if (!ok && !error && answer.is_object() && answer.get_object().contains("error")) {
        std::fprintf(stderr, "waggle-sim: %s\n", answer.at("error").as_string().c_str());
        return 1;
    }
    std::fputs(line.c_str(), stdout);
    return ok ? 0 : 1;
}

}  // namespace waggle::sim
