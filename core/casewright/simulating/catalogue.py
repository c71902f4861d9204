"""What the customers of a simulated centre call about: subjects in both languages, and what belongs to them. Invented."""

from casewright.bilingual import Bilingual
from casewright.swift_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Something that customers call about, and the rows of the workspace's tables that it belongs to."""

    words: Bilingual
    category: str
    department: str
    product: str
    service: str = ""
    order: str = ""
    """The kind of the work order that goes out for it; empty where none does."""


def _subject(
    en: str, zh: str, category: str, department: str, product: str, **more: str
) -> Subject:
    words = Bilingual(en=en, zh=zh)
    return Subject(
        words=words, category=category, department=department, product=product, **more
    )


COMPLAINTS = (
    _subject("Two appointments, and nobody came", "两次预约无人上门", "broadband_repair_late", "field_service", "fibre_300"),
    _subject("Charged for a package that was never ordered", "未订购的套餐被收费", "billing_charge_not_ordered", "billing", "mobile_59"),
    _subject("No signal at home for a week", "家中一周没有信号", "mobile_coverage_no_signal", "network_operations", "mobile_129"),
    _subject("Connection drops every evening", "宽带每晚频繁掉线", "broadband_fault_unstable", "network_operations", "fibre_500"),
    _subject("Change of plan did not take effect", "套餐变更未生效", "account_plan_not_effective", "billing", "family_bundle"),
    _subject("Picture freezes during the match", "看球赛画面卡顿", "tv_picture_freezing", "network_operations", "tv_sports"),
    _subject("Refund was promised and did not come", "承诺的退款一直未到", "billing_refund_delayed", "billing", "fibre_100"),
    _subject("Technician asked for money", "装维人员私自收费", "service_technician_private_fee", "field_service", "fttr"),
)  # fmt: skip
REQUESTS = (
    _subject("Move to a new flat", "宽带移机到新居", "broadband_installation_move", "field_service", "fibre_300",
             service="move", order="installation"),
    _subject("Change to a larger plan", "变更为更大的套餐", "account_plan_advice", "marketing", "mobile_129", service="plan_change"),
    _subject("Faster line", "宽带提速", "account_plan_advice", "marketing", "fibre_1000", service="speed_change", order="tariff_change"),
    _subject("New SIM card", "补办手机卡", "mobile_card_sim", "sales_channels", "mobile_59", service="sim_replacement"),
    _subject("Refund of the balance", "退还账户余额", "billing_refund_delayed", "finance", "mobile_19",
             service="refund", order="refund_payment"),
    _subject("Name on the account", "更正账户资料", "account_plan_advice", "contact_centre", "home_phone", service="customer_data"),
    _subject("Take the number to us", "携号转入", "mobile_card_porting", "mobile_products", "mobile_59",
             service="number_porting", order="account_change"),
)  # fmt: skip
INQUIRIES = (
    _subject("Price of 1000 Mbit/s", "千兆宽带怎么收费", "account_plan_advice", "marketing", "fibre_1000", service="speed_change"),
    _subject("Roaming in Europe", "去欧洲怎么开通国际漫游", "mobile_data_roaming", "mobile_products", "mobile_129", service="add_service"),
    _subject("Where is my invoice?", "电子发票在哪里下载", "account_plan_advice", "billing", "fibre_300", service="invoice"),
    _subject("Can I keep my number?", "携号转网怎么办理", "mobile_card_porting", "mobile_products", "mobile_59", service="plan_change"),
    _subject("When does my contract end?", "合约什么时候到期", "account_plan_advice", "billing", "fibre_500", service="plan_change"),
    _subject("Can the sports package pause?", "体育包怎么暂停", "account_plan_advice", "broadcast_tv", "tv_sports", service="tv_package"),
)  # fmt: skip
SUBJECTS = {"complaint": COMPLAINTS, "service_request": REQUESTS, "inquiry": INQUIRIES}
FAMILY = (
    "张",
    "王",
    "刘",
    "陈",
    "杨",
    "赵",
    "黄",
    "周",
    "吴",
    "徐",
    "孙",
    "胡",
    "朱",
    "高",
    "林",
    "何",
    "郭",
    "马",
)
GIVEN = (
    "丽",
    "建国",
    "洋",
    "晓东",
    "帆",
    "敏",
    "杰",
    "倩",
    "浩",
    "静",
    "明",
    "秀兰",
    "磊",
    "娜",
    "军",
    "婷",
    "鹏",
    "欣怡",
)
