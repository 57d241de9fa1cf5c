"""Mails: by the worker, after the commit, and never in the way of a step."""

import smtplib
import socket
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.test import TestCase, override_settings

from portal.core import mail as portal_mail
from portal.settings import environment as env

pytestmark = pytest.mark.django_db
LOCAL = "django.core.mail.backends.locmem.EmailBackend"
QUEUED = {"default": {"BACKEND": "portal.core.mail.QueuedMail"}, "server": {"BACKEND": LOCAL}}


def _message() -> EmailMultiAlternatives:
    return EmailMultiAlternatives(
        "请初审", "见后台", "a@x.gov.cn", ["b@x.gov.cn"],
        bcc=["c@x.gov.cn"], headers={"Auto-Submitted": "auto-generated"},
        alternatives=[("<p>见后台</p>", "text/html")],
    )  # fmt: skip


@override_settings(MAILERS=QUEUED)
def test_it_arrives_as_it_was_written() -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert _message().send() == 1
        assert mail.outbox == []
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to, sent.bcc) == (
        "请初审", "见后台", ["b@x.gov.cn"], ["c@x.gov.cn"],
    )  # fmt: skip
    assert sent.extra_headers == {"Auto-Submitted": "auto-generated"}
    assert tuple(sent.alternatives[0]) == ("<p>见后台</p>", "text/html")


@override_settings(MAILERS=QUEUED)
def test_nobody_is_told_of_what_was_undone() -> None:
    with (
        TestCase.captureOnCommitCallbacks(execute=True),
        pytest.raises(ZeroDivisionError),
        transaction.atomic(),
    ):
        _message().send()
        raise ZeroDivisionError
    assert mail.outbox == []


@override_settings(MAILERS=QUEUED)
@pytest.mark.parametrize("error", [ConnectionRefusedError, TimeoutError, smtplib.SMTPException])
def test_a_dead_server_undoes_nothing(error: type[Exception]) -> None:
    with (
        mock.patch(f"{LOCAL}.send_messages", side_effect=error),
        TestCase.captureOnCommitCallbacks(execute=True),
    ):
        assert _message().send() == 1


def test_it_is_tried_again_with_growing_pauses_and_then_given_up() -> None:
    stored = portal_mail._stored(_message())
    tried: list[int] = []

    class Later:
        def enqueue(self, _mail: Any, attempt: int) -> None:
            tried.append(attempt)

    backend = mock.Mock(supports_defer=True)
    task = mock.Mock(
        get_backend=lambda: backend, using=mock.Mock(side_effect=lambda **_at: Later())
    )
    with (
        override_settings(MAILERS=QUEUED),
        mock.patch(f"{LOCAL}.send_messages", side_effect=TimeoutError),
        mock.patch.object(portal_mail, "send_stored", task),
    ):
        for attempt in range(1, portal_mail.TRIES + 1):
            SEND(stored, attempt)
    assert tried == [2, 3, 4, 5]


SEND = portal_mail.send_stored.func


@override_settings(MAILERS=QUEUED)
def test_attachments_are_refused_not_lost() -> None:
    message = EmailMessage("x", "x", "a@x.gov.cn", ["b@x.gov.cn"])
    message.attach("a.txt", "x", "text/plain")
    with pytest.raises(ValueError, match="attachments"):
        message.send()


# --- settings -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://mail.x.gov.cn", ("mail.x.gov.cn", 25, False, False)),
        ("smtp+tls://mail.x.gov.cn", ("mail.x.gov.cn", 587, True, False)),
        ("smtps://mail.x.gov.cn:994", ("mail.x.gov.cn", 994, False, True)),
    ],
)
def test_the_server_is_read_from_its_address(
    monkeypatch: pytest.MonkeyPatch, address: str, expected: tuple[str, int, bool, bool]
) -> None:
    monkeypatch.setenv("EMAIL_URL", address)
    found = env.mailers()
    options = found["server"]["OPTIONS"]
    assert tuple(options[name] for name in ("host", "port", "use_tls", "use_ssl")) == expected
    assert options["timeout"] == 10
    assert found["default"]["BACKEND"] == "portal.core.mail.QueuedMail"


def test_name_and_word_are_unquoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtps://no%40x:p%2Fw@mail.x.gov.cn")
    options = env.mailers()["server"]["OPTIONS"]
    assert (options["username"], options["password"]) == ("no@x", "p/w")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("EMAIL_URL", "http://mail.x.gov.cn"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "smtp://mail.x.gov.cn/inbox"),
        ("EMAIL_URL", "smtp://mail.x.gov.cn?timeout=0"),
        ("EMAIL_URL", "smtp://mail.x.gov.cn:port"),
        ("EMAIL_URL", "smpt://a:geheim@mail.x.gov.cn"),
        ("PORTAL_EMAIL_FROM", ""),
        ("PORTAL_EMAIL_FROM", "nobody"),
    ],
)
def test_a_bad_value_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, value: str
) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.x.gov.cn")
    monkeypatch.setenv("PORTAL_EMAIL_FROM", "a@x.gov.cn")
    monkeypatch.delenv("PORTAL_RAISE_SETTINGS_ERRORS", raising=False)
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit):
        env.mailers()
        env.mail_from()
    told = capsys.readouterr().err
    assert told.startswith(f"{variable}: ")
    assert "geheim" not in told


def test_without_a_server_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    with (
        override_settings(MAILERS=env.mailers()),
        mock.patch.object(socket, "create_connection", side_effect=AssertionError),
    ):
        _message().send()
        assert not portal_mail.is_on()
