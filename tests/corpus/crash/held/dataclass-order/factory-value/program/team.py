from roster import Roster
from person import Person


def build():
    roster = Roster()
    roster.assign(Person("ann"), 1)
    roster.assign(Person("bob", skills=["db"]), 1)
    roster.assign(Person("cyd"), 2)
    roster.people["ann"].skills.append("net")
    return roster


def main():
    roster = build()
    print(roster.shifts, roster.people["ann"], roster.people["cyd"])


if __name__ == "__main__":
    main()
