"""One device of each kind: standard ones, of which both programs make the definition themselves, IKEA's and
Xiaomi's. Each is paired, set, read and used by hand, then the program is started anew and some of it is
done again. The devices' own time is held: it passes only where a step says so."""
import json
import pathlib
import time

from scenarios import BASE, publish, request, start, stop

FOLDER = pathlib.Path(__file__).parents[2] / "tools" / "sim" / "devices"


class Step:
    """What is done with a device; `title` says it."""

    def __init__(self, title, action):
        self.title, self.action = title, action

    def then(self, milliseconds):
        """… and then so much of the devices' time passes."""
        def act(rig, name):
            self.action(rig, name)
            rig.settle()
            rig.sim("time", "pass", str(milliseconds))
        return Step(f"{self.title}, {milliseconds / 1000:g} s", act)


def put(payload, topic="set", title=None):
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return Step(title or f"{topic} {text}",
                lambda rig, name: rig.publish(f"{BASE}/{name}/{topic}", text))


def get(*keys):
    return put({key: "" for key in keys}, "get")


def press(*gestures):
    return Step(" ".join(gestures), lambda rig, name: [rig.sim("press", name, g) for g in gestures])


def change(endpoint, cluster, attribute, value):
    return Step(f"{cluster}/{attribute} becomes {value}", lambda rig, name: rig.sim(
        "set", name, str(endpoint), str(cluster), str(attribute), str(value)))


def hear(endpoint, cluster, frame):
    return Step(f"sends {frame}", lambda rig, name: rig.sim("raw", name, str(endpoint), str(cluster), frame))


def let_pass(milliseconds):
    return Step(f"{milliseconds / 1000:g} s", lambda rig, name: rig.sim("time", "pass", str(milliseconds)))


def wait(seconds):
    """For what the program does after a time of its own."""
    return Step(f"{seconds:g} s of the program's", lambda rig, name: time.sleep(seconds))


def halt(key, value):
    """Half a second later the program asks where it came to rest."""
    moving = put({key: value})

    def act(rig, name):
        moving.action(rig, name)
        time.sleep(0.7)
    return Step(moving.title, act)


def option(values):
    return Step(f"option {json.dumps(values)}",
                lambda rig, name: request("device/options", {"id": name, "options": values})(rig))


def puts(*payloads):
    return [put(payload) for payload in payloads]


def gets(*keys):
    return [get(key) for key in keys]


def presses(*gestures):
    return [press(gesture) for gesture in gestures]


IDENTIFIED = [put({"identify": "identify"}), option({"identify_timeout": 7}), put({"identify": "identify"})]
CALIBRATED = [option({"device_temperature_calibration": -2, "power_calibration": 10, "power_precision": 0,
                      "energy_calibration": 5, "energy_precision": 1})]
SWITCHED = puts({"state": "ON"}, {"state": "OFF"}, {"state": "TOGGLE"}, "ON", {"state": "maybe"}, {"state": ""})
TIMED = [put({"state": "ON", "on_time": 2, "off_wait_time": 1}), let_pass(2000), let_pass(1000),
         put({"state": "ON", "on_time": "long"})]
START_UP = puts({"power_on_behavior": "off"}, {"power_on_behavior": "on"}, {"power_on_behavior": "toggle"},
                {"power_on_behavior": "previous"}, {"power_on_behavior": "never"}) + gets("power_on_behavior")
