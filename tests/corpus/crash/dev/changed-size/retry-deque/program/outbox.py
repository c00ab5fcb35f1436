from delivery import Outbox
from line import Line


def run():
    outbox = Outbox(Line(refuse={"m2": 1, "m4": 2}))
    for number in range(1, 6):
        outbox.put(f"m{number}")
    rounds = [outbox.flush() for _ in range(3)]
    return rounds, outbox


def main():
    rounds, outbox = run()
    print(rounds, list(outbox.waiting))


if __name__ == "__main__":
    main()
