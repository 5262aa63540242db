#include "bridge/homeassistant/attributes.hpp"

#include <algorithm>
#include <span>

#include <boost/json/object.hpp>

namespace json = boost::json;

namespace waggle::bridge::homeassistant {
namespace {

// Each table is sorted by name. Three pictures are spelt as zigbee2mqtt spells them ("angle-acute",
// "mdi: volume-high"): Home Assistant compares texts.
// clang-format off
constexpr Attributes config_switches[] = {
    {.name = "auto_lock", .entity_category = "config", .icon = "mdi:lock"},
    {.name = "away_mode", .entity_category = "config", .icon = "mdi:home-export-outline"},
    {.name = "comfort_smiley", .entity_category = "config", .icon = "mdi:emoticon-happy-outline"},
    {.name = "enable_display", .entity_category = "config", .icon = "mdi:monitor"},
    {.name = "indicator", .entity_category = "config", .icon = "mdi:led-on"},
    {.name = "tilt_mode", .entity_category = "config", .icon = "mdi:angle-acute"},
    {.name = "valve_detection", .entity_category = "config", .icon = "mdi:pipe-valve"},
    {.name = "window_detection", .entity_category = "config", .icon = "mdi:window-open-variant"},
};

constexpr Attributes binaries[] = {
    {.name = "activity_led_indicator", .icon = "mdi:led-on"},
    {.name = "area1Occupancy", .device_class = "occupancy"},
    {.name = "area2Occupancy", .device_class = "occupancy"},
    {.name = "area3Occupancy", .device_class = "occupancy"},
    {.name = "area4Occupancy", .device_class = "occupancy"},
    {.name = "auto_lock", .entity_category = "config", .icon = "mdi:lock"},
    {.name = "auto_off", .icon = "mdi:flash-auto"},
    {.name = "away_mode", .entity_category = "config", .icon = "mdi:home-export-outline"},
    {.name = "battery_low", .device_class = "battery", .entity_category = "diagnostic"},
    {.name = "button_lock", .entity_category = "config", .icon = "mdi:lock"},
    {.name = "calibration", .entity_category = "config", .icon = "mdi:progress-wrench"},
    {.name = "calibration_left", .entity_category = "config", .icon = "mdi:progress-wrench"},
    {.name = "calibration_right", .entity_category = "config", .icon = "mdi:progress-wrench"},
    {.name = "capabilities_configurable_curve", .entity_category = "diagnostic", .icon = "mdi:tune"},
    {.name = "capabilities_forward_phase_control", .entity_category = "diagnostic", .icon = "mdi:tune"},
    {.name = "capabilities_overload_detection", .entity_category = "diagnostic", .icon = "mdi:tune"},
    {.name = "capabilities_reactance_discriminator", .entity_category = "diagnostic", .icon = "mdi:tune"},
    {.name = "capabilities_reverse_phase_control", .entity_category = "diagnostic", .icon = "mdi:tune"},
    {.name = "carbon_monoxide", .device_class = "carbon_monoxide"},
    {.name = "card", .entity_category = "config", .icon = "mdi:clipboard-check"},
    {.name = "child_lock", .entity_category = "config", .icon = "mdi:account-lock"},
    {.name = "color_sync", .entity_category = "config", .icon = "mdi:sync-circle"},
    {.name = "consumer_connected", .device_class = "plug"},
    {.name = "contact", .device_class = "door"},
    {.name = "eco_mode", .entity_category = "config", .icon = "mdi:leaf"},
    {.name = "enable_display", .entity_category = "config", .icon = "mdi:monitor"},
    {.name = "expose_pin", .entity_category = "config", .icon = "mdi:pin"},
    {.name = "flip_indicator_light", .entity_category = "config", .icon = "mdi:arrow-left-right"},
    {.name = "frost_protection", .entity_category = "config", .icon = "mdi:snowflake-thermometer"},
    {.name = "garage_door_contact", .device_class = "garage_door", .inverted = true},
    {.name = "gas", .device_class = "gas"},
    {.name = "heating_stop", .entity_category = "config", .icon = "mdi:radiator-off"},
    {.name = "indicator", .entity_category = "config", .icon = "mdi:led-on"},
    {.name = "indicator_mode", .entity_category = "config", .icon = "mdi:led-on"},
    {.name = "invert_cover", .entity_category = "config", .icon = "mdi:arrow-left-right"},
    {.name = "led_disabled_night", .entity_category = "config", .icon = "mdi:led-off"},
    {.name = "led_enable", .entity_category = "config", .icon = "mdi:led-on"},
    {.name = "led_indication", .entity_category = "config", .icon = "mdi:led-on"},
    {.name = "motor_reversal", .entity_category = "config", .icon = "mdi:arrow-left-right"},
    {.name = "motor_reversal_left", .entity_category = "config", .icon = "mdi:arrow-left-right"},
    {.name = "motor_reversal_right", .entity_category = "config", .icon = "mdi:arrow-left-right"},
    {.name = "moving", .device_class = "moving"},
    {.name = "no_position_support", .entity_category = "config", .icon = "mdi:minus-circle-outline"},
    {.name = "noise_detected", .device_class = "sound"},
    {.name = "occupancy", .device_class = "occupancy"},
    {.name = "power_outage_memory", .entity_category = "config", .icon = "mdi:memory"},
    {.name = "presence", .device_class = "occupancy"},
    {.name = "rain_status", .device_class = "moisture", .icon = "mdi:weather-pouring"},
    {.name = "schedule", .icon = "mdi:calendar"},
    {.name = "setup", .device_class = "running"},
    {.name = "smoke", .device_class = "smoke"},
    {.name = "sos", .device_class = "safety"},
    {.name = "status_capacitive_load", .entity_category = "diagnostic", .icon = "mdi:tune"},
    {.name = "status_forward_phase_control", .entity_category = "diagnostic", .icon = "mdi:tune"},
    {.name = "status_inductive_load", .entity_category = "diagnostic", .icon = "mdi:tune"},
    {.name = "status_overload", .entity_category = "diagnostic", .icon = "mdi:tune"},
    {.name = "status_reverse_phase_control", .entity_category = "diagnostic", .icon = "mdi:tune"},
    {.name = "tamper", .device_class = "tamper"},
    {.name = "temperature_scale", .entity_category = "config", .icon = "mdi:temperature-celsius"},
    {.name = "test", .entity_category = "diagnostic", .icon = "mdi:test-tube"},
    {.name = "th_heater", .icon = "mdi:heat-wave"},
    {.name = "tilt_mode", .entity_category = "config", .icon = "mdi:angle-acute"},
    {.name = "trigger_indicator", .icon = "mdi:led-on"},
    {.name = "valve_alarm", .device_class = "problem"},
    {.name = "valve_detection", .entity_category = "config", .icon = "mdi:pipe-valve"},
    {.name = "valve_state", .device_class = "opening"},
    {.name = "vibration", .device_class = "vibration"},
    {.name = "water_leak", .device_class = "moisture"},
    {.name = "window", .device_class = "window"},
    {.name = "window_detection", .entity_category = "config", .icon = "mdi:window-open-variant"},
    {.name = "window_open", .device_class = "window"},
};

constexpr Attributes numerics[] = {
    {.name = "ac_frequency", .device_class = "frequency", .state_class = "measurement"},
    {.name = "action_duration", .device_class = "duration", .icon = "mdi:timer"},
    {.name = "alarm_humidity_max", .device_class = "humidity", .entity_category = "config", .icon = "mdi:water-plus"},
    {.name = "alarm_humidity_min", .device_class = "humidity", .entity_category = "config", .icon = "mdi:water-minus"},
    {.name = "alarm_temperature_max", .device_class = "temperature", .entity_category = "config", .icon = "mdi:thermometer-high"},
    {.name = "alarm_temperature_min", .device_class = "temperature", .entity_category = "config", .icon = "mdi:thermometer-low"},
    {.name = "angle", .icon = "angle-acute"},
    {.name = "angle_axis", .icon = "angle-acute"},
    {.name = "apparent_temperature", .device_class = "temperature", .state_class = "measurement", .icon = "mdi:thermometer-lines", .preserve_name = true},
    {.name = "aqi", .device_class = "aqi", .state_class = "measurement"},
    {.name = "auto_relock_time", .entity_category = "config", .icon = "mdi:timer"},
    {.name = "away_preset_days", .entity_category = "config", .icon = "mdi:timer"},
    {.name = "away_preset_temperature", .entity_category = "config", .icon = "mdi:thermometer"},
    {.name = "ballast_maximum_level", .entity_category = "config"},
    {.name = "ballast_minimum_level", .entity_category = "config"},
    {.name = "ballast_physical_maximum_level", .entity_category = "diagnostic"},
    {.name = "ballast_physical_minimum_level", .entity_category = "diagnostic"},
    {.name = "battery", .device_class = "battery", .state_class = "measurement"},
    {.name = "battery2", .device_class = "battery", .state_class = "measurement", .entity_category = "diagnostic"},
    {.name = "battery_voltage", .device_class = "voltage", .state_class = "measurement", .entity_category = "diagnostic", .enabled_by_default = true},
    {.name = "boost_heating_countdown", .device_class = "duration"},
    {.name = "boost_heating_countdown_time_set", .entity_category = "config", .icon = "mdi:timer"},
    {.name = "boost_time", .entity_category = "config", .icon = "mdi:timer"},
    {.name = "calibration", .entity_category = "config", .icon = "mdi:wrench-clock"},
    {.name = "calibration_button_hold_time", .entity_category = "config", .icon = "mdi:wrench-clock", .enabled_by_default = false},
    {.name = "calibration_closing_time", .entity_category = "config", .icon = "mdi:wrench-clock"},
    {.name = "calibration_motor_start_delay", .entity_category = "config", .icon = "mdi:wrench-clock", .enabled_by_default = false},
    {.name = "calibration_opening_time", .entity_category = "config", .icon = "mdi:wrench-clock"},
    {.name = "calibration_time", .entity_category = "config", .icon = "mdi:wrench-clock"},
    {.name = "calibration_time_left", .entity_category = "config", .icon = "mdi:wrench-clock"},
    {.name = "calibration_time_right", .entity_category = "config", .icon = "mdi:wrench-clock"},
    {.name = "co2", .device_class = "carbon_dioxide", .state_class = "measurement"},
    {.name = "comfort_humidity_max", .device_class = "humidity", .entity_category = "config", .icon = "mdi:water-percent"},
    {.name = "comfort_humidity_min", .device_class = "humidity", .entity_category = "config", .icon = "mdi:water-percent"},
    {.name = "comfort_temperature", .entity_category = "config", .icon = "mdi:thermometer"},
    {.name = "comfort_temperature_max", .device_class = "temperature", .entity_category = "config", .icon = "mdi:thermometer-high"},
    {.name = "comfort_temperature_min", .device_class = "temperature", .entity_category = "config", .icon = "mdi:thermometer-low"},
    {.name = "cpu_temperature", .device_class = "temperature", .state_class = "measurement", .entity_category = "diagnostic"},
    {.name = "cube_side", .icon = "mdi:cube"},
    {.name = "current", .device_class = "current", .state_class = "measurement"},
    {.name = "current_phase_b", .device_class = "current", .state_class = "measurement"},
    {.name = "current_phase_c", .device_class = "current", .state_class = "measurement"},
    {.name = "deadzone_temperature", .entity_category = "config", .icon = "mdi:thermometer"},
    {.name = "detection_delay", .entity_category = "config", .icon = "mdi:timer"},
    {.name = "detection_interval", .icon = "mdi:timer"},
    {.name = "device_temperature", .device_class = "temperature", .state_class = "measurement", .entity_category = "diagnostic"},
    {.name = "dew_point", .device_class = "temperature", .state_class = "measurement", .icon = "mdi:thermometer-water", .preserve_name = true},
    {.name = "distance", .device_class = "distance", .state_class = "measurement"},
    {.name = "duration", .entity_category = "config", .icon = "mdi:timer"},
    {.name = "eco2", .device_class = "volatile_organic_compounds_parts", .state_class = "measurement"},
    {.name = "eco_temperature", .entity_category = "config", .icon = "mdi:thermometer"},
    {.name = "effect_speed", .entity_category = "config", .icon = "mdi:motion-outline", .enabled_by_default = false},
    {.name = "energy", .device_class = "energy", .state_class = "total_increasing"},
    {.name = "external_humidity", .device_class = "humidity", .state_class = "measurement", .icon = "mdi:water-percent"},
    {.name = "external_temperature", .device_class = "temperature", .state_class = "measurement", .icon = "mdi:thermometer"},
    {.name = "external_temperature_input", .device_class = "temperature", .icon = "mdi:thermometer"},
    {.name = "fading_time", .entity_category = "config", .icon = "mdi:timer"},
    {.name = "flow", .device_class = "volume_flow_rate", .state_class = "measurement"},
    {.name = "formaldehyd", .state_class = "measurement"},
    {.name = "formaldehyde", .state_class = "measurement"},
    {.name = "gas", .device_class = "gas", .state_class = "total_increasing", .icon = "mdi:meter-gas"},
    {.name = "gas_density", .state_class = "measurement", .icon = "mdi:google-circles-communities"},
    {.name = "gust_speed", .device_class = "wind_speed", .state_class = "measurement", .icon = "mdi:weather-windy-variant", .preserve_name = true},
    {.name = "hcho", .state_class = "measurement", .icon = "mdi:air-filter"},
    {.name = "heat_stress", .state_class = "measurement", .icon = "mdi:weather-sunny-alert"},
    {.name = "humidex", .device_class = "temperature", .state_class = "measurement", .icon = "mdi:thermometer-alert", .preserve_name = true},
    {.name = "humidity", .device_class = "humidity", .state_class = "measurement"},
    {.name = "humidity_calibration", .entity_category = "config", .icon = "mdi:wrench-clock"},
    {.name = "humidity_max", .entity_category = "config", .icon = "mdi:water-percent"},
    {.name = "humidity_min", .entity_category = "config", .icon = "mdi:water-percent"},
    {.name = "illuminance", .device_class = "illuminance", .state_class = "measurement"},
    {.name = "illuminance_calibration", .entity_category = "config", .icon = "mdi:wrench-clock"},
    {.name = "illuminance_raw", .state_class = "measurement"},
    {.name = "internalTemperature", .device_class = "temperature", .state_class = "measurement", .entity_category = "diagnostic"},
    {.name = "interval_time", .entity_category = "config", .icon = "mdi:timer"},
    {.name = "large_motion_detection_distance", .entity_category = "config", .icon = "mdi:signal-distance-variant"},
    {.name = "large_motion_detection_sensitivity", .entity_category = "config", .icon = "mdi:motion-sensor"},
    {.name = "linkquality", .state_class = "measurement", .entity_category = "diagnostic", .icon = "mdi:signal", .enabled_by_default = false},
    {.name = "load_estimate", .state_class = "measurement"},
    {.name = "local_temperature", .device_class = "temperature", .state_class = "measurement"},
    {.name = "max_range", .entity_category = "config", .icon = "mdi:signal-distance-variant"},
    {.name = "max_temperature", .entity_category = "config", .icon = "mdi:thermometer-high"},
    {.name = "max_temperature_limit", .entity_category = "config", .icon = "mdi:thermometer-high"},
    {.name = "maximum_range", .entity_category = "config", .icon = "mdi:signal-distance-variant"},
    {.name = "measurement_interval", .entity_category = "config", .icon = "mdi:clock-out"},
    {.name = "measurement_poll_interval", .entity_category = "config", .icon = "mdi:clock-out"},
    {.name = "medium_motion_detection_distance", .entity_category = "config", .icon = "mdi:signal-distance-variant"},
    {.name = "medium_motion_detection_sensitivity", .entity_category = "config", .icon = "mdi:motion-sensor"},
    {.name = "min_temperature", .entity_category = "config", .icon = "mdi:thermometer-low"},
    {.name = "min_temperature_limit", .entity_category = "config", .icon = "mdi:thermometer-low"},
    {.name = "minimum_on_level", .entity_category = "config"},
    {.name = "minimum_range", .entity_category = "config", .icon = "mdi:signal-distance-variant"},
    {.name = "motion_sensitivity", .entity_category = "config", .icon = "mdi:motion-sensor"},
    {.name = "noise", .device_class = "sound_pressure", .state_class = "measurement"},
    {.name = "noise_detect_level", .icon = "mdi:volume-equal"},
    {.name = "noise_timeout", .icon = "mdi:timer"},
    {.name = "occupancy_level", .state_class = "measurement", .icon = "mdi:motion-sensor"},
    {.name = "occupancy_sensitivity", .entity_category = "config", .icon = "mdi:motion-sensor"},
    {.name = "occupancy_timeout", .entity_category = "config", .icon = "mdi:timer"},
    {.name = "overload_protection", .icon = "mdi:flash"},
    {.name = "people", .state_class = "measurement", .icon = "mdi:account-multiple"},
    {.name = "pm10", .device_class = "pm10", .state_class = "measurement"},
    {.name = "pm25", .device_class = "pm25", .state_class = "measurement"},
    {.name = "position", .state_class = "measurement", .icon = "mdi:valve"},
    {.name = "power", .device_class = "power", .state_class = "measurement"},
    {.name = "power_factor", .device_class = "power_factor", .state_class = "measurement", .entity_category = "diagnostic", .enabled_by_default = false},
    {.name = "power_outage_count", .state_class = "measurement", .icon = "mdi:counter", .enabled_by_default = false},
    {.name = "power_phase_b", .device_class = "power", .state_class = "measurement"},
    {.name = "power_phase_c", .device_class = "power", .state_class = "measurement"},
    {.name = "precipitation", .device_class = "precipitation", .state_class = "total_increasing", .icon = "mdi:weather-rainy"},
    {.name = "precision", .entity_category = "config", .icon = "mdi:decimal-comma-increase"},
    {.name = "presence_timeout", .entity_category = "config", .icon = "mdi:timer"},
    {.name = "pressure", .device_class = "atmospheric_pressure", .state_class = "measurement"},
    {.name = "pressure_trend", .state_class = "measurement", .icon = "mdi:trending-up"},
    {.name = "rain_rate", .device_class = "precipitation_intensity", .state_class = "measurement", .icon = "mdi:weather-pouring"},
    {.name = "reporting_time", .entity_category = "config", .icon = "mdi:clock-time-one-outline"},
    {.name = "requested_brightness_level", .entity_category = "diagnostic", .icon = "mdi:brightness-5", .enabled_by_default = false},
    {.name = "requested_brightness_percent", .entity_category = "diagnostic", .icon = "mdi:brightness-5", .enabled_by_default = false},
    {.name = "sensitivity", .entity_category = "config", .icon = "mdi:tune"},
    {.name = "small_detection_distance", .entity_category = "config", .icon = "mdi:signal-distance-variant"},
    {.name = "small_detection_sensitivity", .entity_category = "config", .icon = "mdi:motion-sensor"},
    {.name = "smoke_density", .state_class = "measurement", .icon = "mdi:google-circles-communities"},
    {.name = "soil_calibration", .entity_category = "config", .icon = "mdi:wrench-clock"},
    {.name = "soil_fertility", .device_class = "conductivity", .state_class = "measurement"},
    {.name = "soil_moisture", .device_class = "moisture", .state_class = "measurement"},
    {.name = "soil_sampling", .entity_category = "config", .icon = "mdi:clock-out"},
    {.name = "soil_warning", .entity_category = "config", .icon = "mdi:water-percent-alert"},
    {.name = "temperature", .device_class = "temperature", .state_class = "measurement"},
    {.name = "temperature_calibration", .entity_category = "config", .icon = "mdi:wrench-clock"},
    {.name = "temperature_max", .entity_category = "config", .icon = "mdi:thermometer-plus"},
    {.name = "temperature_min", .entity_category = "config", .icon = "mdi:thermometer-minus"},
    {.name = "temperature_offset", .icon = "mdi:thermometer-lines"},
    {.name = "temperature_probe", .device_class = "temperature", .state_class = "measurement"},
    {.name = "temperature_sampling", .entity_category = "config", .icon = "mdi:clock-out"},
    {.name = "transition", .entity_category = "config", .icon = "mdi:transition"},
    {.name = "trigger_count", .state_class = "measurement", .icon = "mdi:counter", .enabled_by_default = false},
    {.name = "uv_index", .state_class = "measurement", .icon = "mdi:white-balance-sunny"},
    {.name = "vibration_timeout", .entity_category = "config", .icon = "mdi:timer"},
    {.name = "voc", .device_class = "volatile_organic_compounds", .state_class = "measurement"},
    {.name = "voc_index", .state_class = "measurement", .icon = "mdi:molecule"},
    {.name = "voc_parts", .device_class = "volatile_organic_compounds_parts", .state_class = "measurement"},
    {.name = "voltage", .device_class = "voltage", .state_class = "measurement"},
    {.name = "voltage_phase_b", .device_class = "voltage", .state_class = "measurement"},
    {.name = "voltage_phase_c", .device_class = "voltage", .state_class = "measurement"},
    {.name = "water_consumed", .device_class = "water", .state_class = "total_increasing"},
    {.name = "wind_chill", .device_class = "temperature", .state_class = "measurement", .icon = "mdi:snowflake-thermometer", .preserve_name = true},
    {.name = "wind_direction", .state_class = "measurement", .icon = "mdi:compass-outline"},
    {.name = "wind_speed", .device_class = "wind_speed", .state_class = "measurement", .icon = "mdi:weather-windy"},
    {.name = "x", .state_class = "measurement", .icon = "mdi:axis-x-arrow"},
    {.name = "x_axis", .state_class = "measurement", .icon = "mdi:axis-x-arrow"},
    {.name = "y", .state_class = "measurement", .icon = "mdi:axis-y-arrow"},
    {.name = "y_axis", .state_class = "measurement", .icon = "mdi:axis-y-arrow"},
    {.name = "z", .state_class = "measurement", .icon = "mdi:axis-z-arrow"},
    {.name = "z_axis", .state_class = "measurement", .icon = "mdi:axis-z-arrow"},
};

constexpr Attributes enums[] = {
    {.name = "action", .icon = "mdi:gesture-double-tap"},
    {.name = "alarm_humidity", .entity_category = "config", .icon = "mdi:water-percent-alert"},
    {.name = "alarm_temperature", .entity_category = "config", .icon = "mdi:thermometer-alert"},
    {.name = "backlight_auto_dim", .entity_category = "config", .icon = "mdi:brightness-auto"},
    {.name = "backlight_mode", .entity_category = "config", .icon = "mdi:lightbulb"},
    {.name = "calibrate", .icon = "mdi:tune"},
    {.name = "color_power_on_behavior", .entity_category = "config", .icon = "mdi:palette"},
    {.name = "control_mode", .entity_category = "config", .icon = "mdi:tune"},
    {.name = "device_mode", .entity_category = "config", .icon = "mdi:tune"},
    {.name = "effect", .icon = "mdi:palette", .enabled_by_default = false},
    {.name = "force", .entity_category = "config", .icon = "mdi:valve"},
    {.name = "identify", .device_class = "identify", .entity_category = "diagnostic"},
    {.name = "keep_time", .entity_category = "config", .icon = "mdi:av-timer"},
    {.name = "keypad_lockout", .entity_category = "config", .icon = "mdi:lock"},
    {.name = "load_detection_mode", .entity_category = "config", .icon = "mdi:tune"},
    {.name = "load_dimmable", .entity_category = "config", .icon = "mdi:chart-bell-curve"},
    {.name = "load_type", .entity_category = "config", .icon = "mdi:led-on"},
    {.name = "melody", .entity_category = "config", .icon = "mdi:music-note"},
    {.name = "mode", .entity_category = "config", .icon = "mdi:tune"},
    {.name = "mode_phase_control", .entity_category = "config", .icon = "mdi:tune"},
    {.name = "mode_switch", .icon = "mdi:tune"},
    {.name = "motion_sensitivity", .entity_category = "config", .icon = "mdi:tune"},
    {.name = "motor_direction", .entity_category = "config", .icon = "mdi:arrow-left-right"},
    {.name = "motor_state", .entity_category = "diagnostic", .icon = "mdi:state-machine"},
    {.name = "operation_mode", .entity_category = "config", .icon = "mdi:tune"},
    {.name = "power_on_behavior", .entity_category = "config", .icon = "mdi:power-settings"},
    {.name = "power_outage_memory", .entity_category = "config", .icon = "mdi:power-settings"},
    {.name = "power_supply_mode", .entity_category = "config", .icon = "mdi:power-settings"},
    {.name = "power_type", .entity_category = "config", .icon = "mdi:lightning-bolt-circle"},
    {.name = "restart", .device_class = "restart"},
    {.name = "sensitivity", .entity_category = "config", .icon = "mdi:tune"},
    {.name = "sensor", .icon = "mdi:tune"},
    {.name = "sensors_type", .entity_category = "config", .icon = "mdi:tune"},
    {.name = "set_limits", .entity_category = "config", .icon = "mdi:ray-start-end"},
    {.name = "sound_volume", .entity_category = "config", .icon = "mdi:volume-high"},
    {.name = "status", .icon = "mdi:state-machine"},
    {.name = "switch_type", .entity_category = "config", .icon = "mdi:tune"},
    {.name = "temperature_display_mode", .entity_category = "config", .icon = "mdi:thermometer"},
    {.name = "temperature_sensor_select", .entity_category = "config", .icon = "mdi:home-thermometer"},
    {.name = "temperature_unit", .entity_category = "config", .icon = "mdi:temperature-celsius"},
    {.name = "thermostat_unit", .entity_category = "config", .icon = "mdi:thermometer"},
    {.name = "update", .device_class = "update"},
    {.name = "volume", .entity_category = "config", .icon = "mdi: volume-high"},
    {.name = "weather_condition", .icon = "mdi:weather-partly-cloudy"},
    {.name = "week", .entity_category = "config", .icon = "mdi:calendar-clock"},
};

constexpr Attributes texts[] = {
    {.name = "action", .icon = "mdi:gesture-double-tap"},
    {.name = "color_options", .icon = "mdi:palette"},
    {.name = "effect_color", .entity_category = "config", .icon = "mdi:palette-swatch", .enabled_by_default = false},
    {.name = "level_config", .entity_category = "diagnostic"},
    {.name = "programming_mode", .icon = "mdi:calendar-clock"},
    {.name = "schedule_settings", .entity_category = "config", .icon = "mdi:calendar-clock"},
};

// clang-format on

const Attributes* find(std::span<const Attributes> table, std::string_view name) noexcept {
    const auto found = std::lower_bound(
        table.begin(), table.end(), name,
        [](const Attributes& row, std::string_view key) { return row.name < key; });
    return found != table.end() && found->name == name ? &*found : nullptr;
}

void put(json::object& payload, std::string_view key, std::string_view text) {
    if (!text.empty())
        payload[key] = text;
}

}  // namespace

const Attributes* config_switch_attributes(std::string_view property) noexcept {
    return find(config_switches, property);
}

const Attributes* binary_attributes(std::string_view name) noexcept {
    return find(binaries, name);
}

const Attributes* numeric_attributes(std::string_view name) noexcept {
    return find(numerics, name);
}

const Attributes* enum_attributes(std::string_view name) noexcept {
    return find(enums, name);
}

const Attributes* text_attributes(std::string_view name) noexcept {
    return find(texts, name);
}

void apply(const Attributes* attributes, json::object& payload) {
    if (attributes == nullptr)
        return;
    put(payload, "device_class", attributes->device_class);
    put(payload, "state_class", attributes->state_class);
    put(payload, "entity_category", attributes->entity_category);
    put(payload, "icon", attributes->icon);
    if (attributes->enabled_by_default)
        payload["enabled_by_default"] = *attributes->enabled_by_default;
    if (attributes->preserve_name)
        payload["preserve_name"] = true;
    if (attributes->inverted) {
        payload["payload_on"] = false;
        payload["payload_off"] = true;
    }
}

}  // namespace waggle::bridge::homeassistant
