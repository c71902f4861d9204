"""Which column of a log says what: as the user names it, else guessed if beyond doubt."""

import re
from collections.abc import Sequence
from pathlib import Path

from casewright.errors import LogRefused
from casewright.exchange.log_model import LIMITS, Columns, Limits, refusal
from casewright.exchange.log_values import (
    listed,
    no_such_column,
    refuse_control_characters,
)
from casewright.exchange.logs import column_names
from casewright.exchange.xes_log import CASE_PREFIX

STANDARD = {
    "case": CASE_PREFIX + "concept:name",
    "activity": "concept:name",
    "time": "time:timestamp",
    "agent": "org:resource",
}
"""The names of the XES standard; where a log has them they win."""

SYNONYMS = {
    "case": (
        "case, case id, caseid, case key, case number, case no, ticket, ticket id, ticket key, "
        "ticket number, ticket no, incident, incident id, incident number, request id, "
        "request number, complaint id, work order id, work order number, "
        "工单号, 工单编号, 工单id, 工单, 案件号, 案件编号, 案例, 案例号, "
        "案例id, 投诉编号, 投诉单号, 受理编号, 受理单号, 服务单号, 流水号, 单号, 编号"
    ),
    "activity": (
        "activity, activity name, activity id, event, event name, action, status, state, step, "
        "task, 活动, 活动名称, 环节, 环节名称, 处理环节, 操作, 操作类型, "
        "动作, 状态, 工单状态, 步骤, 节点"
    ),
    "time": (
        "time, timestamp, time stamp, datetime, date time, date, complete timestamp, "
        "event time, event timestamp, changed at, occurred at, "
        "时间, 时间戳, 操作时间, 处理时间, 发生时间, 事件时间, 变更时间, 完成时间, 日期"
    ),
    "agent": (
        "agent, agent id, resource, user, user id, handler, assignee, assigned to, operator, "
        "employee, 处理人, 操作人, 操作员, 坐席, 坐席工号, 座席, 经办人, "
        "受理人, 执行人, 人员, 工号"
    ),
}


def guess_columns(
    path: Path,
    *,
    case: str | None = None,
    activity: Sequence[str] = (),
    time: str | None = None,
    agent: str | None = None,
    limits: Limits = LIMITS,
) -> Columns:
    """Return the log's columns: those named here, the others guessed from the log's own names.

    A column that is not there, or a guess with none or several candidates, is refused with the
    log's columns and the option that settles it. A log without a column for the agent is fine.
    """
    file, names = str(path), column_names(path, limits=limits)
    for name in (case, *activity, time, agent):
        if name is not None and name not in names and CASE_PREFIX + name not in names:
            raise no_such_column(name, names, file)
    named = {name for name in (case, *activity, time, agent) if name is not None}
    free = [name for name in names if name not in named]
    columns = Columns(
        case=case or _certain("case", free, names, file),
        activity=tuple(activity) or (_certain("activity", free, names, file),),
        time=time or _certain("time", free, names, file),
        agent=agent or _at_most_one("agent", free, names, file),
    )
    for used in (columns.case, *columns.activity, columns.time, columns.agent or ""):
        refuse_control_characters(used, 1, file)
    return columns


def _certain(role: str, free: Sequence[str], names: Sequence[str], file: str) -> str:
    found = _at_most_one(role, free, names, file)
    if found is None:
        raise _undecided(
            "no column is surely the {role}: say which with --{role} COLUMN; there are {known}",
            role,
            names,
            file,
        )
    return found


def _at_most_one(role: str, free: Sequence[str], names: Sequence[str], file: str) -> str | None:
    if STANDARD[role] in free:
        return STANDARD[role]
    synonyms = SYNONYMS[role].split(", ")
    found = [name for name in free if _folded(name) in synonyms]
    if len(found) > 1:
        raise _undecided(
            "several columns could be the {role}: say which with --{role} COLUMN: {known}",
            role,
            found,
            file,
        )
    return found[0] if found else None


def _undecided(text: str, role: str, names: Sequence[str], file: str) -> LogRefused:
    return refusal(file, 1, text, role=role, known=listed(names))


def _folded(name: str) -> str:
    """Return `Case_ID`, `CaseID` and `case-id` alike as `case id`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip())
    return re.sub(r"[\s_\-.]+", " ", spaced).casefold()
