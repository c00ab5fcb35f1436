from roster import Roster

PEOPLE = [("kitchen", "ann"), ("bar", "bob"), ("kitchen", "cy")]


def main():
    roster = Roster()
    for team, name in PEOPLE:
        roster.assign(team, name)
    for team, names in roster.teams():
        print(team, ",".join(names))
    print(roster.has("door"))


if __name__ == "__main__":
    main()
