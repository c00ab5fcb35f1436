import pandas as pd

COLUMNS = ["day", "account", "amount"]


def empty_ledger() -> pd.DataFrame:
    return pd.DataFrame({"day": pd.Series(dtype="str"), "account": pd.Series(dtype="str"), "amount": pd.Series(dtype="int64")})


def post(ledger: pd.DataFrame, entries: list[dict]) -> pd.DataFrame:
    """A new ledger with the entries at the end, numbered on from the ones before."""
    return ledger.append(pd.DataFrame(entries, columns=COLUMNS), ignore_index=True)


def balances(ledger: pd.DataFrame) -> dict:
    return {name: int(amount) for name, amount in ledger.groupby("account")["amount"].sum().items()}
