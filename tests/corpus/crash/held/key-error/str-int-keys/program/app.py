from seating import Hall

PLAN = '{"name": "Studio", "rows": {"1": 8, "2": 10, "10": 14}}'


def main() -> None:
    hall = Hall.from_json(PLAN)
    for row, seat in ((1, 4), (1, 4), (10, 14), (2, 11)):
        print(row, seat, "sold" if hall.sell(row, seat) else "not for sale")
    print("left in row 1:", hall.free(1))


if __name__ == "__main__":
    main()
