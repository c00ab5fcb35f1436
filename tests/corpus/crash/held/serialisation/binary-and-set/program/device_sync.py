from pairing import Pairing
from wire import receive, send


def exchange(pairing):
    return receive(send(pairing))


def main():
    pairing = Pairing("phone", {"read", "locate"}, bytes.fromhex("00ff10a7"))
    again = exchange(pairing)
    print(again)
    assert again == pairing


if __name__ == "__main__":
    main()
