"""Data classes that are made swiftly do what the library's do: compare, hash, write themselves, refuse to be changed."""

import dataclasses
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from casewright import swift_dataclass


def _made(by):
    @by(frozen=True, slots=True, kw_only=True)
    class One:
        name: str
        secret: str = field(default="", repr=False)
        aside: int = field(default=0, compare=False)

    @by(frozen=True, slots=True)
    class Single:
        values: tuple[int, ...] = ()

    @by(frozen=True, slots=True)
    class Nothing:
        pass

    @by(kw_only=True, eq=False)
    class Fault(Exception):
        what: str

    return One, Single, Nothing, Fault


def test_they_compare_hash_and_write_themselves_as_the_librarys_do():
    for one, single, nothing, fault in (_made(dataclass), _made(swift_dataclass.dataclass)):
        assert repr(one(name="a", secret="b")).endswith("One(name='a', aside=0)")
        assert one(name="a", aside=1) == one(name="a", aside=2) != one(name="b")
        assert one(name="a").__eq__(single()) is NotImplemented
        assert len({one(name="a"), one(name="a", aside=2), one(name="a", secret="x")}) == 2
        assert hash(single((1,))) == hash(single((1,)))
        assert single((1,)) == single((1,)) != single()
        assert nothing() == nothing()
        assert len({nothing(), nothing()}) == 1
        assert fault(what="x") != fault(what="x")
        assert repr(fault(what="x")).endswith("Fault(what='x')")


def test_they_are_frozen_have_slots_and_are_copied():
    one = _made(swift_dataclass.dataclass)[0]
    made = one(name="a")
    with pytest.raises(FrozenInstanceError):
        made.name = "b"
    assert not hasattr(made, "__dict__")
    assert replace(made, name="b").name == "b"
    assert [each.name for each in fields(made)] == ["name", "secret", "aside"]
    assert one.__dataclass_params__.frozen
    assert dataclasses.is_dataclass(one)


def test_what_is_ordered_is_left_to_the_library_and_what_cannot_be_hashed_is_not():
    @swift_dataclass.dataclass(frozen=True, order=True)
    class Place:
        line: int

    @swift_dataclass.dataclass(frozen=True)
    class Held:
        values: dict

    assert Place(1) < Place(2)
    assert len({Place(1), Place(1)}) == 1
    with pytest.raises(TypeError):
        hash(Held({}))


def test_commands_survive_pickling():
    from casewright.commands import AddComment

    said = AddComment(actor="zhang", ticket="INQ-1", text="Seen to.")
    assert pickle.loads(pickle.dumps(said)) == said


def test_their_init_takes_what_the_librarys_takes_and_refuses_what_it_refuses():
    for by in (dataclass, swift_dataclass.dataclass):

        @by(slots=True, kw_only=True)
        class Kept:
            name: str
            made: list[int] = field(default_factory=list)
            counted: int = field(default=3, init=False)
            began: list[int] = field(default_factory=list, init=False)

            def __post_init__(self):
                self.began.append(len(self.name))

        @by(frozen=True)
        class Placed:
            line: int
            column: int = 1

        one, other = Kept(name="ab"), Kept(name="ab", made=[1])
        assert (one.made, other.made, one.counted, one.began) == ([], [1], 3, [2])
        assert one.made is not Kept(name="c").made
        one.name = "changed"
        assert one != other
        assert Kept.__hash__ is None
        assert (Placed(4).column, Placed(4, 2).column, Placed(line=4, column=2).line) == (
            1,
            2,
            4,
        )
        for refused in (
            lambda make=Kept: make(),
            lambda make=Kept: make("ab"),
            lambda make=Kept: make(name="ab", other=1),
            lambda make=Placed: make(1, 2, 3),
        ):
            with pytest.raises(TypeError):
                refused()


def test_one_may_derive_from_the_other_and_stays_frozen():
    @swift_dataclass.dataclass(frozen=True, slots=True, kw_only=True)
    class First:
        name: str

    @dataclass(frozen=True, slots=True, kw_only=True)
    class OfALibrary(First):
        more: int = 0

    @swift_dataclass.dataclass(frozen=True, slots=True, kw_only=True)
    class Third(OfALibrary):
        most: int = 0

    class Plain(First):
        pass

    made = Third(name="a", more=1, most=2)
    assert (made.name, made.more, made.most) == ("a", 1, 2)
    for one in (made, OfALibrary(name="a"), First(name="a")):
        with pytest.raises(FrozenInstanceError):
            one.name = "b"
        with pytest.raises(FrozenInstanceError):
            del one.name
    plain = Plain(name="a")
    plain.noted = True
    assert plain.noted
    with pytest.raises(FrozenInstanceError):
        plain.name = "b"
    with pytest.raises(TypeError, match="frozen"):

        @dataclass
        class Open(First):
            pass
