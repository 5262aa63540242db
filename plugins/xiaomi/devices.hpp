#pragma once

#include <waggle/definition.hpp>

/// One function a device.
waggle::Definition qbkg04lm();

// climate.cpp
waggle::Definition wsdcgq01lm();
waggle::Definition wsdcgq11lm();

// detectors.cpp
waggle::Definition mccgq01lm();
waggle::Definition mccgq11lm();
waggle::Definition rtcgq01lm();
waggle::Definition rtcgq11lm();
waggle::Definition rtcgq12lm();
waggle::Definition sjcgq11lm();

// buttons.cpp
waggle::Definition wxkg01lm();
waggle::Definition wxkg11lm();
waggle::Definition wxkg03lm_rev1();
waggle::Definition wxkg03lm_rev2();

// wall_switches.cpp
waggle::Definition qbkg03lm();
waggle::Definition qbkg11lm();
waggle::Definition qbkg12lm();
waggle::Definition qbkg21lm();
waggle::Definition qbkg22lm();
waggle::Definition zncz02lm();

// curtain.cpp
waggle::Definition zncldj11lm();
