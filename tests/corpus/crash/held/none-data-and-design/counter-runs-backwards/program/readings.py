"""As delivered by the grid operator."""

READINGS = {
    "M-100": [10200, 10850, 11900, 12400],
    "M-101": [88120, 89310, 412, 1390],
}