DIMMED = [
    put({"state": "ON"}), put({"brightness": 100}).then(11000), put({"brightness": 254}),
    put({"brightness": 1}).then(11000), put({"brightness": 255}), put({"brightness": -1}),
    put({"brightness": "half"}), put({"brightness": 0}).then(11000),
    put({"brightness": 200, "transition": 2}), let_pass(1000), let_pass(11000),
    put({"state": "OFF", "transition": 1}), let_pass(2000), let_pass(11000),
    put({"state": "ON", "transition": 1}), let_pass(2000), let_pass(11000),
    put({"state": "ON", "brightness": 120, "transition": 0.5}).then(12000),
    put({"brightness_percent": 40}).then(11000), put({"brightness": "77"}).then(11000),
    put({"brightness_move": 40}), let_pass(1000), halt("brightness_move", "stop"), let_pass(11000),
    put({"brightness_move": -40}).then(1000), halt("brightness_move", 0).then(11000),
    put({"brightness_move": "up"}).then(20000),
    put({"brightness_step": -60}), let_pass(11000), put({"brightness_step": 30, "transition": 1}).then(12000),
    put({"brightness_step": "much"}), put({"brightness_move_onoff": -100}).then(12000),
    put({"brightness_step_onoff": 90}).then(11000), put({"brightness_step_onoff": -200}).then(11000),
    put({"state": "ON"}).then(11000),
    put("120", "set/brightness").then(11000), get("brightness"), get("state"),
]
LEVEL_CONFIG = puts(
    {"level_config": {"on_level": 100}}, {"level_config": {"on_level": "previous"}},
    {"level_config": {"on_off_transition_time": 3}}, {"level_config": {"current_level_startup": "minimum"}},
    {"level_config": {"current_level_startup": 90}}, {"level_config": {"execute_if_off": True}},
    {"level_config": {"execute_if_off": False}}, {"level_config": {"on_level": 900}},
    {"level_config": "none"}) + gets("level_config") + puts({"level_config": {"on_off_transition_time": 0}})
EFFECTS = puts({"effect": "blink"}, {"effect": "breathe"}, {"effect": "okay"}, {"effect": "channel_change"},
               {"effect": "finish_effect"}, {"effect": "stop_effect"}, {"effect": "dance"})
