from tickets import Ticket, table


def main():
    print(table([Ticket(4, "ann", "open"), Ticket(17, "bob", "done")]))


if __name__ == "__main__":
    main()
