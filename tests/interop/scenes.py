"""The keys that every device takes: scenes of lights, of a light with hue and temperature, of a cover, of
one relay of two and of groups; reading, writing and commanding by the cluster tables. Then the program is
started anew, or the other one is, and has to know the scenes."""
import time

from kinds import Step, described, get, pair, put, puts, steps_of
from scenarios import request, start, stop

DEVICES = ["ikea/led1624g9", "standard/color_light", "standard/cover", "xiaomi/qbkg03lm"]
BULB, LIGHT, COVER, RELAYS = (path.split("/")[-1] for path in DEVICES)


def unhurried(step):
    """A groupcast takes its time in zigbee2mqtt, and nothing is heard of it."""
    def act(rig, name):
        step.action(rig, name)
        time.sleep(0.6)
    return Step(step.title, act)


def store(value):
    return put({"scene_store": value})


def recall(value):
    return put({"scene_recall": value})


def add(**request):
    return put({"scene_add": request})


STORED = [
    put({"state": "ON", "brightness": 120}), put({"color": {"x": 0.2, "y": 0.6}}),
    store(1), put({"brightness": 10}), put({"color": {"x": 0.5, "y": 0.3}}), recall(1), recall(1), get("color"),
    store({"ID": 2, "name": "Evening"}), store({"ID": 3, "name": ""}), store({"ID": 4, "name": 5}),
    put("6", "set/scene_store"), put({"state": "OFF", "scene_store": 7}), put({"state": "ON"}), recall(7),
    store({"ID": 8, "group_id": 33}), recall(200), recall(0),
    put({"scene_rename": {"ID": 2, "name": "Late evening"}}), put({"scene_rename": {"ID": 2}}),
    put({"scene_rename": {"ID": 2, "name": "Night"}}), put({"scene_rename": {"ID": 99, "name": "x"}}),
    put({"scene_rename": {"name": "x"}}), put({"scene_rename": 2}),
]
WRONG = puts(
    {"scene_store": 0}, {"scene_store": "1"}, {"scene_store": {"name": "x"}}, {"scene_store": True},
    {"scene_store": []}, {"scene_store": 300}, {"scene_recall": "1"}, {"scene_recall": {"ID": 1}},
    {"scene_remove": "1"}, {"scene_remove": {"ID": 1}}, {"scene_add": 5}, {"scene_add": {"state": "ON"}},
    {"scene_add": {"ID": "5"}}, {"scene_add": {"ID": 0, "state": "ON"}},
    {"scene_add": {"ID": 5, "color_temp": 300, "color": {"x": 0.1, "y": 0.2}}},
    {"scene_add": {"ID": 5, "color": "blue"}}, {"scene_add": {"ID": 5, "color": {}}},
    {"scene_add": {"ID": 5, "state": 1}}, {"scene_add": {"ID": 5, "color_temp": "warm"}},
    {"scene_add": {"ID": 5, "group_id": 44, "state": "ON"}}) + [put({"scene_recall": ""}, "get")]
BEYOND = puts({"scene_add": {"ID": 30, "brightness": 300}}, {"scene_add": {"ID": 30, "transition": -1}},
              {"scene_add": {"ID": 300, "state": "ON"}}, {"scene_add": {"ID": 30, "color": {"x": 2, "y": 0}}})