TEMPERED = [
    put({"color_temp": 300}).then(11000), put({"color_temp": 100}).then(11000),
    put({"color_temp": 600}).then(11000), put({"color_temp": "coolest"}).then(11000),
    put({"color_temp": "warm"}).then(11000), put({"color_temp": "tepid"}),
    put({"color_temp": 250, "transition": 2}).then(1000), let_pass(11000),
    put({"color_temp_percent": 50}).then(11000), put({"color_temp_step": 30}).then(11000),
    put({"color_temp_move": 20}).then(1000), halt("color_temp_move", "stop").then(11000),
    put({"color_temp_move": "down"}).then(20000),
    put({"brightness": 90, "color_temp": 320}).then(11000), put({"state": "ON", "color_temp": 280}).then(11000),
    put({"color_temp_startup": 300}), put({"color_temp_startup": "previous"}),
    put({"color_temp_startup": 20}), get("color_temp_startup"), get("color_temp"),
]
COLOURED = [
    put({"color": {"x": 0.7, "y": 0.29}}).then(11000), put({"color": {"x": 0.2, "y": 0.6}}).then(11000),
    put({"color": {"r": 40, "g": 0, "b": 255}}).then(11000), put({"color": {"rgb": "10,200,30"}}).then(11000),
    put({"color": {"hex": "#FF8000"}}).then(11000), put({"color": "#00FFFF"}).then(11000),
    put({"color": {"h": 120, "s": 80}}).then(11000), put({"color": {"hue": 240, "saturation": 100}}).then(11000),
    put({"color": {"hue": 30}}).then(11000), put({"color": {"saturation": 20}}).then(11000),
    put({"color": {"hsl": "300,90,50"}}).then(11000), put({"color": {"hsb": "200,60,80"}}).then(11000),
    put({"color": {"x": 2, "y": -1}}).then(11000), put({"color": {}}), put({"color": 7}),
    put({"color": {"x": 0.4, "y": 0.4}, "transition": 1}).then(12000),
    put({"color": {"x": 0.3, "y": 0.3}, "brightness": 50}).then(11000),
    put({"hue_move": 30}).then(1000), halt("hue_move", "stop").then(11000), put({"hue_step": 40}).then(11000),
    put({"saturation_move": -20}).then(1000), halt("saturation_move", 0).then(11000),
    put({"saturation_step": 20}).then(11000), put({"hue_power_on_behavior": "on"}), get("color"),
]
COLOR_LIGHT = SWITCHED + TIMED + START_UP + DIMMED + LEVEL_CONFIG + EFFECTS + [
    put({"effect": "colorloop"}).then(3000), put({"effect": "stop_colorloop"}).then(11000),
] + TEMPERED + COLOURED + [
    put({"color_options": {"execute_if_off": True}}), put({"color_options": {"execute_if_off": False}}),
    get("color_options"), get("color_mode"), press("toggle"), press("toggle"), *IDENTIFIED, put({"identify": 5}),
    option({"state_action": True}), press("toggle"), press("toggle"), option({"state_action": False}),
    put({"state": "OFF"}), put({"color_temp": 350}).then(11000), put({"brightness": 33}).then(11000),
    option({"transition": 1}), put({"brightness": 60}).then(12000), option({"transition": 0}),
    option({"color_sync": False}), put({"color_temp": 200}).then(11000), option({"color_sync": True}),
]
WHITE_SPECTRUM = SWITCHED + [
    put({"brightness": 100}).then(1000), put({"brightness": 20, "transition": 1}).then(2000),
    put({"brightness_step": 40}).then(1000), put({"brightness_move": -10}).then(1000),
    halt("brightness_move", "stop").then(1000), put({"brightness": 0}).then(1000),
    put({"state": "ON", "brightness": 150, "transition": 1}).then(2000),
] + START_UP + TEMPERED + EFFECTS[:1] + [
    put({"state": "OFF"}), put({"brightness": 1}).then(1000), put({"level_config": {"execute_if_off": True}}),
    put({"color_options": {"execute_if_off": True}}), get("brightness"), press("toggle"), press("toggle"),
    option({"unfreeze_support": False}), put({"color_temp": 260, "transition": 2}).then(1000),
    put({"brightness": 100}).then(3000), option({"unfreeze_support": True}),
    put({"color_temp": 400, "transition": 2}).then(1000), put({"brightness": 50}).then(3000),
    get("state"), get("level_config"), get("color_options"), *IDENTIFIED,
    option({"transition": 1}), put({"color_temp": 300}).then(2000), put({"state": "OFF"}).then(2000),
]
COLOUR_BULB = SWITCHED + [
    put({"brightness": 100}).then(1000), put({"brightness": 20, "transition": 1}).then(2000),
] + START_UP[:2] + [
    put({"color": {"x": 0.7, "y": 0.29}}).then(1000), put({"color": {"hex": "#00FF00"}}).then(1000),
    put({"color": {"hue": 240, "saturation": 100}}).then(1000), put({"color": "#FFFFFF"}).then(1000),
    put({"color": {"x": 0.4, "y": 0.4}, "transition": 2}).then(1000), put({"brightness": 200}).then(3000),
    put({"color_temp": 300}).then(1000), put({"color_temp": "warmest"}).then(1000),
    put({"effect": "blink"}), put({"effect": "colorloop"}), put({"effect": "stop_colorloop"}),
    get("color"), get("color_temp"), get("brightness"), put({"state": "OFF"}), press("toggle"), get("state"),
    put({"color_temp_startup": 300}), get("color_temp_startup"), put({"level_config": {"execute_if_off": True}}),
    put({"level_config": {"current_level_startup": "previous"}}), get("level_config"), get("power_on_behavior"),
    put({"color_options": {"execute_if_off": True}}), get("color_options"), *IDENTIFIED,
    option({"transition": 1, "color_sync": False}), put({"color": {"x": 0.3, "y": 0.2}}).then(2000),
    option({"transition": 0, "color_sync": True, "state_action": True}), put({"state": "OFF"}), press("toggle"),
]
LIGHTS = {"standard/color_light": COLOR_LIGHT, "ikea/led1624g9": COLOUR_BULB,
          "ikea/led1545g12": WHITE_SPECTRUM}

