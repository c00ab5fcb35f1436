import os


def send(to, text):
    key = os.environ.get("G3_MAIL_KEY")
    if not key:
        raise RuntimeError("G3_MAIL_KEY is not set")
    print("sent", to, len(text))
