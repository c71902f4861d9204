"""How the log of who looked at what says by what somebody came in, from where, and how it ended."""

import pytest

from casewright.telling.access import how
from casewright.texts import Texts


@pytest.mark.parametrize(
    ("subject", "en", "zh"),
    [
        ("session", "", ""),
        ("password", "the password was wrong", "密码错误"),
        ("password 127.0.0.1", "with a password, from 127.0.0.1", "密码登录，来自 127.0.0.1"),
        (
            "SHA256:a1b2 10.0.0.7",
            "with the key SHA256:a1b2, from 10.0.0.7",
            "密钥 SHA256:a1b2 登录，来自 10.0.0.7",
        ),
        (
            "exit 0; password 10.0.0.7",
            "left; with a password, from 10.0.0.7",
            "正常退出；密码登录，来自 10.0.0.7",
        ),
        ("signal 9", "ended by signal 9", "被信号 9 终止"),
        ("SHA256:a1b2", "SHA256:a1b2", "SHA256:a1b2"),
    ],
)
def test_what_is_stored_is_told_in_words(subject, en, zh):
    assert (how(subject, Texts("en")), how(subject, Texts("zh"))) == (en, zh)
