from accounts import Accounts
from audit import Audit


def main():
    audit = Audit()
    accounts = Accounts(audit)
    for user, good in (("ann", True), ("bo", False), ("bo", False), ("bo", False)):
        accounts.login(user, good)
    for entry in audit.entries:
        print(entry["level"], entry["event"], entry["user"])
    print(audit.critical())


if __name__ == "__main__":
    main()
