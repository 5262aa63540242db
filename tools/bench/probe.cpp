// The benchmark's own ends of the wires, so small that they are never what is measured:
//
//     waggle-bench-probe watch PORT FILTER FILE             until SIGTERM
//         FILE: one line a message, "<CLOCK_MONOTONIC ns> <topic> <payload>"
//     waggle-bench-probe count PORT FILTER N PATIENCE       until N messages came
//         prints "<ns of the first> <ns of the last> <count>"; gives up PATIENCE seconds after the
//         last
//     waggle-bench-probe publish PORT TOPIC PAYLOAD N GAP_US FILE
//         N times, a pause between; FILE: the CLOCK_MONOTONIC ns of each
//     waggle-bench-probe flood PORT TOPIC PAYLOAD N
//         N times, as fast as the broker takes them
//     waggle-bench-probe drain PORT
//         a host that only reads: takes what the simulator sends, until SIGTERM
//     waggle-bench-probe relay PORT SIM_PORT TOPIC PAYLOAD  until SIGTERM
//         the least a host can do: publishes the same for whatever the simulator sends
//
// One thread, no JSON. `watch`, `count`, `drain` and `relay` print "ready".
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mosquitto.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace {

constexpr long long second = 1'000'000'000;

long long now_ns() {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * second + t.tv_nsec;
}

volatile std::sig_atomic_t stopped = 0;

struct State {
    std::FILE* output = nullptr;
    long long first = 0, last = 0;
    long count = 0;
    bool subscribed = false;
};

void on_message(mosquitto*, void* pointer, const mosquitto_message* message) {
    auto& state = *static_cast<State*>(pointer);
    if (message->retain)
        return;
    state.last = now_ns();
    if (state.count++ == 0)
        state.first = state.last;
    if (state.output)
        std::fprintf(state.output, "%lld %s %.*s\n", state.last, message->topic,
                     message->payloadlen, static_cast<const char*>(message->payload));
}

void on_subscribe(mosquitto*, void* pointer, int, int, const int*) {
    static_cast<State*>(pointer)->subscribed = true;
}

mosquitto* connect(State& state, int port, const char* filter) {
    mosquitto* client = mosquitto_new(nullptr, true, &state);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_message_callback_set(client, on_message);
    mosquitto_subscribe_callback_set(client, on_subscribe);
    if (mosquitto_connect(client, "127.0.0.1", port, 60) != MOSQ_ERR_SUCCESS) {
        std::fprintf(stderr, "no broker on port %d\n", port);
        std::exit(1);
    }
    if (filter)
        mosquitto_subscribe(client, nullptr, filter, 0);
    for (int i = 0; i < 500 && !state.subscribed; ++i)
        mosquitto_loop(client, filter ? 10 : 1, 1);
    return client;
}

void say_ready() {
    std::puts("ready");
    std::fflush(stdout);
}

int watch(int port, const char* filter, const char* path) {
    State state;
    state.output = std::fopen(path, "w");
    std::setvbuf(state.output, nullptr, _IOLBF, 0);
    auto* client = connect(state, port, filter);
    say_ready();
    while (!stopped && mosquitto_loop(client, 100, 1) == MOSQ_ERR_SUCCESS) {
    }
    return std::fclose(state.output);
}

// Counting and flooding speak MQTT 3.1.1 themselves, many messages a system call: libmosquitto
// reads a message in three and writes it in one, which is more than the broker's work.

using Packet = std::vector<std::uint8_t>;

void append_text(Packet& out, std::string_view text) {
    out.push_back(static_cast<std::uint8_t>(text.size() >> 8));
    out.push_back(static_cast<std::uint8_t>(text.size()));
    out.insert(out.end(), text.begin(), text.end());
}

Packet packet(std::uint8_t type, const Packet& body) {
    Packet out = {type};
    for (auto rest = body.size(); rest > 0 || out.size() == 1; rest >>= 7)
        out.push_back(static_cast<std::uint8_t>((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
    out.insert(out.end(), body.begin(), body.end());
    return out;
}

int open_socket(int port) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
        return fd;
    std::fprintf(stderr, "nothing listens on port %d\n", port);
    std::exit(1);
}

void write_all(int fd, const std::uint8_t* at, std::size_t left) {
    while (left > 0) {
        const auto done = write(fd, at, left);
        if (done <= 0)
            std::exit(1);
        at += done;
        left -= static_cast<std::size_t>(done);
    }
}

int open_mqtt(int port, std::string_view client_id) {
    Packet body;
    append_text(body, "MQTT");
    body.insert(body.end(), {4, 2, 0, 0});  // 3.1.1, clean session, no keep alive
    append_text(body, client_id);
    const auto hello = packet(0x10, body);
    const int fd = open_socket(port);
    write_all(fd, hello.data(), hello.size());
    std::uint8_t answer[4];
    if (recv(fd, answer, sizeof answer, MSG_WAITALL) != 4 || answer[3] != 0)
        std::exit(1);
    return fd;
}

/// Takes whole packets off the front.
void take_packets(Packet& bytes, State& state) {
    std::size_t at = 0;
    for (;;) {
        std::size_t length = 0, head = at + 1;
        for (int shift = 0; head < bytes.size(); shift += 7) {
            length |= static_cast<std::size_t>(bytes[head] & 0x7F) << shift;
            if ((bytes[head++] & 0x80) == 0)
                break;
        }
        if (head >= bytes.size() || bytes.size() - head < length)
            break;
        const bool is_fresh_publish = (bytes[at] & 0xF1) == 0x30;
        if (is_fresh_publish && state.count++ == 0)
            state.first = now_ns();
        at = head + length;
    }
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

int count(int port, const char* filter, long wanted, long patience) {
    const int fd = open_mqtt(port, "waggle-bench-count");
    Packet body = {0, 1};
    append_text(body, filter);
    body.push_back(0);
    const auto subscribe = packet(0x82, body);
    write_all(fd, subscribe.data(), subscribe.size());
    std::uint8_t granted[5];
    recv(fd, granted, sizeof granted, MSG_WAITALL);
    say_ready();

    State state;
    Packet bytes;
    state.last = now_ns();
    pollfd wait{fd, POLLIN, 0};
    while (!stopped && state.count < wanted) {
        if (poll(&wait, 1, 100) > 0) {
            const auto kept = bytes.size();
            bytes.resize(kept + 256 * 1024);
            const auto got = read(fd, bytes.data() + kept, bytes.size() - kept);
            if (got <= 0)
                return 1;
            bytes.resize(kept + static_cast<std::size_t>(got));
            take_packets(bytes, state);
            state.last = now_ns();
        }
        if (now_ns() - state.last > patience * second)
            break;
    }
    std::printf("%lld %lld %ld\n", state.first, state.last, state.count);
    return 0;
}

int publish_one(mosquitto* client, const char* topic, const char* payload) {
    return mosquitto_publish(client, nullptr, topic, static_cast<int>(std::strlen(payload)),
                             payload, 0, false);
}

int publish(int port, char** arguments) {
    const char *topic = arguments[0], *payload = arguments[1], *path = arguments[4];
    const long times = std::atol(arguments[2]), gap_us = std::atol(arguments[3]);
    State state;
    auto* client = connect(state, port, nullptr);
    std::FILE* output = std::fopen(path, "w");
    for (long i = 0; i < times; ++i) {
        std::fprintf(output, "%lld\n", now_ns());
        publish_one(client, topic, payload);
        const auto until = now_ns() + gap_us * 1000;
        while (now_ns() < until)
            mosquitto_loop(client, 1, 1);
    }
    mosquitto_disconnect(client);
    return std::fclose(output);
}

int flood(int port, const char* topic, const char* payload, long times) {
    Packet body;
    append_text(body, topic);
    body.insert(body.end(), payload, payload + std::strlen(payload));
    const auto one = packet(0x30, body);
    constexpr long batch = 64;
    Packet many;
    for (long i = 0; i < batch; ++i)
        many.insert(many.end(), one.begin(), one.end());
    const int fd = open_mqtt(port, "waggle-bench-flood");
    for (long left = times; left > 0 && !stopped; left -= batch)
        write_all(fd, many.data(), one.size() * static_cast<std::size_t>(std::min(left, batch)));
    return close(fd);
}

int drain(int port) {
    const int fd = open_socket(port);
    say_ready();
    std::vector<char> block(64 * 1024);
    pollfd wait{fd, POLLIN, 0};
    while (!stopped)
        if (poll(&wait, 1, 100) > 0 && read(fd, block.data(), block.size()) <= 0)
            break;
    return close(fd);
}

int relay(int port, char** arguments) {
    State state;
    auto* client = connect(state, port, nullptr);
    const int fd = open_socket(std::atoi(arguments[0]));
    say_ready();
    std::vector<char> block(4096);
    pollfd wait{fd, POLLIN, 0};
    while (!stopped)
        if (poll(&wait, 1, 100) <= 0)
            mosquitto_loop_misc(client);
        else if (read(fd, block.data(), block.size()) > 0)
            publish_one(client, arguments[1], arguments[2]);
        else
            break;
    return close(fd);
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGTERM, [](int) { stopped = 1; });
    mosquitto_lib_init();
    const std::string mode = argc > 2 ? argv[1] : "";
    const int port = argc > 2 ? std::atoi(argv[2]) : 0;
    if (mode == "watch" && argc == 5)
        return watch(port, argv[3], argv[4]);
    if (mode == "count" && argc == 6)
        return count(port, argv[3], std::atol(argv[4]), std::atol(argv[5]));
    if (mode == "publish" && argc == 8)
        return publish(port, argv + 3);
    if (mode == "flood" && argc == 6)
        return flood(port, argv[3], argv[4], std::atol(argv[5]));
    if (mode == "drain" && argc == 3)
        return drain(port);
    if (mode == "relay" && argc == 6)
        return relay(port, argv + 3);
    std::fputs("usage: see the head of tools/bench/probe.cpp\n", stderr);
    return 2;
}
