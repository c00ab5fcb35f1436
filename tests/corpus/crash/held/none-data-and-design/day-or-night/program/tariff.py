from contracts import CONTRACTS
from estimate import yearly


def main():
    for contract in CONTRACTS:
        print(contract.name, yearly(contract, 3500))


if __name__ == "__main__":
    main()
