class Booking:
    def __init__(self, text, cents, currency):
        self.text = text
        self.cents = cents
        self.currency = currency


def parse(text):
    """Bookings of a statement: the first line names the currency, the others are `text;cents`."""
    lines = text.strip().splitlines()
    currency = lines[0].removeprefix("currency:").strip()
    bookings = []
    for line in lines[1:]:
        label, cents = line.rsplit(";", 1)
        bookings.append(Booking(label, int(cents), currency))
    return bookings


def summary(bookings):
    rows = []
    for booking in bookings:
        rows.append(f"{booking.text:<10}{booking.cents / 100:>9.2f} {currency}")
    return rows
