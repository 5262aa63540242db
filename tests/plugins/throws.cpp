// Plugins that let exceptions out: with -DBAD_THROWS_IN_INIT or -DBAD_THROWS_IN_CONVERT, past the
// border; without, from converters written with the facade, which holds them.
#include <stdexcept>

#include <waggle/sdk.hpp>

using namespace waggle;

#ifdef WAY

WG_MANIFEST("org.example." WAY, "Throws", "1.0.0", "Apache-2.0", "");

namespace {

wg_status init(const wg_host*) {
#ifdef BAD_THROWS_IN_INIT
    throw std::runtime_error("thrown in init");
#else
    return WG_OK;
#endif
}
wg_status convert(const wg_message*, wg_sink*, const void*) {
    throw 42;
}
const wg_str models[] = {WG_STR("bad." WAY)};
const wg_from_device from_device[] = {
    {6, WG_ANY_COMMAND, 0, {}, WG_REPORT, 0, WG_STR("convert"), convert, nullptr}};

const wg_definition* definition(std::uint32_t) {
    static const wg_definition bad = [] {
        wg_definition out{};
        out.size = sizeof out;
        out.model = out.vendor = out.description = to_wg("BAD-1");
        out.zigbee_models = WG_TABLE(models);
        out.from_device = WG_TABLE(from_device);
        return out;
    }();
    return &bad;
}
std::uint32_t definition_count() {
    return 1;
}

}  // namespace

const wg_plugin_entry waggle_plugin = {WG_MAGIC,
                                       sizeof(wg_plugin_entry),
                                       WG_ABI_MAJOR,
                                       WG_ABI_MINOR,
                                       WG_ABI_MINOR,
                                       0,
                                       "org.example." WAY,
                                       "1.0.0",
                                       init,
                                       nullptr,
                                       definition_count,
                                       definition,
                                       nullptr};

#else

namespace {

void throws(const Message&, Publisher& out) {
    out.set("before", 1);
    throw std::runtime_error("thrown in a converter");
}
void throws_a_number(const Message&, Publisher&) {
    throw 42;
}
void fine(const Message&, Publisher& out) {
    out.set("after", 2);
}
void set_throws(const Set& set) {
    if (set.value().is_text())
        throw Refused("text is not allowed");
    throw std::logic_error("set is broken");
}

Definition thrower() {
    return {
        .zigbee_models = {"bad.facade"},
        .model = "THROWS",
        .vendor = "Bad",
        .description = "Converters that throw",
        .from_device = {{cluster::on_off, Kind::report, any_endpoint, throws, "throws"},
                        {cluster::on_off, Kind::report, any_endpoint, throws_a_number, "number"},
                        {cluster::on_off, Kind::report, any_endpoint, fine, "fine"}},
        .to_device = {{{"broken"}, set_throws}},
    };
}
Definition not_even_a_definition() {
    throw std::runtime_error("thrown while describing");
}

}  // namespace

WAGGLE_PLUGIN(.id = "org.example.facade", .name = "Throws", .version = "1.0.0",
              .definitions = {thrower, not_even_a_definition});

#endif
