import random

from raffle import Raffle


def main():
    raffle = Raffle(random.Random(5))
    for name in ("ann", "bob", "cy", "dee", "ann"):
        raffle.enter(name)
    winners = raffle.draw(2)
    print(len(winners), sorted(raffle.left()) == sorted({"ann", "bob", "cy", "dee"} - set(winners)))


if __name__ == "__main__":
    main()
