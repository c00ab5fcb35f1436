import boto3

BUCKET = "acme-backups"


def upload(name, data):
    client = boto3.client("s3")
    client.put_object(Bucket=BUCKET, Key=name, Body=data)
    return f"s3://{BUCKET}/{name}"
