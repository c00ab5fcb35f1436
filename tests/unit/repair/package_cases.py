"""The programs of `test_package_moved`: what they need, their files, and what they print once they are repaired."""

from __future__ import annotations

DATA_CASES = [
    (
        "np-float",
        ["numpy"],
        {
            "main.py": """
                import numpy as np
                def mean(xs):
                    a = np.array(xs, dtype=np.float)
                    return float(a.mean()), np.int(3)
                print(mean([1, 2]))
            """,
        },
        "(1.5, 3)\n",
    ),
    (
        "np-nan",
        ["numpy"],
        {
            "stats.py": """
                import numpy as np
                def fill(xs): return np.array([x if x is not None else np.NaN for x in xs])
            """,
            "main.py": """
                import numpy as np
                import stats
                a = stats.fill([1, None])
                print(np.isnan(a).sum(), np.Inf > 1, -np.NINF > 0, np.product([2, 3]))
            """,
        },
        "1 True True 6\n",
    ),
    (
        "np-from",
        ["numpy"],
        {
            "main.py": """
                from numpy import float_, array
                print(array([1], dtype=float_).dtype)
            """,
        },
        "float64\n",
    ),
    (
        "np-ptp",
        ["numpy"],
        {
            "main.py": """
                import numpy as np
                a = np.arange(4)
                print(a.ptp(), np.round_(2.5))
            """,
        },
        "3 2.0\n",
    ),
    (
        "np-copy",
        ["numpy"],
        {
            "main.py": """
                import numpy as np
                print(np.array([1, 2], copy=False).sum())
            """,
        },
        "3\n",
    ),
    (
        "np-itemset",
        ["numpy"],
        {
            "main.py": """
                import numpy as np
                a = np.zeros(2)
                a.itemset(1, 5)
                print(a.tolist())
            """,
        },
        "[0.0, 5.0]\n",
    ),
    (
        "np-vstack",
        ["numpy"],
        {
            "main.py": """
                import numpy as np
                print(np.vstack(np.arange(2) for _ in range(2)).shape)
            """,
        },
        "(2, 2)\n",
    ),
    (
        "np-in1d",
        ["numpy"],
        {
            "main.py": """
                import numpy as np
                print(np.in1d([1, 2], [2]).tolist(), np.asscalar(np.array([3])), np.trapz([1, 2]))
            """,
        },
        "[False, True] 3 1.5\n",
    ),
    (
        "pd-append",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                def add(df, sku, n):
                    return df.append({"sku": sku, "n": n}, ignore_index=True)
                df = pd.DataFrame([{"sku": "a", "n": 1}])
                print(add(df, "b", 2)["n"].tolist())
            """,
        },
        "[1, 2]\n",
    ),
    (
        "pd-append2",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                def join(a, b):
                    out = a.append(b, ignore_index=True)
                    return out
                print(len(join(pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]}))))
            """,
        },
        "2\n",
    ),
    (
        "pd-append-row",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                def build(rows):
                    df = pd.DataFrame({"a": [0]})
                    for row in rows:
                        df = df.append(row, ignore_index=True)
                    return df
                print(build([{"a": 1}, {"a": 2}])["a"].tolist())
            """,
        },
        "[0, 1, 2]\n",
    ),
    (
        "pd-series-append",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                s = pd.Series([1]).append(pd.Series([2]))
                print(s.tolist())
            """,
        },
        "[1, 2]\n",
    ),
    (
        "pd-iteritems",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                df = pd.DataFrame({"a": [1], "b": [2]})
                for name, col in df.iteritems():
                    print(name, col.sum())
                for i, v in df["a"].iteritems():
                    print(i, v)
            """,
        },
        "a 1\nb 2\n0 1\n",
    ),
    (
        "pd-freq",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                s = pd.Series([1, 2], index=pd.to_datetime(["2024-01-05", "2024-02-05"]))
                print(s.resample("M").sum().tolist())
            """,
        },
        "[1, 2]\n",
    ),
    (
        "pd-fillna",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                df = pd.DataFrame({"a": [1.0, None]})
                print(df.fillna(method="ffill")["a"].tolist())
            """,
        },
        "[1.0, 1.0]\n",
    ),
    (
        "pd-ix",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                df = pd.DataFrame({"a": [1, 2]}, index=["x", "y"])
                print(df.ix["x", "a"])
            """,
        },
        "1\n",
    ),
    (
        "pd-lineterm",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                print(repr(pd.DataFrame({"a": [1]}).to_csv(line_terminator="\\n", index=False)))
            """,
        },
        "'a\\n1\\n'\n",
    ),
    (
        "pd-drop",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                df = pd.DataFrame({"a": [1], "b": [2]})
                print(list(df.drop("a", 1).columns))
            """,
        },
        "['b']\n",
    ),
    (
        "pd-level",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                df = pd.DataFrame({"k": ["x", "x"], "v": [1, 2]}).set_index("k")
                print(df.sum(level=0)["v"].tolist())
            """,
        },
        "[3]\n",
    ),
    (
        "pd-squeeze",
        ["pandas"],
        {
            "main.py": """
                import io
                import pandas as pd
                s = pd.read_csv(io.StringIO("a\\n1\\n2"), squeeze=True)
                print(s.tolist())
            """,
        },
        "[1, 2]\n",
    ),
    (
        "pd-mad",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                print(pd.Series([1, 3]).mad())
            """,
        },
        "1.0\n",
    ),
    (
        "pd-mono",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                print(pd.Series([1, 3]).is_monotonic)
            """,
        },
        "True\n",
    ),
    (
        "pd-json",
        ["pandas"],
        {
            "main.py": """
                import pandas as pd
                print(pd.read_json('[{"a": 1}]')["a"].tolist())
            """,
        },
        "[1]\n",
    ),
]
