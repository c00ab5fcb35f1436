from sessions import SessionStore


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def main():
    clock = Clock()
    store = SessionStore(clock, lifetime=60)
    for user in ("ann", "bob", "cyd"):
        store.open(user)
        clock.now += 25
    clock.now += 10
    closed = store.expire()
    print("closed:", closed, "open:", store.users())


if __name__ == "__main__":
    main()