METERING_PLUG = SWITCHED + TIMED + START_UP + [
    put({"state": "ON"}), let_pass(5000), let_pass(12000), let_pass(60000), put({"state": "OFF"}), let_pass(12000),
] + gets("state", "power", "voltage", "current", "energy") + [
    get("power", "energy"), press("toggle"), let_pass(12000), put({"identify": "identify"}),
    option({"power_precision": 0, "energy_precision": 1, "current_calibration": 10, "voltage_calibration": 1}),
    let_pass(60000), get("voltage"),
    option({"power_calibration": -10, "energy_calibration": 5, "voltage_precision": 0, "current_precision": 1,
            "state_action": True}),
    put({"state": "ON"}), let_pass(60000), get("current"), get("power"), press("toggle"),
]
OUTLET = SWITCHED + TIMED[:2] + START_UP + [press("toggle"), get("state"), *IDENTIFIED,
                                            option({"state_action": True}), press("toggle"), put({"state": "ON"})]
LUMI_PLUG = SWITCHED + [
    put({"state": "ON"}), let_pass(5000), let_pass(60000), press("button"), press("button"), press("heartbeat"),
    put({"state": "OFF"}), let_pass(5000),
] + gets("state", "power", "energy", "power_outage_memory") + puts(
    {"power_outage_memory": True}, {"power_outage_memory": False}) + CALIBRATED + [press("heartbeat"), press("button")]
DOUBLE_SWITCH = [
    put({"state_left": "ON"}), put({"state_right": "ON"}), put({"state_left": "TOGGLE"}),
    put({"state": "ON"}), put("OFF", "left/set"), put({"state": "OFF"}, "right/set"),
    put({"state_left": "ON", "state_right": "OFF"}), get("state_left"), get("state_right"),
    put({"state": ""}, "left/get"), put({"state_left": "dim"}),
] + presses("click_left", "double_left", "hold_left", "release_left", "click_right", "double_right", "hold_right",
            "release_right", "click_both", "double_both", "heartbeat", "will_reset") + [
    put({"operation_mode": {"button": "left", "state": "decoupled"}}),
    put({"operation_mode": {"button": "right", "state": "control_left_relay"}}),
    put({"operation_mode_left": "decoupled"}), put({"operation_mode_right": "decoupled"}),
    put({"operation_mode_right": "sideways"}), press("click_left"), press("click_right"),
    get("operation_mode_left"), get("operation_mode_right"),
    put({"operation_mode_left": "control_left_relay", "operation_mode_right": "control_right_relay"}),
    press("click_left"), press("click_right"), option({"device_temperature_calibration": -2}), press("heartbeat"),
]
QBKG11LM = SWITCHED + presses("click", "double", "triple", "hold", "release", "rocker", "heartbeat", "will_reset") + [
    put({"operation_mode": "decoupled"}), press("click"), get("operation_mode"),
    put({"operation_mode": "control_relay"}), put({"operation_mode": "none"}), let_pass(5000),
    put({"state": "ON"}), let_pass(5000), get("state"), get("power"),
    put({"power_outage_memory": True}), *CALIBRATED, press("heartbeat"),
]
QBKG12LM = DOUBLE_SWITCH + presses("hold_both", "release_both") + [
    put({"state_left": "ON"}), let_pass(5000), get("power"), *CALIBRATED, press("heartbeat"),
]
RELAYS = {"standard/metering_plug": METERING_PLUG, "ikea/e1603": OUTLET, "xiaomi/zncz02lm": LUMI_PLUG,
          "xiaomi/qbkg03lm": DOUBLE_SWITCH, "xiaomi/qbkg11lm": QBKG11LM, "xiaomi/qbkg12lm": QBKG12LM}

CLIMATE_SENSOR = [press("wake"), press("warmer"), let_pass(11000), press("colder"), let_pass(11000), press("humid"),
                  let_pass(11000), press("dry"), let_pass(11000), press("battery_low"),
                  ] + gets("temperature", "humidity", "battery", "voltage") + [
    put({"identify": "identify"}),
    option({"temperature_precision": 1, "temperature_calibration": -2, "humidity_calibration": 5}), press("wake"),
    hear(1, 0x0402, "18 2A 0A 00 00 29 00 80"), hear(1, 0x0405, "18 2B 0A 00 00 21 FF FF"),
    put({"temperature": 20}),
]
ZONE = gets("battery") + IDENTIFIED + [put({"alarm_1": True}), hear(1, 0x0500, "09 2A 00 25 00 00 00 00 00"),
                          hear(1, 0x0500, "19 2B 00 00 00 00"), hear(1, 0x0001, "18 2C 0A 21 00 20 64"),
                          hear(1, 0x0500, "09 2D 01 15 00 34 12")]
