SHOPS = [("Main Street", "1010"), ("Station", "8020"), ("Market", "1010")]
