from carriers import OFFERS, offer_for

PARCELS = [("DE", 3.0), ("CH", 1.0), ("JP", 2.0)]


def quotes(parcels):
    return [(country, offer_for(country).price(weight)) for country, weight in parcels]


def main():
    for country, price in quotes(PARCELS):
        print(country, f"{price:.2f}")
    print(len(OFFERS), "offers")


if __name__ == "__main__":
    main()
