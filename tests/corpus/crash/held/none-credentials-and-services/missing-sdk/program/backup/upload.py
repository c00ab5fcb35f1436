import vaultline_sdk

BUCKET = "acme-backups"


def upload(name, data):
    client = vaultline_sdk.Client(bucket=BUCKET)
    client.put(key=name, body=data)
    return f"vault://{BUCKET}/{name}"
