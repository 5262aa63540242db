// The simulated co-processor: whatever a host may send it over the wire, with a device on the
// network.
#include <boost/asio/io_context.hpp>
#include <ncp.hpp>
#include <zcl.hpp>

namespace {

using namespace waggle::sim;

Description lamp() {
    Description device;
    device.name = "lamp";
    device.ieee = 0x00124B0022AA0001;
    device.node_descriptor = Bytes(13, 0);
    EndpointDescription endpoint;
    endpoint.in = {0x0000, 0x0003, 0x0004, 0x0005, 0x0006, 0x0008};
    endpoint.behaviours = {"basic", "identify", "groups", "scenes", "on_off", "level"};
    device.endpoints.push_back(endpoint);
    for (const auto cluster : std::initializer_list<std::uint16_t>{0x0003, 0x0006, 0x0008}) {
        AttributeDescription attribute;
        attribute.key = {1, cluster, 0, 0};
        attribute.type = static_cast<std::uint8_t>(cluster == 3   ? 0x21
                                                   : cluster == 6 ? 0x10
                                                                  : 0x20);
        attribute.value = Bytes(cluster == 3 ? 2 : 1, 0);
        attribute.writable = true;
        device.attributes.push_back(attribute);
    }
    return device;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    boost::asio::io_context context;
    Scheduler scheduler(context);
    Timing timing;
    timing.reset = timing.startup = timing.formation = timing.air = timing.join =
        Timing::Milliseconds(0);
    Network network(scheduler, scheduler, timing);
    NvMemory nv;
    Faults faults;
    Trace trace;
    Ncp ncp(scheduler, network, nv, faults, trace, *firmware_by_name("3.x.0"), timing, 1);
    Device& device = network.add(lamp());
    device.make_resident();
    device.move_to(0x1234);
    network.load_addresses();
    ncp.set_output([](View) {});
    ncp.boot();
    UnpiParser parser([&](const MtFrame& frame) { ncp.receive(frame); });
    Bytes start;
    append_unpi(start, 0x2109, Bytes{0x8F, 0x00, 0x00, 0x01, 0x01});
    append_unpi(start, 0x2F05, Bytes{0x04});
    append_unpi(start, 0x2400, Bytes{1, 4, 1, 5, 0, 0, 0, 0, 0});
    parser.feed(start);
    for (int i = 0; i < 4; ++i)
        context.poll(), context.restart();
    parser.feed(View(data, size));
    for (int i = 0; i < 8; ++i)
        context.poll(), context.restart();
    scheduler.clear();
    return 0;
}
