"""The life of an order. A cancelled order stays cancelled."""

NEW, PAID, SHIPPED, CANCELLED = "new", "paid", "shipped", "cancelled"

STEPS = {
    NEW: {PAID, CANCELLED},
    PAID: {SHIPPED, CANCELLED},
    SHIPPED: set(),
    CANCELLED: set(),
}
