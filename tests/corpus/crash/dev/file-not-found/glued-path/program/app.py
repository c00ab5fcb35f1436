import os

from playlists import PlaylistStore

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    store = PlaylistStore(os.path.join(HERE, "lists"))
    for name in store.names():
        print(name, store.minutes(name))


if __name__ == "__main__":
    main()
