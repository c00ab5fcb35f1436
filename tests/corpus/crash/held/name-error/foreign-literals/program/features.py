"""Feature switches of the web shop, by environment (kept in step with the front end's features.json)."""

FEATURES = {
    "development": {"new-cart": true, "wallet": true, "beta-search": true},
    "production": {"new-cart": true, "wallet": false, "beta-search": null},
}
FALLBACK = {"beta-search": False}


def enabled(environment, name):
    """Whether a feature is on; one that is undecided (null) follows FALLBACK."""
    state = FEATURES[environment][name]
    if state is None:
        return FALLBACK[name]
    return state
