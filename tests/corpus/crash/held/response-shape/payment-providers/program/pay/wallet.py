def charge(order):
    return {"id": f"w-{order['no']}", "amount": order["cents"], "state": "captured" if order["cents"] < 10_000 else "pending"}