ADDED = [
    add(ID=10, name="Dim", state="ON", brightness=30, transition=2), recall(10),
    add(ID=10, name="Dimmer", state="on", brightness=20), recall(10), add(ID=11, state="OFF"), recall(11),
    add(ID=12, state="toggle", brightness=77, transition=1.5), recall(12), add(ID=13), recall(13),
    add(ID=14, color={"x": 0.3, "y": 0.4}, state="ON"), recall(14),
    add(ID=15, color={"hue": 200, "saturation": 80}), recall(15), add(ID=16, color={"h": 100, "s": 50}), recall(16),
    add(ID=17, color={"h": 250, "s": 100, "v": 50}), add(ID=18, color={"hsl": "30,100,50"}), recall(18),
    add(ID=19, color={"hsb": "300,40,50"}), recall(19), add(ID=20, color={"hue": 60}), recall(20),
    add(ID=21, color={"saturation": 40}), add(ID=22, color="{\"x\": 0.25, \"y\": 0.35}"), recall(22),
    add(ID=23, color={"r": 255, "g": 0, "b": 0}), recall(23), add(ID=23, color={"hex": "#00FF00"}),
    add(ID=23, color="#0000FF"), add(ID=24, color_temp=300, brightness=99, name="White"), recall(24), get("color_temp"),
    add(ID=25, color_temp=20), recall(25), add(ID=25, color_temp=900), recall(25),
    add(ID=26, position=30, state="ON"), add(ID=27, nonsense=1, group_id=0, transition=0),
    put({"scene_remove": 11}), put({"scene_remove": 11}), recall(11),
]
GENERIC = [
    put({"read": {"cluster": "genBasic", "attributes": ["modelId", "zclVersion"]}}),
    put({"read": {"cluster": "genBasic", "attributes": ["modelId", 4], "state_property": "basic"}}),
    put({"read": {"cluster": "genOnOff", "attributes": ["onOff", "nothing"], "state_property": "switch"}}),
    put({"read": {"cluster": 8, "attributes": [0]}}), put({"read": {"cluster": "genNothing", "attributes": [0]}}),
    put({"read": {"cluster": "genOnOff", "attributes": [48879]}}), put({"read": {"attributes": [0]}}),
    put({"read": "genBasic"}), put({"read": {"cluster": "genOnOff"}}), put({"read": ""}, "get"),
    put({"read": {"cluster": "genBasic", "attributes": [0], "options": {"manufacturerCode": 4476}}}),
    put({"read": {"cluster": "genBasic", "attributes": [0], "options": {"disableDefaultResponse": False}}}),
    put({"write": {"cluster": "genOnOff", "payload": {"onTime": 3, "offWaitTime": 4}}}),
    put({"write": {"cluster": "genOnOff", "payload": {"16385": {"value": 5, "type": 33}}}}),
    put({"write": {"cluster": "genOnOff", "payload": {"onTime": 6}, "options": {"writeUndiv": True}}}),
    put({"write": {"cluster": "genOnOff", "payload": {"onOff": 1}}}),
    put({"write": {"cluster": "genOnOff", "payload": {"nothing": 1}}}),
    put({"write": {"cluster": "genOnOff", "payload": {"65280": {"value": 1, "type": 32}}}}),
    put({"write": {"cluster": "genOnOff", "payload": {"onTime": "long"}}}), put({"write": {"payload": {"onTime": 1}}}),
    put({"write": 5}),
    put({"command": {"cluster": "genOnOff", "command": "off"}}), put({"command": {"cluster": 6, "command": 1}}),
    put({"command": {"cluster": "genLevelCtrl", "command": "moveToLevel", "payload": {"level": 55, "transtime": 0}}}),
    put({"command": {"cluster": "genLevelCtrl", "command": "moveToLevel", "payload": {"level": 5}}}),
    put({"command": {"cluster": "genGroups", "command": "getMembership",
                     "payload": {"groupcount": 0, "grouplist": []}}}),
    put({"command": {"cluster": "genScenes", "command": "view", "payload": {"groupid": 0, "sceneid": 1}}}),
    put({"command": {"cluster": "genScenes", "command": "add", "payload": {
        "groupid": 0, "sceneid": 40, "transtime": 0, "scenename": "",
        "extensionfieldsets": [{"extField": [1], "clstId": 6, "len": 1}]}}}),
    put({"command": {"cluster": "genOnOff", "command": "dance"}}), put({"command": {"cluster": "genOnOff"}}),
    put({"command": {"command": "on"}}), put({"command": "on"}),
    put({"command": {"cluster": "genOnOff", "command": "on", "options": {"manufacturerCode": 4447}}}),
    put({"zclcommand": {"cluster": "genOnOff", "command": "toggle", "logging": True}}),
    put({"zclcommand": {"cluster": "genIdentify", "command": "identify", "payload": {"identifytime": 2},
                        "options": {"disableDefaultResponse": True}}}),
    put({"zclcommand": {"cluster": "genOnOff", "command": "read", "frametype": 0, "payload": [{"attrId": 0}]}}),
    put({"zclcommand": {"cluster": "genOnOff", "command": "write", "frametype": 0,
                        "payload": [{"attrId": 16385, "dataType": 33, "attrData": 7}]}}),
    put({"zclcommand": {"cluster": "genOnOff", "command": "write", "frametype": 0,
                        "payload": [{"attrId": 65000, "dataType": 33, "attrData": 7}]}}),
    put({"zclcommand": {"cluster": "genOnOff", "command": "readReportConfig", "frametype": 0,
                        "payload": [{"direction": 0, "attrId": 0}]}}),
    put({"zclcommand": {"cluster": "genOnOff", "command": "configReport", "frametype": 0, "payload": [
        {"direction": 0, "attrId": 0, "dataType": 16, "minRepIntval": 0, "maxRepIntval": 3600}]}}),
    put({"zclcommand": {"cluster": "genOnOff", "command": "dance"}}),
    put({"zclcommand": {"cluster": "genOnOff", "command": "dance", "frametype": 0}}), put({"zclcommand": 1}),
    put({"state": "ON", "read": {"cluster": "genOnOff", "attributes": ["onOff"], "state_property": "x"}}),
    put({"reset": ""}),
]
OF_GROUP = [
    store({"ID": 1, "name": "Together"}), recall(1), store(0), recall(77),
    add(ID=2, name="Blue", state="ON", brightness=60, color={"x": 0.15, "y": 0.06}), recall(2),
    add(ID=3, color_temp=200, transition=0.5), recall(3), add(ID=4, color={"hue": 100, "saturation": 90}), recall(4),
    add(ID=5, group_id=99, state="OFF"), put({"scene_rename": {"ID": 2, "name": "Bluish"}}),
    put({"scene_rename": {"ID": 88, "name": "nobody"}}), put({"scene_remove": 3}), put({"scene_remove": 3}), recall(3),
    put({"scene_store": "x"}), put({"scene_add": {"ID": "x"}}),
    put({"command": {"cluster": "genOnOff", "command": "off"}}),
    put({"write": {"cluster": "genOnOff", "payload": {"onTime": 3}}}),
    put({"read": {"cluster": "genOnOff", "attributes": ["onOff"]}}),
    put({"zclcommand": {"cluster": "genOnOff", "command": "on"}}),
]
EVEN = [put({"state": "ON", "brightness": 200}), put({"color_temp": 300})]
AGAIN = [recall(1), recall(10), recall(24), put({"scene_rename": {"ID": 10, "name": "After"}}), store(50),
         put({"scene_remove": 50})]


