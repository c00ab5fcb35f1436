import json


def seal(payload):
    import base64

    return base64.encodebytes(json.dumps(payload).encode())


def unseal(blob):
    import base64

    return json.loads(base64.decodebytes(blob))
