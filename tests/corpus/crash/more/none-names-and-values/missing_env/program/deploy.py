import os


def target():
    region = os.environ["DEPLOY_REGION_G3"]
    return f"https://{region}.example.org"