def member(name):
    return request("group/members/add", {"group": "lamps", "device": name})


def named(path):
    device = described(path)
    return f"  '{device['ieee']}':\n    friendly_name: {device['name']}\n"


STEPS = [("start", start), ("open", request("permit_join", {"time": 254}))] + [
    (f"pair {name}", pair(name)) for name in (BULB, LIGHT, COVER, RELAYS)] + \
    steps_of(BULB, STORED + WRONG + BEYOND + ADDED, "") + \
    steps_of(LIGHT, STORED[:8] + ADDED, "") + [
        ("option invert_cover", request("device/options", {"id": COVER, "options": {"invert_cover": True}}))] + \
    steps_of(COVER, [add(ID=1, position=30, name="Half"), recall(1), store(2), recall(2)], "") + \
    steps_of(RELAYS, [put({"state_left": "ON", "state_right": "OFF"}),
                      put({"scene_store": {"ID": 1, "name": "Left"}}, "left/set"), put({"scene_store_right": 2}),
                      put({"scene_add_left": {"ID": 3, "state": "OFF"}}), put({"scene_recall_left": 3}),
                      put("1", "left/set/scene_recall"), put({"scene_rename": {"ID": 1, "name": "L"}}, "left/set"),
                      put({"scene_remove": 1}, "left/set"), put({"scene_remove_all": ""}, "left/set"),
                      put({"scene_store": 1}, "nowhere/set")], "") + [
        ("add group", request("group/add", {"friendly_name": "lamps", "id": 9})),
        (f"member {BULB}", member(BULB)), (f"member {LIGHT}", member(LIGHT))] + \
    steps_of(BULB, EVEN, "even: ") + steps_of(LIGHT, EVEN, "even: ") + \
    steps_of("lamps", [unhurried(step) for step in OF_GROUP], "") + \
    steps_of(BULB, EVEN, "even again: ") + steps_of(LIGHT, EVEN, "even again: ") + \
    steps_of(LIGHT, GENERIC[:-1], "") + \
    [("pessimistic", request("device/options", {"id": BULB, "options": {"optimistic": False}}))] + \
    steps_of(BULB, [recall(10), put({"read": {"cluster": "genOnOff", "attributes": ["onOff"],
                                              "state_property": "y"}})], "pessimistic: ") + \
    [("optimistic", request("device/options", {"id": BULB, "options": {"optimistic": True}})),
     ("no colour sync", request("device/options", {"id": LIGHT, "options": {"color_sync": False}}))] + \
    steps_of(LIGHT, [recall(17), recall(26)], "without sync: ") + \
    [("colour sync", request("device/options", {"id": LIGHT, "options": {"color_sync": True}}))] + \
    [("stop", stop), ("start again", start)] + \
    steps_of(BULB, AGAIN, "again: ") + steps_of(LIGHT, AGAIN, "again: ") + \
    steps_of("lamps", [unhurried(step) for step in (recall(1), recall(2), put({"scene_remove_all": ""}), recall(1))],
             "again: ") + \
    steps_of(BULB, [store(5), put({"scene_remove_all": ""}), recall(5), GENERIC[-1]], "at last: ") + [
        ("final stop", stop)]

SCENES = {
    "scenes": {"devices": DEVICES, "sim": ["--hold-time", "--gap", "40"], "quiet": 0.35, "phases": 2,
               "configuration": "devices:\n" + "".join(named(path) for path in DEVICES), "steps": STEPS,
               "variants": [("waggle", "waggle"), ("waggle", "zigbee2mqtt"), ("zigbee2mqtt", "waggle")]},
}
