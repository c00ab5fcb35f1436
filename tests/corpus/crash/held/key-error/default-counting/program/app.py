from replay import replay

MATCH = ["12 goal Kane", "13 foul Rice", "40 goal Kane", "77 goal Saka", "95 foul Rice"]


def main():
    tally = replay(MATCH)
    print("leader", tally.leader("goal"))
    for who in ("Kane", "Rice", "Pope"):
        print(who, tally.of(who))


main()
