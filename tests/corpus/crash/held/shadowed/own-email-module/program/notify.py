import urllib.request

from email import Message


def build(to, text):
    message = Message(to, text)
    return urllib.request.Request("http://127.0.0.1/send", data=message.encode(), method="POST")


def main():
    print(build("ops@example.org", "all quiet").get_method())


if __name__ == "__main__":
    main()
