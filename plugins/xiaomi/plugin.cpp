#include <waggle/sdk.hpp>

#include "devices.hpp"

WAGGLE_PLUGIN(.id = "org.waggle.xiaomi", .name = "Xiaomi and Aqara", .version = "0.1.0",
              .licence = "Apache-2.0",
              .definitions = {qbkg04lm,  wsdcgq01lm,    wsdcgq11lm,    mccgq01lm, mccgq11lm,
                              rtcgq01lm, rtcgq11lm,     rtcgq12lm,     sjcgq11lm, wxkg01lm,
                              wxkg11lm,  wxkg03lm_rev1, wxkg03lm_rev2, qbkg03lm,  qbkg11lm,
                              qbkg12lm,  qbkg21lm,      qbkg22lm,      zncz02lm,  zncldj11lm});
