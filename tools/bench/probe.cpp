// Watches an MQTT topic for the benchmark and writes when each message came:
//
//     waggle-bench-probe PORT FILTER OUTPUT      until SIGTERM
//         OUTPUT: one line a message, "<CLOCK_MONOTONIC ns> <topic> <payload>"
//     waggle-bench-probe PORT FILTER --count N   until N messages came
//         prints "<ns of the first> <ns of the last> <count>"; gives up 10 s after the last one
//     waggle-bench-probe PORT --floor N          what the broker alone takes
//         publishes N messages to itself, one at a time; prints the nanoseconds of each
//     waggle-bench-probe PORT --publish TOPIC PAYLOAD N GAP_US OUTPUT
//         publishes N times, a pause between; OUTPUT: the CLOCK_MONOTONIC ns of each
//
// One thread, libmosquitto only, so that it is never what is measured.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mosquitto.h>
#include <string>
#include <vector>

namespace {

long long now_ns() {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1'000'000'000LL + t.tv_nsec;
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

int watch(int port, const char* filter, const char* path) {
    State state;
    state.output = std::fopen(path, "w");
    auto* client = connect(state, port, filter);
    std::puts("ready");
    std::fflush(stdout);
    while (!stopped && mosquitto_loop(client, 100, 1) == MOSQ_ERR_SUCCESS) {
    }
    return std::fclose(state.output);
}

int count(int port, const char* filter, long wanted) {
    State state;
    auto* client = connect(state, port, filter);
    std::puts("ready");
    std::fflush(stdout);
    const auto begun = now_ns();
    while (!stopped && state.count < wanted && mosquitto_loop(client, 100, 1) == MOSQ_ERR_SUCCESS) {
        const auto idle = now_ns() - (state.count ? state.last : begun);
        if (idle > (state.count ? 10 : 60) * 1'000'000'000LL)
            break;
    }
    std::printf("%lld %lld %ld\n", state.first, state.last, state.count);
    return 0;
}

int broker_floor(int port, long times) {
    State state;
    auto* client = connect(state, port, "waggle-bench/floor");
    const std::string payload(60, 'x');
    for (long i = 0; i < times; ++i) {
        const auto sent = now_ns();
        const auto before = state.count;
        mosquitto_publish(client, nullptr, "waggle-bench/floor", static_cast<int>(payload.size()),
                          payload.data(), 0, false);
        while (state.count == before && mosquitto_loop(client, 1000, 1) == MOSQ_ERR_SUCCESS) {
        }
        std::printf("%lld\n", state.last - sent);
    }
    return 0;
}

int publish(int port, char** arguments) {
    State state;
    auto* client = connect(state, port, nullptr);
    std::FILE* output = std::fopen(arguments[4], "w");
    for (long i = std::atol(arguments[2]); i > 0; --i) {
        std::fprintf(output, "%lld\n", now_ns());
        mosquitto_publish(client, nullptr, arguments[0],
                          static_cast<int>(std::strlen(arguments[1])), arguments[1], 0, false);
        const auto until = now_ns() + std::atol(arguments[3]) * 1000;
        while (now_ns() < until)
            mosquitto_loop(client, 1, 1);
    }
    mosquitto_disconnect(client);
    return std::fclose(output);
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGTERM, [](int) { stopped = 1; });
    mosquitto_lib_init();
    const int port = argc > 1 ? std::atoi(argv[1]) : 0;
    if (argc == 4 && std::strcmp(argv[2], "--floor") == 0)
        return broker_floor(port, std::atol(argv[3]));
    if (argc == 8 && std::strcmp(argv[2], "--publish") == 0)
        return publish(port, argv + 3);
    if (argc == 5 && std::strcmp(argv[3], "--count") == 0)
        return count(port, argv[2], std::atol(argv[4]));
    if (argc == 4)
        return watch(port, argv[2], argv[3]);
    std::fputs("usage: see the head of tools/bench/probe.cpp\n", stderr);
    return 2;
}
