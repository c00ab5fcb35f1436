import json

from devices import DEVICES


def answer(path):
    """The body for a path: {"device": {…}} with all fields of the device and its place, or a list of names."""
    parts = path.strip("/").split("/")
    if parts == ["devices"]:
        content = {"devices": [device.name for device in DEVICES.values()]}
    else:
        device = DEVICES[int(parts[1])]
        content = {"device": device, "path": path}
    return json.dumps(content).encode()
