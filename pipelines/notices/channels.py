"""The three ways a message leaves: SMTP, a webhook (Teams workflow), a command. None unless set.

Every address and secret comes from the environment; nothing is sent to anybody the municipality has
not named. What is not delivered raises ``OSError`` and is kept (``outbox``).
"""

import json
import smtplib
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import urlsplit

from pipelines.desk.child_environment import for_notice
from pipelines.errors import ConfigError
from pipelines.notices.outbox import Message
from pipelines.settings import Channels
from pipelines.words.messages import say

_TIMEOUT_S = 20
_SUBMISSION, _TLS = 587, 465


def messages_to(channels: Channels, key: str, subject: str, body: str) -> Iterator[Message]:
    """Yield a message for every channel that is set, and every recipient of it.

    Args:
        channels: What the environment names.
        key: What it is about.
        subject: Its first line.
        body: Its text.
    """
    if channels.smtp:
        for address in channels.recipients:
            yield Message(key, "smtp", address, subject, body)
    if channels.webhook:
        yield Message(key, "webhook", "", subject, body)
    if channels.command:
        yield Message(key, "command", "", subject, body)


def send(channels: Channels, message: Message) -> None:
    """Deliver a message on its channel.

    Args:
        channels: What the environment names.
        message: The message.

    Raises:
        OSError: It was not delivered.
        ConfigError: The address of the channel cannot be used.
    """
    if message.channel == "smtp":
        _by_smtp(channels, message)
    elif message.channel == "webhook":
        _by_webhook(channels, message)
    else:
        _by_command(channels, message)


def _by_smtp(channels: Channels, message: Message) -> None:
    if not channels.smtp or not channels.sender:
        raise OSError(say("notices.channels.smtp_not_set"))
    where = urlsplit(channels.smtp)
    if where.scheme not in ("smtp", "smtps") or not where.hostname:
        raise ConfigError(say("notices.channels.no_smtp_address"), where="PUKK_NOTIFY_SMTP")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = channels.sender, message.recipient, message.subject
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain="pukk.invalid")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    try:
        with _smtp(where.scheme, where.hostname, where.port) as server:
            server.ehlo()
            is_closed = where.scheme == "smtps"
            if not is_closed and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
                is_closed = True
            if where.username and not is_closed:
                raise OSError(say("notices.channels.no_open_login"))
            if where.username and channels.smtp_password is not None:
                server.login(where.username, channels.smtp_password.get_secret_value())
            server.send_message(mail)
    except smtplib.SMTPException as error:
        raise OSError(type(error).__name__) from error


def _smtp(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port or _TLS, timeout=_TIMEOUT_S, context=context)
    return smtplib.SMTP(host, port or _SUBMISSION, timeout=_TIMEOUT_S)


def _by_webhook(channels: Channels, message: Message) -> None:
    if channels.webhook is None:
        raise OSError(say("notices.channels.webhook_not_set"))
    address = channels.webhook.get_secret_value()
    if urlsplit(address).scheme not in ("https", "http"):
        raise ConfigError(say("notices.channels.no_web_address"), where="PUKK_NOTIFY_WEBHOOK")
    request = urllib.request.Request(  # noqa: S310 - the scheme is judged just above
        address,
        data=json.dumps(_card(message)).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S):  # noqa: S310 - as above
            return
    except urllib.error.HTTPError as error:
        # the address is a secret, and the error may quote it
        raise OSError(f"HTTP {error.code}") from None
    except urllib.error.URLError as error:
        raise OSError(type(error.reason).__name__) from None


def _card(message: Message) -> dict[str, object]:
    """Return what a Teams workflow takes: an Adaptive Card, its text shown as it stands."""
    lines = [line for line in message.body.splitlines() if line.strip()]
    blocks = [{"type": "TextBlock", "text": _as_it_stands(line), "wrap": True} for line in lines]
    title = {"type": "TextBlock", "text": _as_it_stands(message.subject), "weight": "bolder"}
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{**title, "wrap": True}, *blocks],
    }
    attached = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attached]}


def _as_it_stands(line: str) -> str:
    # a card's text is Markdown: what could be a link or emphasis is shown as written
    return "".join(f"\\{sign}" if sign in "\\[]*_`" else sign for sign in line)


def _by_command(channels: Channels, message: Message) -> None:
    if not channels.command:
        raise OSError(say("notices.channels.command_not_set"))
    try:
        done = _run(channels.command, message)
    except subprocess.TimeoutExpired as error:
        raise OSError(say("notices.channels.command_took_long")) from error
    if done.returncode:
        raise OSError(say("notices.channels.command_failed", code=done.returncode))


def _run(command: Sequence[str], message: Message) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(  # noqa: S603 - the municipality's own command, without a shell
        [*command, message.subject],
        input=message.body.encode(),
        env=for_notice(),
        capture_output=True,
        timeout=_TIMEOUT_S * 3,
        check=False,
    )
