def load_orders(path):
    for line in path.read_text().splitlines():
        number, customer, amount = line.split("|")
        yield {"number": int(number), "customer": customer, "amount": float(amount)}


def attach(orders, customers):
    """Give every order its customer.

    An order of a customer that was not exported means that the export is broken. The load must stop with the number
    of the customer, before anything is written: partial loads have cost us a week of corrections once.
    """
    complete = []
    for order in orders:
        order["customer"] = customers[order["customer"]]
        complete.append(order)
    return complete
