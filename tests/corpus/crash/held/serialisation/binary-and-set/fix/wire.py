import json
import zlib

from pairing import Pairing


def send(pairing):
    """One compressed JSON object; the same pairing always gives the same bytes."""
    content = {"v": 1, "device": pairing.device, "rights": sorted(pairing.rights), "key": pairing.key.hex()}
    return zlib.compress(json.dumps(content, sort_keys=True).encode())


def receive(data):
    content = json.loads(zlib.decompress(data))
    if content["v"] != 1:
        raise ValueError(f"version {content['v']}")
    return Pairing(content["device"], set(content["rights"]), bytes.fromhex(content["key"]))
