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
_COMPLAINTS = (
    ("Two appointments, and nobody came", "两次预约无人上门", "broadband_repair_late", "field_service", "fibre_300"),
    ("Charged for a package that was never ordered", "未订购的套餐被收费", "billing_charge_not_ordered", "billing", "mobile_59"),
    ("No signal at home for a week", "家中一周没有信号", "mobile_coverage_no_signal", "network_operations", "mobile_129"),
    ("Connection drops every evening", "宽带每晚频繁掉线", "broadband_fault_unstable", "network_operations", "fibre_500"),
    ("Change of plan did not take effect", "套餐变更未生效", "account_plan_not_effective", "billing", "family_bundle"),
    ("Picture freezes during the match", "看球赛画面卡顿", "tv_picture_freezing", "network_operations", "tv_sports"),
    ("Refund was promised and did not come", "承诺的退款一直未到", "billing_refund_delayed", "billing", "fibre_100"),
    ("Technician asked for money", "装维人员私自收费", "service_technician_private_fee", "field_service", "fttr"),
)  # fmt: skip
_REQUESTS = (
    ("Move to a new flat", "宽带移机到新居"), ("Second line for the office", "办公室加装一条宽带"),
    ("Router upstairs", "楼上加装路由器"), ("Move within the house", "室内移机"),
)  # fmt: skip
_INQUIRIES = (
    ("Price of 1000 Mbit/s", "千兆宽带怎么收费"), ("Roaming in Europe", "去欧洲怎么开通国际漫游"),
    ("Where is my invoice?", "电子发票在哪里下载"), ("Can I keep my number?", "携号转网怎么办理"),
    ("When does my contract end?", "合约什么时候到期"), ("How do I pause the sports package?", "体育包怎么暂停"),
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
    rows = _turning(_COMPLAINTS, first)
    for row, (agent, handler), customer in zip(
        rows, people, _turning(CUSTOMERS, first), strict=False
    ):
        en, zh, category, department, product = row
        yield (
            complaint,
            _matter(customer[0], en, zh, agent, handler, category, department, product),
        )


def _requests() -> Iterator[tuple[Kind, Matter]]:
    people = zip(_turning(_AGENTS, 1), cycle(_CLERKS), strict=False)
    for (en, zh), (agent, clerk), customer in zip(
        cycle(_REQUESTS), people, _turning(CUSTOMERS, 5), strict=False
    ):
        about = ("broadband_installation_move", "field_service", "fibre_300")
        yield service_request, _matter(customer[0], en, zh, agent, clerk, *about)


def _inquiries(first: int = 0) -> Iterator[tuple[Kind, Matter]]:
    for (en, zh), agent, customer in zip(
        _turning(_INQUIRIES, first),
        _turning(_AGENTS, first),
        _turning(CUSTOMERS, 8 + first),
        strict=False,
    ):
        about = ("account_plan_advice", "billing", "fibre_1000")
        yield inquiry, _matter(customer[0], en, zh, agent, agent, *about)


def _matter(
    customer: str,
    en: str,
    zh: str,
    agent: str,
    handler: str,
    category: str,
    department: str,
    product: str,
) -> Matter:
    return Matter(
        customer=customer,
        subject=Bilingual(en=en, zh=zh),
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
