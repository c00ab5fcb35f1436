import numpy as np

from grid import Grid


def main():
    grid = Grid.parse(["1 2 3", "4 5 6"])
    print(grid.cells.dtype == np.float64, grid.size())
    print(grid.known([5, 9]))
    print(grid.area())


if __name__ == "__main__":
    main()
