"""Groups of devices of several kinds that share members: whose state follows whose, and in which order."""
from kinds import let_pass, pair, press, put, puts, steps_of, wait
from scenarios import request, sim, start, stop
from scenes import named, unhurried

DEVICES = ["standard/color_light", "ikea/led1545g12", "ikea/e1603", "xiaomi/qbkg03lm", "standard/cover"]
LIGHT, SPECTRUM, OUTLET, RELAYS, COVER = (path.split("/")[-1] for path in DEVICES)
GROUPS = {"all": (1, [LIGHT, SPECTRUM, OUTLET, (RELAYS, "left")]), "some": (2, [OUTLET, LIGHT]),
          "right": (3, [(RELAYS, "right"), SPECTRUM]), "shutters": (4, [COVER]), "empty": (5, [])}


def members():
    for group, (number, devices) in GROUPS.items():
        yield "add group", request("group/add", {"friendly_name": group, "id": number})
        for entry in devices:
            device, endpoint = entry if isinstance(entry, tuple) else (entry, None)
            payload = {"group": group, "device": device} | ({"endpoint": endpoint} if endpoint else {})
            yield f"member {device} of {group}", request("group/members/add", payload)


def change(group, values):
    return (f"option {values} of {group}", request("group/options", {"id": group, "options": values}))


def later(*payloads):
    return [unhurried(step) for step in puts(*payloads)]


def unheard(steps):
    """Devices that do nothing and so report nothing: what is published is the programs' own doing. (After a
    groupcast zigbee2mqtt waits, and reports overtake it.)"""
    return [(f"{name} is deaf", sim("fault", "deaf", name, "always")) for name in (OUTLET, RELAYS, COVER)] + steps + [
        ("all hear", sim("fault", "clear"))]


BY_MEMBERS = \
    steps_of(LIGHT, [put({"state": "ON"}), put({"state": "ON"}), put({"brightness": 90}), let_pass(11000),
                     put({"color": {"x": 0.5, "y": 0.3}}), put({"color_temp": 300}), put({"color": {"h": 120, "s": 80}}),
                     put({"state": "ON", "brightness": 91}), let_pass(11000)], "") + \
    steps_of(SPECTRUM, [put({"color_temp": 350}), put({"state": "OFF"}), put({"state": "ON"}), let_pass(11000)], "") + \
    steps_of(OUTLET, [put({"state": "ON"}), put({"state": "OFF"}), press("toggle"), press("toggle")], "") + \
    steps_of(RELAYS, [put({"state_left": "ON"}), put({"state_right": "ON"}), put({"state_left": "OFF"}),
                      put({"state_left": "ON", "state_right": "OFF"})], "") + \
    steps_of(COVER, [put({"state": "OPEN"}), let_pass(12000), put({"position": 30}), let_pass(12000),
                     put({"state": "CLOSE"}), let_pass(12000)], "") + \
    steps_of(LIGHT, [put({"state": "OFF"})], "all off: ") + steps_of(SPECTRUM, [put({"state": "OFF"})], "all off: ") + \
    steps_of(RELAYS, [put({"state_left": "OFF"})], "all off: ")
BY_GROUPS = unheard(
    steps_of("all", later({"state": "ON"}, {"brightness": 100}, {"color_temp": 280}, {"color": {"x": 0.4, "y": 0.5}},
                          {"color": {"hue": 30, "saturation": 90}}, {"state": "OFF"}, {"state": "ON", "brightness": 9}), "") + \
    steps_of("some", later({"state": "OFF"}, {"state": "ON"}, {"brightness": 200}), "") + \
    steps_of("right", later({"state": "ON"}, {"state": "OFF"}), "") + \
    steps_of("shutters", later({"state": "OPEN"}, {"position": 60}, {"state": "CLOSE"}), "") + \
    steps_of("empty", later({"state": "ON"}), ""))
LAST = [change("some", {"off_state": "last_member_state"})] + \
    steps_of(LIGHT, [put({"state": "ON"})], "last: ") + steps_of(OUTLET, [put({"state": "ON"}), put({"state": "OFF"})], "last: ") + \
    [change("some", {"off_state": "all_members_off"})] + \
    steps_of(OUTLET, [put({"state": "ON"}), put({"state": "OFF"})], "all: ")
UNWILLING = [change("some", {"optimistic": False})] + steps_of(OUTLET, [put({"state": "ON"})], "unwilling: ") + \
    unheard(steps_of("some", later({"state": "OFF"}), "unwilling: ")) + [change("some", {"optimistic": True}),
    ("disable", request("device/options", {"id": LIGHT, "options": {"disabled": True}}))] + \
    unheard(steps_of("all", later({"state": "ON"}), "one disabled: ")) + [
    ("enable", request("device/options", {"id": LIGHT, "options": {"disabled": False}})),
    ("debounce", request("device/options", {"id": OUTLET, "options": {"debounce": 0.2}}))] + \
    steps_of(OUTLET, [put({"state": "OFF"}), wait(0.7), press("toggle"), press("toggle"),
                      wait(0.7)], "debounced: ")

STEPS = [("start", start), ("open", request("permit_join", {"time": 254}))] + \
    [(f"pair {path.split('/')[-1]}", pair(path.split("/")[-1])) for path in DEVICES] + list(members()) + \
    BY_MEMBERS + BY_GROUPS + LAST + UNWILLING + [
        ("stop", stop), ("start again", start)] + \
    steps_of(LIGHT, [put({"state": "OFF"}), put({"state": "ON"})], "again: ") + \
    unheard(steps_of("all", later({"state": "OFF"}), "again: ")) + [
        ("remove from all", request("group/members/remove_all", {"device": LIGHT})),
        ("remove all", request("group/remove", {"id": "all"})),
        ("final stop", stop)]

GROUP_STATES = {
    "group_states": {"devices": DEVICES, "sim": ["--hold-time", "--gap", "40"], "quiet": 0.3,
                     "configuration": "devices:\n" + "".join(named(path) for path in DEVICES), "steps": STEPS},
}
