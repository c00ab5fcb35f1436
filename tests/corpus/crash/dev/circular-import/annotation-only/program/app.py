from player import FREE_AGENTS, Player
from team import Team


def main() -> None:
    reds = Team("reds")
    for name, skill in (("kim", 7), ("lee", 5)):
        Player(name, skill, reds)
    Player("sam", 9)
    print(reds.strength(), FREE_AGENTS.strength())


if __name__ == "__main__":
    main()
