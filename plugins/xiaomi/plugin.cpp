#include <waggle/sdk.hpp>

#include "devices.hpp"

WAGGLE_PLUGIN(.id = "org.waggle.xiaomi", .name = "Xiaomi and Aqara", .version = "0.1.0",
              .licence = "Apache-2.0", .definitions = {qbkg04lm});
