import json


def publish(sink, name, content, json=False):
    """Put a document into a sink, as JSON with sorted keys or as plain text."""
    if json:
        text = json.dumps(content, sort_keys=True)
        name += ".json"
    else:
        text = str(content)
        name += ".txt"
    sink.put(name, text)
    return name


def read_back(sink, name):
    text = sink.documents[name]
    return json.loads(text) if name.endswith(".json") else text
