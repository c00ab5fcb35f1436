"""The programs of `test_package_moved`: what they need, their files, and what they print once they are repaired."""

from __future__ import annotations

CASES = [
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
    (
        "pyd-settings",
        ["pydantic", "pydantic_settings"],
        {
            "main.py": """
                from pydantic import BaseSettings
                class S(BaseSettings):
                    name: str = "x"
                print(S().name)
            """,
        },
        "x\n",
    ),
    (
        "pyd-regex",
        ["pydantic"],
        {
            "main.py": """
                from pydantic import BaseModel, Field
                class A(BaseModel):
                    sku: str = Field(..., regex="^a")
                print(A(sku="ab").sku)
            """,
        },
        "ab\n",
    ),
    (
        "pyd-optional",
        ["pydantic"],
        {
            "models.py": """
                from typing import Optional
                from pydantic import BaseModel
                class User(BaseModel):
                    name: str
                    nick: Optional[str]
                    age: Optional[int]
            """,
            "main.py": """
                from models import User
                print(User(name="a").nick)
            """,
        },
        "None\n",
    ),
    (
        "pyd-orm",
        ["pydantic"],
        {
            "main.py": """
                from pydantic import BaseModel
                class User(BaseModel):
                    name: str
                    class Config:
                        orm_mode = True
                class Row:
                    name = "ann"
                print(User.from_orm(Row()).name)
            """,
        },
        "ann\n",
    ),
    (
        "pyd-alias",
        ["pydantic"],
        {
            "main.py": """
                from pydantic import BaseModel, Field
                class User(BaseModel):
                    user_name: str = Field(alias="userName")
                    class Config:
                        allow_population_by_field_name = True
                print(User(user_name="ann").user_name)
            """,
        },
        "ann\n",
    ),
    (
        "pyd-rootval",
        ["pydantic"],
        {
            "main.py": """
                from pydantic import BaseModel, root_validator
                class R(BaseModel):
                    lo: int
                    hi: int
                    @root_validator
                    def check(cls, values):
                        if values["lo"] > values["hi"]:
                            raise ValueError("bad")
                        return values
                print(R(lo=1, hi=2).hi)
            """,
        },
        "2\n",
    ),
    (
        "pyd-root",
        ["pydantic"],
        {
            "main.py": """
                from typing import List
                from pydantic import BaseModel
                class Tags(BaseModel):
                    __root__: List[str]
                    def first(self):
                        return self.__root__[0]
                print(Tags(__root__=["a"]).first())
            """,
        },
        "a\n",
    ),
    (
        "pyd-const",
        ["pydantic"],
        {
            "main.py": """
                from pydantic import BaseModel, Field
                class A(BaseModel):
                    kind: str = Field("a", const=True)
                print(A().kind)
            """,
        },
        "a\n",
    ),
    (
        "pyd-noannot",
        ["pydantic"],
        {
            "main.py": """
                from pydantic import BaseModel
                class A(BaseModel):
                    name: str
                    retries = 3
                print(A(name="x").retries)
            """,
        },
        "3\n",
    ),
    (
        "pyd-dump",
        ["pydantic"],
        {
            "main.py": """
                from pydantic import BaseModel
                class A(BaseModel):
                    b: int
                    a: int
                print(A(b=1, a=2).json(sort_keys=True))
            """,
        },
        '{"a": 2, "b": 1}\n',
    ),
    (
        "pyd-indent",
        ["pydantic"],
        {
            "main.py": """
                from pydantic import BaseModel
                class A(BaseModel):
                    b: int
                print(A(b=1).json(indent=1))
            """,
        },
        '{\n "b": 1\n}\n',
    ),
    (
        "pyd-validator",
        ["pydantic"],
        {
            "main.py": """
                from pydantic import BaseModel, validator
                class A(BaseModel):
                    low: int
                    high: int
                    @validator("high")
                    def check(cls, v, values, field):
                        if v < values["low"]:
                            raise ValueError(f"{field.name} too low")
                        return v
                print(A(low=1, high=2).high)
            """,
        },
        "2\n",
    ),
    (
        "pyd-conlist",
        ["pydantic"],
        {
            "main.py": """
                from pydantic import BaseModel, conlist
                class A(BaseModel):
                    xs: conlist(int, min_items=1, max_items=3)
                print(A(xs=[1]).xs)
            """,
        },
        "[1]\n",
    ),
    (
        "sa-text",
        ["sqlalchemy"],
        {
            "main.py": """
                from sqlalchemy import create_engine
                e = create_engine("sqlite://")
                with e.connect() as c:
                    print(c.execute("select 1").scalar())
            """,
        },
        "1\n",
    ),
    (
        "sa-engine",
        ["sqlalchemy"],
        {
            "main.py": """
                import sqlalchemy
                engine = sqlalchemy.create_engine("sqlite://")
                def setup():
                    engine.execute("create table t (a integer)")
                    engine.execute("insert into t values (3)")
                def rows():
                    result = engine.execute("select a from t")
                    return [r[0] for r in result]
                setup()
                print(rows())
            """,
        },
        "[3]\n",
    ),
    (
        "sa-select",
        ["sqlalchemy"],
        {
            "main.py": """
                from sqlalchemy import create_engine, select, MetaData, Table, Column, Integer
                e = create_engine("sqlite://")
                m = MetaData()
                t = Table("t", m, Column("a", Integer))
                m.create_all(e)
                with e.begin() as c:
                    c.execute(t.insert(), [{"a": 1}])
                    print(c.execute(select([t.c.a])).scalar())
            """,
        },
        "1\n",
    ),
    (
        "sa-bind",
        ["sqlalchemy"],
        {
            "main.py": """
                from sqlalchemy import create_engine, MetaData, Table, Column, Integer, inspect
                engine = create_engine("sqlite://")
                m = MetaData()
                t = Table("t", m, Column("a", Integer))
                m.create_all()
                print(inspect(engine).get_table_names())
            """,
        },
        "['t']\n",
    ),
    (
        "sa-kw",
        ["sqlalchemy"],
        {
            "main.py": """
                from sqlalchemy import create_engine, text
                e = create_engine("sqlite://")
                with e.connect() as c:
                    print(c.execute(text("select :a + :b"), a=1, b=2).scalar())
            """,
        },
        "3\n",
    ),
    (
        "sa-tables",
        ["sqlalchemy"],
        {
            "main.py": """
                from sqlalchemy import create_engine
                e = create_engine("sqlite://")
                print(e.table_names())
            """,
        },
        "[]\n",
    ),
    (
        "sa-case",
        ["sqlalchemy"],
        {
            "main.py": """
                from sqlalchemy import create_engine, case, literal, select
                e = create_engine("sqlite://")
                with e.connect() as c:
                    print(c.execute(select(case([(literal(1) == 1, "a")], else_="b"))).scalar())
            """,
        },
        "a\n",
    ),
    (
        "sa-session",
        ["sqlalchemy"],
        {
            "main.py": """
                from sqlalchemy import create_engine
                from sqlalchemy.orm import Session
                e = create_engine("sqlite://")
                with Session(e) as s:
                    print(s.execute("select :x", {"x": 4}).scalar())
            """,
        },
        "4\n",
    ),
    (
        "sa-autocommit",
        ["sqlalchemy"],
        {
            "main.py": """
                from sqlalchemy import create_engine
                from sqlalchemy.orm import sessionmaker
                e = create_engine("sqlite://")
                Local = sessionmaker(bind=e, autocommit=True)
                def go():
                    s = Local()
                    return s.is_active
                print(go())
            """,
        },
        "True\n",
    ),
    (
        "httpx-proxies",
        ["httpx"],
        {
            "main.py": """
                import httpx
                c = httpx.Client(proxies="http://localhost:1", timeout=3)
                print(c.timeout.read)
            """,
        },
        "3\n",
    ),
    (
        "httpx-app",
        ["httpx"],
        {
            "main.py": """
                import asyncio, httpx
                async def app(scope, receive, send):
                    await send({"type": "http.response.start", "status": 200, "headers": []})
                    await send({"type": "http.response.body", "body": b"hi"})
                async def main():
                    async with httpx.AsyncClient(app=app, base_url="http://t") as c:
                        return (await c.get("/")).text
                print(asyncio.run(main()))
            """,
        },
        "hi\n",
    ),
    (
        "httpx-redirects",
        ["httpx"],
        {
            "main.py": """
                import httpx
                t = httpx.MockTransport(lambda r: httpx.Response(200, text="ok"))
                c = httpx.Client(transport=t)
                print(c.get("http://x", allow_redirects=True).text)
            """,
        },
        "ok\n",
    ),
    (
        "httpx-limits",
        ["httpx"],
        {
            "main.py": """
                import httpx
                print(httpx.PoolLimits(max_connections=3).max_connections)
            """,
        },
        "3\n",
    ),
    (
        "yaml",
        ["yaml"],
        {
            "main.py": """
                import yaml
                def load(t):
                    return yaml.load(t)
                print(load("a: 1"))
            """,
        },
        "{'a': 1}\n",
    ),
    (
        "jinja",
        ["jinja2"],
        {
            "main.py": """
                from jinja2 import Markup, Environment, contextfilter
                @contextfilter
                def f(ctx, v):
                    return Markup(v)
                print(f(None, "a"))
            """,
        },
        "a\n",
    ),
    (
        "flask",
        ["flask"],
        {
            "main.py": """
                from flask import Flask, Markup, escape
                print(escape("<"), Markup("a"))
            """,
        },
        "&lt; a\n",
    ),
    (
        "werk",
        ["werkzeug"],
        {
            "main.py": """
                from werkzeug.urls import url_quote
                from werkzeug import secure_filename
                print(url_quote("a b"), secure_filename("../x"))
            """,
        },
        "a%20b x\n",
    ),
    (
        "django",
        ["django"],
        {
            "main.py": """
                from django.utils.translation import ugettext_lazy as _
                from django.utils.encoding import force_text
                from django.utils.timezone import utc
                print(force_text("a"), utc)
            """,
        },
        "a UTC\n",
    ),
    (
        "celery",
        ["celery"],
        {
            "main.py": """
                from celery.task import task
                @task
                def add(a, b):
                    return a + b
                print(add(1, 2))
            """,
        },
        "3\n",
    ),
    (
        "click",
        ["click"],
        {
            "main.py": """
                import click
                print(click.get_terminal_size()[0] > 0)
            """,
        },
        "True\n",
    ),
    (
        "urllib3",
        ["urllib3"],
        {
            "main.py": """
                from urllib3.util.retry import Retry
                print(sorted(Retry(3, method_whitelist=["GET"]).allowed_methods))
            """,
        },
        "['GET']\n",
    ),
    (
        "fastapi",
        ["fastapi"],
        {
            "main.py": """
                from fastapi import FastAPI
                print(FastAPI(openapi_prefix="/x").root_path)
            """,
        },
        "/x\n",
    ),
]
