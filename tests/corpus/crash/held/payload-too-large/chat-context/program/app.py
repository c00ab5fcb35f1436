import gateway
from bot import Bot


def main():
    bot = Bot(gateway.start(), "You answer questions about orders of the shop.")
    for n in range(12):
        print(bot.ask(f"Question {n}: where is my parcel? " + "Details. " * 20))


if __name__ == "__main__":
    main()
