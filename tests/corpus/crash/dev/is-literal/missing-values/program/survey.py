from answers import column, read
from figures import mean

CSV = """person,age,steps
p1,34,9000
p2,n/a,4000
p3,28,n/a
"""


def main():
    rows = read(CSV)
    for name in ("age", "steps"):
        values = column(rows, name)
        print(name, len(values), mean(values))


if __name__ == "__main__":
    main()
