from fire import Fire
from world import World


def main():
    fire = Fire(6, 4, density=3)
    print(fire.show())
    fire.step()
    print(fire.show())
    print(World(3, 1).show())


if __name__ == "__main__":
    main()