MOTION = presses("motion", "no_motion", "motion", "battery_low") + [
    get("occupancy"), let_pass(61000), option({"occupancy_timeout": 1}), press("no_motion"), let_pass(11000),
    press("motion"), wait(1.5), option({"no_occupancy_since": [1], "occupancy_timeout": 0}),
    press("no_motion"), wait(1.5), let_pass(11000), press("motion"), get("battery"), *IDENTIFIED,
]
ILLUMINANCE = presses("bright", "dim", "dark") + [
    let_pass(11000), press("bright"), get("illuminance"), get("battery"),
    option({"illuminance_calibration": 10}), press("dim"), let_pass(11000),
    option({"illuminance_raw": True}), press("bright"), *IDENTIFIED,
]
LUMI_CLIMATE = presses("introduce", "measure", "warmer", "frost", "humid", "wrong", "heartbeat") + [
    option({"temperature_precision": 0, "humidity_calibration": 2, "pressure_calibration": -3}),
    press("measure"), press("heartbeat"), hear(1, 0x0001, "18 2C 0A 20 00 20 1E"), get("battery"),
]
LUMI_CONTACT = presses("introduce", "open", "close", "heartbeat", "open", "heartbeat", "other_router") + [
    option({"device_temperature_calibration": 1}), press("heartbeat"), *IDENTIFIED]
LUMI_MOTION = presses("introduce", "motion", "motion_in_the_dark", "no_motion", "heartbeat") + [
    option({"occupancy_timeout": 1}), press("motion"), wait(1.5),
    option({"no_occupancy_since": [1]}), press("motion"), wait(2.5),
    option({"no_occupancy_since": [], "occupancy_timeout": 90, "illuminance_calibration": 10,
            "device_temperature_calibration": 2}), press("heartbeat"),
]
LUMI_MOTION_2 = presses("introduce", "motion", "heartbeat") + [
    put({"detection_interval": 10}), get("detection_interval"), put({"detection_interval": 1}),
    put({"detection_interval": "often"}), option({"occupancy_timeout": 1}), press("motion"), wait(1.5),
    option({"occupancy_timeout": 90}),
]
LUMI_LEAK = presses("introduce", "leak", "dry", "battery_low", "heartbeat") + [
    option({"device_temperature_calibration": 1}), press("heartbeat")]
SENSORS = {
    "standard/climate_sensor": CLIMATE_SENSOR,
    "standard/contact": presses("open", "close", "tamper", "battery_low", "close") + ZONE,
    "standard/smoke": presses("smoke", "clear", "test", "battery_low", "clear") + ZONE,
    "standard/water_leak": presses("leak", "dry", "tamper", "battery_low", "dry") + ZONE,
    "standard/motion": MOTION, "standard/illuminance": ILLUMINANCE, "xiaomi/wsdcgq11lm": LUMI_CLIMATE,
    "xiaomi/mccgq11lm": LUMI_CONTACT, "xiaomi/rtcgq11lm": LUMI_MOTION, "xiaomi/rtcgq12lm": LUMI_MOTION_2,
    "xiaomi/sjcgq11lm": LUMI_LEAK}

E1743 = presses("on", "off", "hold_on", "release", "hold_off", "release", "press_and_hold_on", "wake",
                "battery_low") + [
    hear(1, 0x0102, "01 2A 00"), hear(1, 0x0102, "01 2B 01"), hear(1, 0x0102, "01 2C 02"),
    get("battery"), put({"identify": "identify"}), put({"state": "ON"}),
    option({"simulated_brightness": {"delta": 20, "interval": 700}}), press("hold_on"), wait(0.4), press("release"),
]
E1810 = presses("toggle", "toggle_hold", "up", "down", "up_hold", "up_release", "down_hold", "down_release",
                "left", "right", "left_hold", "arrow_release", "right_hold", "arrow_release", "wake",
                "battery_low") + [get("battery"), put({"identify": "identify"})]
