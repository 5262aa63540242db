#pragma once

#include <waggle/definition.hpp>

/// One function a device, each in the file of its model.
waggle::Definition qbkg04lm();
