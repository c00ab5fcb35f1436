import api
from client import Client


def main():
    client = Client(api.serve())
    print(client.call("GET", "/notes/1"))
    print(client.call("DELETE", "/notes/1"))
    print(client.call("GET", "/notes/1"))


if __name__ == "__main__":
    main()
