from hosts import parse
from peaks import peak, report

LOG = """
web1 0.4 0.9 1.7
web2 0.2 0.3 0.1
db1 3.1 2.2 2.8
"""


def main():
    hosts = parse(LOG)
    print("\n".join(report(hosts)))
    print("highest:", peak(hosts))


if __name__ == "__main__":
    main()
