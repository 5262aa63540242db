// A plugin that does everything the host offers, when asked to by messages and commands.
#include <waggle/sdk.hpp>

using namespace waggle;

namespace {

void note(Device device, std::string what) {
    const Property property{"note", std::move(what)};
    device.publish({&property, 1});
}

/// genOnOff, endpoint 1: attribute 0 tells what to do.
void act(const Message& msg, Publisher& out) {
    const auto device = msg.device();
    switch (msg.get<int>(attr::on_off).value_or(-1)) {
        case 0: {  // stores
            auto store = device.store();
            out.set("volatile", store.exchange("count", store.get("count", 0) + 1));
            auto kept = device.persistent_store();
            out.set("kept", kept.exchange("count", kept.get("count", 0) + 1));
            return;
        }
        case 1: {  // publishes before its result
            out.now({{"event", "first"}});
            out.now({{"event", "second"}, {"list", Array{1, "two", Object{{"three", 3.5}}}}});
            out.set("event", "result");
            return;
        }
        case 2: {  // options, state, who it is
            const auto info = device.info();
            out.set("legacy", device.option("legacy", std::string("unset")));
            out.set("cached", device.state("cached").to_string());
            out.set("model", view(info.model_id));
            out.set("name", device.name());
            out.set("type", view(info.device_type));
            out.set("endpoints", info.endpoint_count);
            out.set("default_endpoint", info.default_endpoint);
            return;
        }
        case 3: {  // a timer
            detail::host->timer(
                detail::host, device.handle(), 5000,
                [](void* data) { note(Device(reinterpret_cast<wg_entity>(data)), "timer"); },
                reinterpret_cast<void*>(device.handle()), nullptr);
            return;
        }
        case 4:  // a request
            device.send(read(2, cluster::basic, {5}), [device](const Reply& reply) {
                note(device, reply.ok() ? "read " + reply[5].to_string()
                                        : "failed " + std::to_string(reply.status()) + " " +
                                              std::string(reply.message()));
            });
            return;
        case 5: {  // as many requests as it may
            int accepted = 0;
            while (device.send(read(2, cluster::basic, {5})) == WG_OK && accepted < 1000)
                ++accepted;
            out.set("accepted", accepted);
            return;
        }
        case 6:  // from another thread's point of view: post is the only one
            detail::host->post(
                detail::host, [](void*) { log(LogLevel::warning, "posted"); }, nullptr);
            return;
        case 7: {  // values that do not fit
            const auto too_big = write(1, cluster::basic, {{0xFF22, 256, Type::uint8}});
            out.set("too_big", device.send(too_big));
            out.set("no_type", device.send(write(1, cluster::basic, {{0xFF23, 1}})));
            out.set("no_command", device.send(command(1, cluster::on_off, 0xEE)));
            out.set("no_parameter",
                    device.send(command(1, cluster::on_off, 0x42, {{"nonsense", 1}})));
            return;
        }
    }
}

void of_endpoint(const Message& msg, Publisher& out) {
    out.set_of_endpoint("state", msg.get<int>(attr::on_off).value_or(0));
    out.set_of_endpoint("whole", 1);
    out.set("plain", 1);
}

void on_event(const wg_event& event) {
    if (event.type == WG_EVENT_MESSAGE)
        return log(LogLevel::warning, "heard cluster " + std::to_string(event.message->cluster));
    log(LogLevel::warning, "event " + std::to_string(event.type));
}

void set_mode(const Set& set) {
    if (set.value().text() == "now")
        return set.answer().done(std::vector<Property>{{"mode", "now"}});
    if (set.value().text() == "never")
        return;
    if (set.value().text() == "bad")
        throw Refused("bad is not allowed");
    set.send(write(set.endpoint(), cluster::basic, {{0xFF22, 1, Type::uint8}}, 0x115F),
             {{"mode", set.value().to_string()}});
}

Definition probe() {
    return {
        .zigbee_models = {"probe"},
        .model = "PROBE",
        .vendor = "Example",
        .description = "Does everything",
        .endpoints = {{"system", 1}, {"default", 2}, {"left", 3}},
        .multi_endpoint = true,
        .unsuffixed = {"whole"},
        .from_device = {{cluster::on_off, Kind::report, 1, act, "act"},
                        {cluster::on_off, Kind::report, 2, of_endpoint, "of_endpoint"},
                        {cluster::on_off, Kind::report, 3, of_endpoint, "of_endpoint"}},
        .to_device = {{{"mode"}, set_mode}},
        .exposes = {{.type = ExposeType::numeric,
                     .name = "soil_moisture",
                     .access = Access::all,
                     .unit = "%",
                     .min = 0,
                     .max = 100,
                     .step = 0.5,
                     .presets = {{"dry", 10, "Dry"}, {"any", "x", ""}}},
                    {.type = ExposeType::list,
                     .name = "days",
                     .access = Access::state,
                     .length_min = 1,
                     .length_max = 7,
                     .features = {{.type = ExposeType::composite,
                                   .name = "day",
                                   .access = Access::state,
                                   .property = "day",
                                   .features = {{.type = ExposeType::text,
                                                 .name = "hour",
                                                 .access = Access::state}}}}},
                    {.type = ExposeType::enumeration,
                     .name = "mode_left",
                     .access = Access::set,
                     .label = "Left mode",
                     .property = "mode_left",
                     .endpoint = "left",
                     .category = Category::config,
                     .values = {"a", 2},
                     .homeassistant = {{"icon", "mdi:leaf"}}}},
        .options = {{.expose = {.type = ExposeType::text, .name = "legacy", .access = Access::set},
                     .default_value = "old",
                     .newer_from_version = 2,
                     .newer_default = "new"}},
        .configure = {[](Device device, Answer answer) {
            device.send(read(1, cluster::basic, {4}), [answer](const Reply& reply) {
                if (reply.ok())
                    answer.done();
                else
                    answer.fail("the reading failed");
            });
        }},
        .events = {{WG_EVENT_JOINED | WG_EVENT_STOPPED | WG_EVENT_REMOVED | WG_EVENT_MESSAGE,
                    on_event}},
        .bindings = {{cluster::on_off}},
        .reportings = {{.cluster = cluster::on_off, .attribute = 0, .minimum = 1, .maximum = 60}},
        .notes = {{"debounce", "it loses events"}, {"", "documentation"}},
    };
}

}  // namespace

WAGGLE_PLUGIN(.id = "org.example.probe", .name = "Probe", .version = "1.2.3",
              .licence = "Apache-2.0", .homepage = "https://example.org/\"quoted\"",
              .definitions = {probe});
