#include "unit/engine/rig.hpp"

#include <sstream>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace waggle::test {
namespace {

constexpr std::string_view base_configuration = R"(version: 5
mqtt:
  server: mqtt://localhost:1883
serial:
  port: /dev/null
advanced:
  pan_id: 6755
  ext_pan_id: [1, 2, 3, 4, 5, 6, 7, 8]
  network_key: [16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
  log_output: [console]
)";

constexpr std::string_view devices = R"(devices:
  '0x00158d0001020304':
    friendly_name: hall
)";

constexpr std::string_view coordinator_row =
    R"({"id":1,"type":"Coordinator","ieeeAddr":"0x00124b0001020304","nwkAddr":0,"manufId":0,)"
    R"("epList":[1],"endpoints":{"1":{"profId":260,"epId":1,"devId":5,"inClusterList":[0],)"
    R"("outClusterList":[],"clusters":{},"binds":[],"configuredReportings":[],"meta":{}}},)"
    R"("interviewCompleted":true,"interviewState":"SUCCESSFUL","meta":{}})";

std::string endpoint_row(int id, std::string_view clusters) {
    return fmt::format(
        R"("{0}":{{"profId":260,"epId":{0},"devId":256,"inClusterList":[{1}],"outClusterList":[],)"
        R"("clusters":{{}},"binds":[],"configuredReportings":[],"meta":{{}}}})",
        id, clusters);
}

std::string hall_row(std::string_view meta) {
    return fmt::format(
        R"({{"id":2,"type":"Router","ieeeAddr":"{}","nwkAddr":{},"manufId":4151,)"
        R"row("manufName":"LUMI","powerSource":"Mains (single phase)","modelId":"test.switch",)row"
        R"("epList":[1,2,3,4],"endpoints":{{{},{},{},{}}},"interviewCompleted":true,)"
        R"("interviewState":"SUCCESSFUL","meta":{},"lastSeen":1551454365941}})",
        hall_ieee, hall_address, endpoint_row(1, "0,1026"), endpoint_row(2, "6"),
        endpoint_row(3, "6"), endpoint_row(4, "6"), meta);
}

}  // namespace

std::string light_ieee(int number) {
    return fmt::format("0x00158d000000000{}", number);
}

std::string light_row(int number, std::string_view power_source, std::string_view type) {
    return fmt::format(R"({{"id":1{0},"type":"{1}","ieeeAddr":"{2}","nwkAddr":{3},"manufId":4476,)"
                       R"("manufName":"Waggle","powerSource":"{4}","modelId":"test.light",)"
                       R"("epList":[1],"endpoints":{{{5}}},"interviewCompleted":true,)"
                       R"("interviewState":"SUCCESSFUL","meta":{6}}}
)",
                       number, type, light_ieee(number), 0x2000 + number, power_source,
                       endpoint_row(1, "0,6,8,768"), configured);
}

std::string group_row(int id, std::string_view members) {
    std::string list;
    for (std::istringstream words{std::string(members)}; words;) {
        std::string word;
        if (!(words >> word))
            break;
        const auto slash = word.find('/');
        list += fmt::format(R"({}{{"deviceIeeeAddr":"{}","endpointID":{}}})",
                            list.empty() ? "" : ",", word.substr(0, slash), word.substr(slash + 1));
    }
    return fmt::format(R"({{"id":{},"type":"Group","groupID":{},"members":[{}],"meta":{{}}}}
)",
                       100 + id, id, list);
}

