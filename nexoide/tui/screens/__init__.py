"""The screens: they place widgets, route keys, and hold no state of their own but what is selected."""
