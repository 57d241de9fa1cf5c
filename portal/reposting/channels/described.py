"""Channels whose interface is described and that nothing is sent to here.

Each needs an account and an agreement of its own with its operator; a plugin brings the adaptor
(docs/plugins/registries/push_channels.md). Nothing pretends to be sent.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PushFailed, PushMessage, PushReceipt, PushTarget


class Described:
    is_connected = False

    def __init__(self, label: Any, note: Any) -> None:
        self.label, self.note = label, note

    def problem(self, target: PushTarget) -> str:
        return str(self.note)

    def push(self, target: PushTarget, message: PushMessage) -> PushReceipt:
        raise PushFailed("This kind of channel is not connected.", for_good=True)


WECHAT = Described(
    _("WeChat official account"),
    _("Not connected: a plugin has to bring the adaptor, and the account is yours."),
)
WEIBO = Described(
    _("Weibo account"),
    _("Not connected: a plugin has to bring the adaptor, and the account is yours."),
)
