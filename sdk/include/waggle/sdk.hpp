#pragma once

/// Everything a plugin written in C++ needs. Header-only; links against nothing but the C++ runtime.
#include <waggle/converters.hpp>
#include <waggle/definition.hpp>
#include <waggle/device.hpp>
#include <waggle/message.hpp>
#include <waggle/module.hpp>
#include <waggle/value.hpp>
#include <waggle/zcl.hpp>
