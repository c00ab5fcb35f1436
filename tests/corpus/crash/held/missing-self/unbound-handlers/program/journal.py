EVENTS = [("deposit", 500), ("withdraw", 120), ("fee", 2), ("withdraw", 100)]