WXKG01LM = presses("introduce", "single") + [wait(1)] + presses(
    "press_and_hold", "double", "triple", "quadruple", "many", "heartbeat", "heartbeat_ff01") + [
    option({"hold_timeout": 200, "hold_timeout_expire": 500}), press("down"), wait(1), press("up"),
    option({"device_temperature_calibration": 1}), press("heartbeat")]
REMOTES = {
    "ikea/e1743": E1743, "ikea/e1810": E1810, "xiaomi/wxkg01lm": WXKG01LM,
    "xiaomi/wxkg11lm": presses("introduce", "single", "double", "hold", "release", "press_and_hold",
                               "heartbeat") + IDENTIFIED,
    "xiaomi/wxkg11lm_aq2": presses("introduce", "single", "double", "triple", "quadruple", "heartbeat") + IDENTIFIED}

COVER = [
    put({"state": "CLOSE"}), let_pass(3000), put({"state": "STOP"}), let_pass(2000), put({"state": "OPEN"}),
    let_pass(11000), put({"position": 40}), let_pass(11000), put({"position": 101}), put({"position": -1}),
    put({"position": "half"}), put({"tilt": 30}), let_pass(3000), put({"tilt": 200}),
    put({"position": 80, "tilt": 70}), let_pass(11000), put({"state": "up"}), put("CLOSE"), let_pass(11000),
    put({"state": "stop"}), put("stop", "set/state"),
] + gets("position", "tilt", "state") + presses("half_by_hand") + [
    let_pass(11000), press("open_by_hand"), let_pass(11000),
    option({"invert_cover": True}), put({"position": 20}), let_pass(11000), put({"state": "OPEN"}),
    let_pass(11000), get("position"), option({"invert_cover": False, "cover_position_tilt_disable_report": True}),
    put({"position": 20}), let_pass(11000), put({"identify": "identify"}),
]
BLIND = [
    put({"state": "CLOSE"}), let_pass(3000), put({"state": "STOP"}), let_pass(2000), put({"position": 60}),
    let_pass(16000), put({"position": 101}), put({"state": "OPEN"}), let_pass(16000), get("position"),
    get("battery"), press("half_by_hand"), let_pass(2000), press("wake"), press("battery_low"),
    option({"invert_cover": True}), put({"position": 20}), let_pass(16000), put({"identify": "identify"}),
]
CURTAIN = presses("introduce") + [
    put({"state": "OPEN"}), let_pass(2000), put({"state": "STOP"}), let_pass(2000), put({"state": "CLOSE"}),
    let_pass(9000), put({"position": 30}), let_pass(9000), put({"position": 101}), put({"position": "far"}),
    get("position"), get("state"), press("pulled_open"), let_pass(9000), press("pulled_closed"), let_pass(9000),
    put({"options": {"reverse_direction": True, "hand_open": True}}), put({"options": {"reset_limits": True}}),
    press("settings"), press("heartbeat"), option({"invert_cover": True}), put({"position": 30}), let_pass(9000),
]
COVERS = {"standard/cover": COVER, "ikea/e1757": BLIND, "xiaomi/zncldj11lm": CURTAIN}

