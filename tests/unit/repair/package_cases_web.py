"""More programs of `test_package_moved`: what they need, their files, and what they print once they are repaired."""

from __future__ import annotations

WEB_CASES = [
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
