"""The `casewright.toml` of a new workspace: what is set, and beside it what one may set, to be uncommented."""

import json

from casewright.settings.access import SignIn

_SETTINGS = """\
# The settings of this casewright workspace. What is commented out is the default, or an example.
# 本工作区的设置。注释掉的是默认值或示例。

{database}
# attachments = "attachments"
{language}
zone = "Asia/Shanghai"     # the site's time, in which people read and write; else the machine's 本地时区
# synchronous = "FULL"     # NORMAL is faster, and may lose the last commits in a power cut

# Channels: how people are told; workflows name them in `via`. These write files, so that nobody is disturbed by a trial.
# 渠道：流程在 via 中引用。以下写入文件，试用时不会打扰任何人。
[channels.sms]
driver = "file"
path = "notices/sms.jsonl"

[channels.email]
driver = "file"
kind = "email"
path = "notices/email.jsonl"

# Instead of the file: an SMS gateway over HTTPS. 正式使用：HTTPS 短信网关。
# [channels.sms]
# driver = "http"
# url = "https://sms.example.com/send"
# headers = {{Authorization = "secret://sms_token"}}
# accepted_when = "code == 0"
# provider_id = "data.id"

# Or a message centre over SMPP; needs the extra `smpp`. 或 SMPP 短信中心（须安装 smpp 扩展）。
# [channels.sms]
# driver = "smpp"
# host = "smsc.example.com"
# system_id = "casewright"
# password = "secret://smpp_password"
# tls = true

# E-mail, to customers too, and a DingTalk group. 电子邮件（也可答复客户）；钉钉群。
# [channels.email]
# driver = "smtp"
# host = "mail.example.com"
# user = "desk"
# password = "secret://mail_password"
# from = "desk@example.com"
# [channels.chat]
# driver = "apprise"
# kind = "chat"
# url = "secret://dingtalk_url"

# Where a gateway posts receipts and replies. 接收短信网关的状态报告和上行短信。
# [worker]
# listen = "127.0.0.1:8091"
# secret = "secret://listener"

# Who gets in, and how they say who they are. 登录方式：password 密码；os_user 本机登录名；trusted 不核验。
[access]
{sign_in}
# session_hours = 12       # how long somebody stays signed in 登录有效时长（小时）
# idle_minutes = 60        # a session unused for so long is over 闲置多久即失效（分钟）
# second_factor = true     # a code of an authenticator beside the password 密码之外另需动态口令

# Nobody is told at night what can wait. 夜间免打扰，等得及的通知次日再发。
# [quiet_hours]
# from = "22:00"
# until = "08:00"

# How much one person is told at most. 每人接收上限。
# [limits]
# sms = "1 in 1 minute, 5 in 15 minutes, 11 in 1 hour, 21 in 3 hours"

# Where checkpoints are written too: another disk or machine. 检查点的第二存放处：另一块磁盘或另一台机器。
# [audit]
# second_place = "/mnt/elsewhere/checkpoints"

# The log, one JSON object a line, without secrets and addresses. 运行日志：每行一个 JSON，不含密钥和联系方式。
# [logs]
# path = "casewright.log"
# level = "info"

# Plugins: those that are named here are loaded, nothing else. `casewright plugin list` says how they stand, `plugin describe`
# what each brings. 插件：只加载此处列出的。`casewright plugin list` 查看状态，`plugin describe` 查看内容。
[plugins]
load = ["routing"]
# deadline = 1             # seconds that one call of a plugin may take 单次调用时限（秒）
# job_deadline = 60        # seconds that its scheduled work may take 定时任务时限（秒）

# What one plugin is told, in words of its own. 单个插件的设置。
# [plugin.routing]
# push = true              # waiting tickets go to agents by themselves 自动派单；默认由座席领取
# strict = true            # nobody is given more than their capacity, or without the skill 手工指派亦不得超限
"""
IGNORED = """\
# What casewright makes while it works; the rest is yours to keep. 运行中生成的文件，不必纳入版本管理。
/casewright.db*
/casewright.sock*
/casewright-*-key*
/casewright.log*
/attachments/
/notices/
"""
"""The `.gitignore` of a new workspace."""


_SIGN_IN = {
    "password": 'sign_in = "password"       # `casewright login`, or a token 须登录或使用令牌',
    "os_user": 'sign_in = "os_user"        # whoever is logged in to the machine under a name of the staff 以本机登录名为准',
    "trusted": (
        'sign_in = "trusted"        # for trials: everybody is taken at their word. Never with real customers!\n'
        "                           # 仅供试用：自称是谁就是谁，切勿用于真实客户数据！"
    ),
}


def settings_text(language: str = "", sign_in: SignIn = "password", database: str = "") -> str:
    """Return the text of a `casewright.toml` for people who read `language`, or each their own when empty."""
    spoken = f'language = "{language}"' if language else '# language = "en"          # or "zh"'
    kept = f"database = {json.dumps(database)}" if database else '# database = "casewright.db"'
    return _SETTINGS.format(database=kept, language=spoken, sign_in=_SIGN_IN[sign_in])
