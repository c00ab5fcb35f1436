import hashlib
import json


def entry(data):
    return {"size": len(data), "sha1": hashlib.sha1(data).digest()}


def build(files):
    return json.dumps({name: entry(data) for name, data in files.items()}, sort_keys=True)
