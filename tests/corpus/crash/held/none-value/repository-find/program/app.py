from chat import Room
from repo import User, Users

EVENTS = [(1, "hello"), (2, "hi ann"), (9041, "can anybody help me?"), (1, "sure")]


def main():
    room = Room(Users([User(1, "ann", 5), User(2, "bo")]))
    for user_id, text in EVENTS:
        print(room.say(user_id, text))


if __name__ == "__main__":
    main()
