from queue_plan import plan, rounds

JOBS = [("backup", 50), ("index", 30), ("report", 25), ("mail", 5)]


def main():
    for number, lane in enumerate(plan(JOBS, 2), 1):
        print(number, lane)
    used, spare = rounds(JOBS, 40)
    print(f"{used} slots, {spare} minutes spare")


if __name__ == "__main__":
    main()