LOCK = [
    put({"state": "UNLOCK"}), let_pass(2000), put({"state": "LOCK"}), let_pass(2000), put("unlock"), let_pass(2000),
    put({"state": "ajar"}), get("state"), put({"pin_code": {"user": 1, "pin_code": "1234"}}),
    put({"pin_code": {"user": 2, "user_type": "unrestricted", "user_enabled": True, "pin_code": 56789}}),
    put({"pin_code": {"user": 3, "user_type": "master", "user_enabled": False, "pin_code": "4321"}}),
    put({"pin_code": {"user": 1}}, "get"), put({"pin_code": {"user": 9}}, "get"), put({"pin_code": ""}, "get"),
    put({"pin_code": {"user": 99, "pin_code": "1234"}}), put({"pin_code": {"user": 1, "pin_code": None}}),
    put({"pin_code": {"user": "x"}}), put({"pin_code": {"user": 2}}),
    option({"expose_pin": True}), put({"pin_code": {"user": 3}}, "get"),
    put({"pin_code": {"user": 4, "pin_code": "9876"}}),
    put({"state": "UNLOCK", "pin_code": "1234"}),
    put({"auto_relock_time": 5}), get("auto_relock_time"), put({"state": "UNLOCK"}), let_pass(6000),
    put({"auto_relock_time": 0}), put({"auto_relock_time": "never"}),
    put({"sound_volume": "silent_mode"}), put({"sound_volume": "loud"}), get("sound_volume"),
] + presses("lock_by_hand", "unlock_by_hand", "unlock_by_keypad", "wrong_code", "jam", "battery_low") + [
    get("battery"), hear(1, 0x0101, "09 2A 21 02 02 04 00 04 31 32 33 34 00 01 00 00 00 00"),
    put({"identify": "identify"}),
]
THERMOSTAT = [
    put({"occupied_heating_setpoint": 22}), let_pass(11000), put({"occupied_heating_setpoint": 21.3}),
    put({"occupied_heating_setpoint": 2}), put({"occupied_heating_setpoint": 90}),
    put({"occupied_heating_setpoint": "hot"}), put({"unoccupied_heating_setpoint": 15}),
    put({"occupied_cooling_setpoint": 25}), put({"unoccupied_cooling_setpoint": 28.5}), let_pass(11000),
    put({"local_temperature_calibration": 1.5}), put({"local_temperature_calibration": -2.5}),
    put({"local_temperature_calibration": 300}), let_pass(11000),
    put({"min_heat_setpoint_limit": 6}), put({"max_heat_setpoint_limit": 28}),
    put({"min_cool_setpoint_limit": 17}), put({"max_cool_setpoint_limit": 31}), put({"min_setpoint_dead_band": 2}),
    put({"system_mode": "off"}), let_pass(11000), put({"system_mode": "cool"}), let_pass(11000),
    put({"system_mode": "auto"}), put({"system_mode": "heat"}), put({"system_mode": "dry"}),
    put({"system_mode": "tropical"}), let_pass(60000),
    put({"control_sequence_of_operation": "heating_only"}), put({"control_sequence_of_operation": "all"}),
    put({"control_sequence_of_operation": "cooling_and_heating_4-pipes"}),
    put({"remote_sensing": {"local_temperature": "internally"}}),
    put({"temperature_setpoint_hold": True}), put({"temperature_setpoint_hold_duration": 60}),
    put({"temperature_setpoint_hold": False}), put({"programming_operation_mode": "schedule"}),
    put({"programming_operation_mode": "setpoint"}), put({"setpoint_raise_lower": {"mode": 0, "amount": 10}}),
    put({"occupied_heating_setpoint": 22, "system_mode": "heat"}),
    put({"keypad_lockout": "lock1"}), put({"keypad_lockout": "unlock"}), put({"keypad_lockout": "ajar"}),
    put({"temperature_display_mode": "fahrenheit"}), put({"temperature_display_mode": "celsius"}),
    put({"weekly_schedule": {"dayofweek": ["monday", "tuesday"], "transitions": [
        {"time": "06:30", "heating_setpoint": 21}, {"time": "22:00", "heating_setpoint": 17}]}}),
    put({"weekly_schedule": {"dayofweek": 2, "numoftrans": 1, "mode": 1, "transitions": [
        {"transitionTime": 420, "heatSetpoint": 20.5}]}}),
    get("weekly_schedule"), put({"clear_weekly_schedule": ""}),
] + gets("occupied_heating_setpoint", "unoccupied_heating_setpoint", "occupied_cooling_setpoint",
         "unoccupied_cooling_setpoint", "local_temperature", "local_temperature_calibration", "system_mode",
         "running_state", "running_mode", "min_heat_setpoint_limit", "max_heat_setpoint_limit", "keypad_lockout",
         "control_sequence_of_operation", "pi_heating_demand", "occupancy", "programming_operation_mode",
         "temperature_display_mode", "temperature_setpoint_hold", "remote_sensing") + [
    step for gesture in ("open_window", "sunshine", "turn_up", "nobody_home", "somebody_home")
    for step in (press(gesture), let_pass(60000))] + [
    option({"thermostat_unit": "fahrenheit"}), press("turn_up"), let_pass(60000), put({"identify": "identify"}),
]
FAN = gets("fan_mode", "state") + puts({"fan_state": "ON"}, {"fan_state": "OFF"}, {"fan_mode": "low"}, {"fan_mode": "medium"},
           {"fan_mode": "high"}, {"fan_mode": "auto"}, {"fan_mode": "on"}, {"fan_mode": "smart"},
           {"fan_mode": "gale"}, {"fan_mode": "off"}, {"state": "ON"}, {"state": "OFF"}, "ON", "OFF",
           {"fan_state": "maybe"}) + gets("fan_mode", "fan_state", "state") + presses(
    "low", "medium", "high", "off") + [let_pass(11000), *IDENTIFIED] + START_UP
