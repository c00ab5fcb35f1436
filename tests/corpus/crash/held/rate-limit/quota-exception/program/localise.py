from sdk import Translator


def localise(labels: dict[str, str], target: str, translator: Translator) -> dict[str, str]:
    """Translate every label of a screen; asking twice for the same text gives the same answer."""
    done: dict[str, str] = {}
    for key, text in labels.items():
        done[key] = translator.translate(text, target)
    return done
