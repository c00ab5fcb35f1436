import json


def write(path, data):
    path.write_text(json.dumps(data))


def read(path):
    return json.loads(path.read_text())
