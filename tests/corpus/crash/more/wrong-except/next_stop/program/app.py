from rooms import Hotel


def main():
    hotel = Hotel({101: 2, 102: 4})
    print(hotel.book(3), hotel.book(2), hotel.book(2))


if __name__ == "__main__":
    main()
