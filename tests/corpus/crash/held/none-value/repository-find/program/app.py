import commands
from chat import Room
from filters import clean
from repo import User, Users

EVENTS = [
    (1, "hello"),
    (2, "hi ann, see https://example.org/a/very/long/path/to/somewhere"),
    (1, "/me waves"),
    (9041, "can anybody help me?"),
    (1, "sure, what the heck"),
    (2, "/who"),
    (2, "/dance"),
]


def feed(room, events):
    """Play events into a room; returns what people see, line by line."""
    shown = []
    for user_id, text in events:
        if text.startswith("/"):
            try:
                shown.append(commands.run(room, user_id, text))
            except commands.BadCommand as error:
                shown.append(f"! {error}")
        else:
            shown.append(room.say(user_id, clean(text)))
    return shown


def main():
    room = Room(Users([User(1, "ann", 5), User(2, "bo")]))
    print("\n".join(feed(room, EVENTS)))


if __name__ == "__main__":
    main()
