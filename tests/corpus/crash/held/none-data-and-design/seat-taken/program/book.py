from hall import Hall

REQUESTS = [("ann", "C4"), ("bob", "C5"), ("cyd", "C4")]


def main():
    hall = Hall(rows="ABCD", seats=8)
    for name, seat in REQUESTS:
        hall.book(name, seat)
    print(hall.plan())


if __name__ == "__main__":
    main()
