from shop.order import Order


def invoice(order: Order) -> str:
    lines = [f"{p.count} x {p.name}: {p.amount:.2f}" for p in order.positions]
    if order.is_free():
        lines.append("nothing to pay")
    else:
        lines.append(f"to pay: {order.total:.2f}")
    return "\n".join(lines)
