"""What the customers of the demonstration's living centre call about, and who takes it: invented, always the same."""

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import TypeVar

from casewright.bilingual import Bilingual
from casewright.cli.demo_lives import (
    Centre,
    Life,
    Matter,
    complaint,
    inquiry,
    service_request,
)
from casewright.simulating.catalogue import COMPLAINTS, INQUIRIES

_T = TypeVar("_T")
Kind = Callable[[Centre, Matter], Life]
CUSTOMERS = (
    ("C-30001", "张丽 / Zhang Li", ""), ("C-30002", "王建国 / Wang Jianguo", "vip"), ("C-30003", "刘洋 / Liu Yang", ""),
    ("C-30004", "陈晓东 / Chen Xiaodong", ""), ("C-30005", "杨帆 / Yang Fan", ""), ("C-30006", "赵敏 / Zhao Min", "vip"),
    ("C-30007", "Alice Wong / 黄爱丽", ""), ("C-30008", "周杰 / Zhou Jie", ""), ("C-30009", "吴倩 / Wu Qian", ""),
    ("C-30010", "孙浩 / Sun Hao", ""), ("C-30011", "欧阳静 / Ouyang Jing", ""), ("C-30012", "Li Ming / 李明", ""),
)  # fmt: skip
"""Number, name and tier."""
_AGENTS = ("chen_jing", "li_na", "zhou_qiang", "zheng_kai", "he_ping")
_HANDLERS = ("zhao_lei", "qian_mei", "zhao_lei", "song_jia")
_CLERKS = ("huang_ying", "xu_feng")
_REQUESTS = (
    ("Move to a new flat", "宽带移机到新居"), ("Second line for the office", "办公室加装一条宽带"),
    ("Router upstairs", "楼上加装路由器"), ("Move within the house", "室内移机"),
)  # fmt: skip
_WORKERS = {
    "field_service": "tang_yong",
    "billing": "jiang_li",
    "network_operations": "lin_tao",
}


def lives(centre: Centre) -> Iterator[Life]:
    """Yield lives without an end, of all kinds in turn; none has begun."""
    kinds = cycle((_complaints(), _inquiries(), _complaints(3), _requests(), _inquiries(3)))
    for one in kinds:
        kind, matter = next(one)
        yield kind(centre, matter)


def _complaints(first: int = 0) -> Iterator[tuple[Kind, Matter]]:
    people = zip(_turning(_AGENTS, first), _turning(_HANDLERS, first), strict=False)
    subjects = _turning(COMPLAINTS, first)
    for subject, (agent, handler), customer in zip(
        subjects, people, _turning(CUSTOMERS, first), strict=False
    ):
        about = (subject.category, subject.department, subject.product)
        yield complaint, _matter(customer[0], subject.words, agent, handler, *about)


def _requests() -> Iterator[tuple[Kind, Matter]]:
    people = zip(_turning(_AGENTS, 1), cycle(_CLERKS), strict=False)
    for (en, zh), (agent, clerk), customer in zip(
        cycle(_REQUESTS), people, _turning(CUSTOMERS, 5), strict=False
    ):
        about = ("broadband_installation_move", "field_service", "fibre_300")
        words = Bilingual(en=en, zh=zh)
        yield service_request, _matter(customer[0], words, agent, clerk, *about)


def _inquiries(first: int = 0) -> Iterator[tuple[Kind, Matter]]:
    for subject, agent, customer in zip(
        _turning(INQUIRIES, first),
        _turning(_AGENTS, first),
        _turning(CUSTOMERS, 8 + first),
        strict=False,
    ):
        about = ("account_plan_advice", "billing", "fibre_1000")
        yield inquiry, _matter(customer[0], subject.words, agent, agent, *about)


def _matter(
    customer: str,
    words: Bilingual,
    agent: str,
    handler: str,
    category: str,
    department: str,
    product: str,
) -> Matter:
    return Matter(
        customer=customer,
        subject=words,
        agent=agent,
        handler=handler,
        category=category,
        department=department,
        worker=_WORKERS[department],
        product=product,
    )


def _turning(things: tuple[_T, ...], first: int) -> Iterator[_T]:
    """Yield things in turn, beginning with another than the first."""
    return cycle((*things[first % len(things) :], *things[: first % len(things)]))
