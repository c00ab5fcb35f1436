from pathlib import Path

import privileges
from accounts import read_accounts


def main() -> None:
    privileges.drop()
    accounts = read_accounts(Path("/etc/shadow"))
    print(sum(a.locked for a in accounts), "of", len(accounts), "accounts are locked")


if __name__ == "__main__":
    main()
