from track import Track

ROUTES = {"loop": [(0, 0), (3, 4), (3, 0), (0, 0)], "out": [(1, 1), (1, 6)]}


def main():
    for name, points in ROUTES.items():
        track = Track(points)
        print(f"{name}: {track.length():.1f} within {track.bounds()}")


if __name__ == "__main__":
    main()
