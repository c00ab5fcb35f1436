from render import page
from status import Check

CHECKS = [Check("api", True), Check("mail <in>", False)]


def main():
    print(page("Night status", CHECKS))


if __name__ == "__main__":
    main()
