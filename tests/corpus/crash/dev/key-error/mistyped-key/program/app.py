from basket import line
from invoice import render

if __name__ == "__main__":
    for row in render([line("tea", 4.5), line("pot", 19.9), line("tea", 4.5, 2)]):
        print(row)