SIREN = [
    put({"warning": {"mode": "burglar", "level": "low", "strobe": True, "duration": 5}}),
    put({"warning": {"mode": "stop"}}), put({"warning": {}}),
    put({"warning": {"mode": "fire", "level": "very_high", "strobe": False, "strobe_duty_cycle": 5,
                     "strobe_level": "high", "duration": 300}}),
    put({"warning": {"mode": "boring"}}), put({"warning": "burglar"}),
    put({"squawk": {"state": "system_is_armed", "level": "high", "strobe": True}}),
    put({"squawk": {"state": "system_is_disarmed"}}), put({"max_duration": 60}), get("max_duration"),
    put({"alarm": "START"}), put({"alarm": "OFF"}),
] + presses("tamper", "no_tamper", "battery_low") + ZONE + [put({"identify": "identify"})]
CLIMATE = {"standard/lock": LOCK, "standard/thermostat": THERMOSTAT, "standard/fan": FAN,
           "standard/siren": SIREN}


def described(path):
    return json.loads((FOLDER / f"{path}.json").read_text())


def pair(name):
    def act(rig):
        begun = len(rig.mqtt.messages)
        rig.sim("join", name)
        rig.mqtt.wait(f"{BASE}/bridge/event", lambda m: name in m.payload and "device_interview" in m.payload
                      and ("successful" in m.payload or "failed" in m.payload), 60, begun)
        rig.settle()
    return act


def steps_of(name, uses, title):
    return [(f"{name}: {title}{use.title}", lambda rig, use=use: use.action(rig, name)) for use in uses]


def scenario(kinds, again=2, quiet=0.15):
    """All are paired, then each is used, and a little once more after a restart."""
    devices = {path: described(path) for path in kinds}
    names = "devices:\n" + "".join(f"  '{device['ieee']}':\n    friendly_name: {device['name']}\n"
                                   for device in devices.values())
    steps = [("start", start), ("open", request("permit_join", {"time": 254}))]
    steps += [(f"pair {device['name']}", pair(device["name"])) for device in devices.values()]
    for path, uses in kinds.items():
        steps += steps_of(devices[path]["name"], uses, "")
    steps += [("stop", stop), ("start again", start)]
    for path, uses in kinds.items():
        steps += steps_of(devices[path]["name"], uses[:again], "again: ")
    steps += [(f"remove {device['name']}", request("device/remove", {"id": device["name"]}))
              for device in devices.values()]
    steps += [("final stop", stop)]
    return {"devices": list(kinds), "sim": ["--hold-time", "--gap", "40"], "quiet": quiet,
            "configuration": names, "steps": steps}


KINDS = {
    "lights": scenario(LIGHTS), "relays": scenario(RELAYS), "sensors": scenario(SENSORS),
    "remotes": scenario(REMOTES), "covers": scenario(COVERS, quiet=0.3), "climate": scenario(CLIMATE),
}
