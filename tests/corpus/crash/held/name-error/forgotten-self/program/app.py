from stream import odd_values

if __name__ == "__main__":
    print(odd_values([10, 11, 10, 12, 11, 30, 10, 11]))
    print(odd_values([1, 1, 9, 1], threshold=2.5, window=2))
