"""Clusters of their own for the tests that start, kill and restore them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from linecard.embedded import Cluster, connection_parameters
from tests.folders import copy_data_dir, passable_folder

MakeCluster = Callable[..., Cluster]


@pytest.fixture
def parent() -> Iterator[Path]:
    """An empty folder for data folders."""
    with passable_folder() as folder:
        yield folder


@pytest.fixture
def data_dir(parent: Path) -> Path:
    """A data folder that does not exist yet."""
    return parent / "data"


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """The data folder of a cluster that was made, started and stopped; only copied, never changed."""
    with passable_folder() as folder:
        with Cluster(folder / "data", report=lambda _: None, durable=False):
            pass
        yield folder / "data"


@pytest.fixture
def made(template: Path, data_dir: Path) -> Path:
    """``data_dir`` with a cluster in it that does not run, for what is not about a first start."""
    copy_data_dir(template, data_dir)
    return data_dir


@pytest.fixture
def said() -> list[str]:
    """What clusters reported."""
    return []


@pytest.fixture
def make_cluster(data_dir: Path, said: list[str]) -> Iterator[MakeCluster]:
    """Make a cluster object, by default of ``data_dir``; all are stopped at the end."""
    made: list[Cluster] = []

    def make(folder: Path = data_dir, *, durable: bool = False, **options: Any) -> Cluster:
        made.append(Cluster(folder, report=said.append, durable=durable, **{"purpose": "a test", **options}))
        return made[-1]

    yield make
    for cluster in made:
        cluster.stop()


def connect(data_dir: Path, **options: str) -> psycopg.Connection:
    """A connection to the embedded database, as Linecard itself connects."""
    return psycopg.connect(make_conninfo("", **connection_parameters(data_dir, **options)), autocommit=True)


def one(data_dir: Path, query: str) -> object:
    """The one value that a query answers."""
    with connect(data_dir) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def remember(data_dir: Path, value: str) -> None:
    """Commit a value that must survive."""
    with connect(data_dir) as connection:
        connection.execute("create table if not exists memory (value text)")
        connection.execute("insert into memory values (%s)", [value])