Rig::Rig(std::string_view more, std::string_view state, std::string_view meta,
         std::string_view advanced, std::string_view rows) {
    std::string yaml(base_configuration);
    if (!advanced.empty())
        yaml += fmt::format("  {}\n", advanced);
    if (more.find("devices:") == std::string_view::npos)
        yaml += devices;
    yaml += more;
    folder.write("configuration.yaml", yaml);
    folder.write("database.db", fmt::format("{}\n{}\n{}", coordinator_row, hall_row(meta), rows));
    if (!state.empty())
        folder.write("state.json", state);

    store::LoadOptions load;
    load.data_directory = folder.path();
    configuration = store::ConfigurationStore::load(std::move(load));

    radio.executor = loop.executor();
    radio.answer = [this](const ApsRequest& request) { return answer(request); };
    NetworkOptions options;
    options.database_path = (folder / "database.db").string();
    options.coordinator = radio.factory();
    network = std::make_unique<Network>(loop.executor(), std::move(options), CoordinatorOptions());

    EngineOptions engine_options;
    engine_options.state_path = (folder / "state.json").string();
    engine = std::make_unique<Engine>(loop.executor(), *network, *configuration, outbox,
                                      std::move(engine_options));
    plugin_radio = std::make_unique<plugin::NetworkRadio>(*network);
    plugin::PluginHostOptions plugin_options;
    plugin_options.slow_callback = std::chrono::minutes(1);  // the machine may be busy
    plugin_options.extra = {WAGGLE_TEST_PLUGINS};
    plugins = std::make_unique<plugin::PluginHost>(
        loop.executor(), std::move(plugin_options), engine->services(), *plugin_radio,
        [this](Ieee ieee) { return network->find(ieee); },
        [this](GroupId id) { return network->find_group(id); });
    plugins->discover();
    engine->attach(*plugins);

    log::Options quiet;
    quiet.console = false;
    log::configure(quiet);
    log::set_tap(
        [this](log::Level level, std::string_view, std::string_view text) {
            if (level == log::Level::error || level == log::Level::warning)
                lines.emplace_back(text);
        },
        false);
}

Rig::~Rig() {
    log::set_tap({}, false);
}

void Rig::start() {
    engine->load();
    std::string problem;
    BOOST_REQUIRE_MESSAGE(network->load(problem), problem);
    const auto started = loop.run(network->start(problem));
    BOOST_REQUIRE_MESSAGE(started, problem);
    engine->start();
    loop.settle();
    lines.clear();
    outbox.lines.clear();
    radio.sent.clear();
}

void Rig::stop() {
    loop.run(engine->stop());
    loop.run(network->stop());
}

/// Devices answer as the specification wants: success to commands and writes, 1 to every attribute.
std::optional<Bytes> Rig::answer(const ApsRequest& request) const {
    const auto& frame = request.payload;
    const bool has_code = frame.at(0) & 0x04;
    const std::size_t at = has_code ? 3 : 1;
    const std::uint8_t sequence = frame.at(at), command = frame.at(at + 1);
    Bytes reply{static_cast<std::uint8_t>(has_code ? 0x1C : 0x18)};
    if (has_code)
        reply.insert(reply.end(), {frame[1], frame[2]});
    reply.push_back(sequence);
    if (frame[0] & 0x01) {
        reply.insert(reply.end(), {0x0B, command, 0x00});  // default response
    } else if (command == 0x00) {
        reply.push_back(0x01);
        for (auto i = at + 2; i + 1 < frame.size(); i += 2)
            reply.insert(reply.end(), {frame[i], frame[i + 1], 0x00, 0x20, 0x01});
    } else {
        const bool reporting = command == 0x06;
        reply.insert(reply.end(), {static_cast<std::uint8_t>(reporting ? 0x07 : 0x04), 0x00});
    }
    return reply;
}

void Rig::from_hall(EndpointId endpoint, ClusterId cluster, std::string_view frame,
                    std::uint8_t link_quality) {
    radio.deliver(hall_address, endpoint, cluster, hex(frame), link_quality);
}

bool Rig::command(std::string_view topic, std::string_view payload) {
    const bool taken = engine->handle_command(topic, payload);
    loop.pass(std::chrono::milliseconds(300));
    return taken;
}

std::string Rig::published() {
    std::string text;
    for (const auto& line : std::exchange(outbox.lines, {}))
        text += (text.empty() ? "" : "|") + line.topic + " " + line.payload;
    return text;
}

std::string Rig::sent() {
    std::string text;
    for (const auto& request : std::exchange(radio.sent, {})) {
        auto bytes = to_hex(request.payload);
        const std::size_t sequence = request.payload.at(0) & 0x04 ? 6 : 2;
        bytes.replace(sequence, 2, "tt");
        text += fmt::format("{}{}/{:04x} {}", text.empty() ? "" : "|", request.destination_endpoint,
                            request.cluster, bytes);
    }
    return text;
}

std::string Rig::logged() {
    std::string text;
    for (const auto& line : std::exchange(lines, {}))
        text += (text.empty() ? "" : "|") + line;
    return text;
}

Device& Rig::hall() {
    auto* device = network->find(*Ieee::parse(hall_ieee));
    BOOST_REQUIRE(device);
    return *device;
}

}  // namespace waggle::test
