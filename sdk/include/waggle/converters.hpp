#pragma once

/// Ready-made parts for the usual behaviours; names, values and texts are zigbee2mqtt's.
#include <waggle/converters/attributes.hpp>
#include <waggle/converters/ballast.hpp>
#include <waggle/converters/basics.hpp>
#include <waggle/converters/battery.hpp>
#include <waggle/converters/cover.hpp>
#include <waggle/converters/fan.hpp>
#include <waggle/converters/ias.hpp>
#include <waggle/converters/identify.hpp>
#include <waggle/converters/light.hpp>
#include <waggle/converters/lock.hpp>
#include <waggle/converters/metering.hpp>
#include <waggle/converters/occupancy.hpp>
#include <waggle/converters/on_off.hpp>
#include <waggle/converters/remotes.hpp>
#include <waggle/converters/sensors.hpp>
#include <waggle/converters/sequence.hpp>
#include <waggle/converters/thermostat.hpp>
