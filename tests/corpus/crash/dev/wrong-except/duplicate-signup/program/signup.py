from members import Members
from newsletter import import_lines

LIST = ["ann@x.org Ann", "bob@x.org Bob", "ann@x.org Anna", "cyd@x.org Cyd"]


def run(lines):
    members = Members()
    return members, import_lines(members, lines)


def main():
    members, result = run(LIST)
    print(result, members.all())


if __name__ == "__main__":
    main()
