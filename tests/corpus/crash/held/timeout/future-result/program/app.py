from checks import HOSTS
from monitor import survey


def main() -> None:
    for host, state in survey(sorted(HOSTS)).items():
        print(f"{host:<7}{state}")


if __name__ == "__main__":
    main()
