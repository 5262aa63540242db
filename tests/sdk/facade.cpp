// The facade alone, with every warning on: what an author's compiler would say.
#include <waggle/sdk.hpp>

using namespace waggle;

static Definition plug() {
    return {
        .zigbee_models = {"ACME-PLUG-1"},
        .model = "ACME-PLUG-1",
        .vendor = "ACME",
        .description = "Plug",
        .extend = {on_off()},
    };
}

WAGGLE_PLUGIN(.id = "com.example.acme", .version = "1.0.0", .definitions = {plug});
