import time

from sdk import RateLimited, Translator

ATTEMPTS = 4


def localise(labels: dict[str, str], target: str, translator: Translator) -> dict[str, str]:
    """Translate every label of a screen; asking twice for the same text gives the same answer."""
    done: dict[str, str] = {}
    for key, text in labels.items():
        for attempt in range(ATTEMPTS):
            try:
                done[key] = translator.translate(text, target)
                break
            except RateLimited as error:
                if attempt == ATTEMPTS - 1:
                    raise
                time.sleep(error.retry_after)
    return done
