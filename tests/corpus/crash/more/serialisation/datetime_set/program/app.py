import json
from datetime import datetime

from audit import Audit


def main():
    audit = Audit()
    audit.record("login", datetime(2024, 1, 2, 3, 4, 5), user="ann")
    line = audit.lines()[0]
    print(json.loads(line)["user"], "2024-01-02" in line)


if __name__ == "__main__":
    main()
