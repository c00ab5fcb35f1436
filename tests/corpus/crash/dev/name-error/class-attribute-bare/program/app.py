from quota import Quota


def advise(needs: dict[str, int]) -> dict[str, str]:
    return {customer: Quota.cheapest_for(need).plan for customer, need in needs.items()}


if __name__ == "__main__":
    trial = Quota("free")
    print(trial.take(80), trial.take(30), trial.left())
    print(advise({"acme": 40, "globex": 4000, "initech": 1000}))
