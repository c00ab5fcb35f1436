from grid_log import GridLog


def main():
    log = GridLog()
    log.move((3, 4))
    log.move((5, 1))
    print("\n".join(log.lines))


if __name__ == "__main__":
    main()
