from relay import Relay


def main() -> None:
    relay = Relay()
    for nick, text in (("ann", "hello"), ("jürgen", "grüße an alle"), ("bo", "ok 👍")):
        relay.say(nick, text)
    print([ascii(line) for line in relay.history()])


if __name__ == "__main__":
    main()
