from accounts import Account, login


def main():
    accounts = [Account("ann", "tea4two"), Account("bob", "hunter2", locked=True)]
    for name, password in (("ann", "tea4two"), ("ann", "wrong"), ("bob", "hunter2")):
        print(name, login(accounts, name, password))
    print(accounts[0])


if __name__ == "__main__":
    main()
