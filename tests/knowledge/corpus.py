# ruff: noqa: E501 (tables that are read across)
"""Articles made for tests, the same ones for the same seed: of the vocabulary of a contact centre's standard, in both languages."""

import random
from collections.abc import Iterator
from typing import Any

VOCABULARY = (
    "客户 服务 投诉 工单 质检 话务 排班 现场 监控 知识 培训 考核 满意 测评 回访 录音 录屏 座席 班长 流程 制度 指标 报表 应急 预案 保密 安全"
    " 权限 备份 恢复 系统 平台 热线 渠道 短信 邮件 微信 网站 表单 抽样 评分 校准 申诉 改进 审计 评审 版本 编辑 发布 归档 更新 检索 分类"
    " 标签 目录 问答 脚本 话术 礼仪 情绪 压力 关怀 激励 晋升 招聘 面试 离职 考勤 请假 调班 预测 忙时 接通 等待 放弃 时长 占用 利用"
    " 首解 升级 转派 督办 催办 延期 时限 节假 日历 值班 交接 日报 周报 月报 年报 成本 预算 采购 合同 供应 外包 合作 交付 验收 变更"
    " 风险 隐患 整改 演练 消防 机房 网络 带宽 终端 耳麦 工位 环境 噪音 温度 照明 卫生 健康"
).split()
"""Words of two characters."""
_JOINS = ("的", "与", "和", "须", "应", "由", "按", "对", "，", "。", "；", "、")

SUBJECTS = (
    ("宽带", "broadband"), ("光猫", "modem"), ("路由器", "router"), ("电视盒", "set-top box"), ("手机卡", "SIM card"), ("套餐", "plan"),
    ("合约", "contract"), ("账单", "bill"), ("积分", "points"), ("发票", "invoice"), ("专线", "leased line"), ("固话", "landline"),
    ("摄像头", "camera"), ("流量包", "data pack"), ("副卡", "additional card"), ("漫游", "roaming"), ("国际长途", "international call"),
    ("遥控器", "remote control"), ("频道", "channel"), ("会员", "membership"), ("号码", "number"), ("短信", "text message"), ("密码", "password"),
    ("营业厅", "shop"), ("客户端", "app"), ("预约", "appointment"), ("装维人员", "technician"), ("押金", "deposit"), ("优惠券", "voucher"), ("热点", "hotspot"),
)  # fmt: skip
MATTERS = (
    ("库存盘点", "stock taking"), ("颜色选择", "choice of colour"), ("标签打印", "label printing"), ("交接清单", "hand-over list"),
    ("权限分配", "assignment of rights"), ("编码规则", "coding rules"), ("培训要点", "training notes"), ("数据口径", "definition of figures"),
    ("巡检周期", "inspection interval"), ("归档要求", "archiving"), ("命名规范", "naming"), ("审批流程", "approval steps"),
    ("供应商名单", "list of suppliers"), ("考核办法", "assessment"), ("月度统计", "monthly figures"), ("抽检比例", "share of samples"),
    ("话术示例", "example wording"), ("常见误区", "common mistakes"), ("适用范围", "scope"), ("历史版本", "former versions"),
    ("上线计划", "launch plan"), ("停售说明", "end of sale"), ("材料模板", "templates"), ("分级标准", "grading"), ("责任划分", "responsibilities"),
    ("费用科目", "cost accounts"), ("系统菜单", "menus"), ("接口说明", "interfaces"), ("应急预案", "contingency plan"), ("满意度分析", "satisfaction analysis"),
)  # fmt: skip
DETAILS = (
    ("办理时须核对客户身份", "check the customer's identity first"), ("每月五日前上报", "report it by the fifth of the month"),
    ("系统自动发送短信提醒", "the system sends a text message by itself"), ("由后台在两个工作日内处理", "the back office deals with it within two days"),
    ("费用计入当月账单", "the fee appears on this month's bill"), ("不支持线上办理", "it cannot be done online"),
    ("需上传照片", "a photo is uploaded"), ("节假日顺延", "holidays are not counted"), ("超时自动升级", "it escalates when it is late"),
    ("可在客户端查看进度", "progress is shown in the app"), ("由班长复核", "the team leader checks it"), ("适用于全部地区", "it holds in all areas"),
    ("须在营业厅现场签字", "it is signed at the shop"), ("设备由装维人员带回", "the technician takes the device along"),
    ("变更自次月生效", "the change takes effect next month"), ("退款原路返回", "the refund goes back the same way"),
    ("须保留通话录音", "the call is recorded"), ("老年客户优先", "elderly customers come first"), ("企业客户另行约定", "companies agree otherwise"),
    ("网速以签约速率为准", "the speed is that of the contract"), ("电视业务不适用", "it does not hold for television"), ("号码保留九十天", "the number is kept for ninety days"),
    ("密码连续输错五次锁定", "five wrong passwords lock it"), ("信号差的区域另行登记", "areas of weak signal are listed apart"),
)  # fmt: skip


def chinese(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Yield the fields of so many Chinese articles."""
    draw = random.Random(seed)
    for number in range(count):
        body = "".join(
            f"{word}{draw.choice(_JOINS)}" for word in draw.choices(VOCABULARY, k=14)
        )
        yield {
            "subject": f"知识 {number:05}",
            "title_zh": "".join(draw.choices(VOCABULARY, k=3)),
            "body_zh": body,
            "audience": "staff",
        }


def distractors(count: int, seed: int = 2) -> Iterator[dict[str, Any]]:
    """Yield the fields of so many bilingual articles about the same things, none of which answers a customer."""
    draw = random.Random(seed)
    for number in range(count):
        thing, other = draw.choice(SUBJECTS), draw.choice(SUBJECTS)
        matter = draw.choice(MATTERS)
        said = draw.sample(DETAILS, 4)
        yield {
            "subject": f"{number:05}",
            "title_zh": f"{thing[0]}{matter[0]}",
            "title_en": f"{thing[1].capitalize()}: {matter[1]}",
            "body_zh": f"{thing[0]}的{matter[0]}与{other[0]}一并管理。{'；'.join(one[0] for one in said)}。",
            "body_en": f"The {matter[1]} of a {thing[1]} goes with the {other[1]}. "
            + " ".join(f"{one[1].capitalize()}." for one in said),
            "audience": "staff",
        }
