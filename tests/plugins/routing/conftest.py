"""What tests of routing at a desk begin with."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .routed_desk import RoutedDesk

Route = Callable[..., RoutedDesk]


@pytest.fixture
def route(tmp_path: Path) -> Iterator[Route]:
    """Opens a routed desk of its own at each call."""
    made: list[RoutedDesk] = []

    def make(**words: Any) -> RoutedDesk:
        made.append(RoutedDesk(tmp_path / f"desk-{len(made)}", **words))
        return made[-1]

    yield make
    for one in made:
        one.desk.close()


@pytest.fixture
def routed(route: Route) -> RoutedDesk:
    """A desk where agents take the next ticket themselves."""
    return route()
