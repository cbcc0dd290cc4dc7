"""A login that ends soon and that nobody renews by itself."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.tables import Credential
from forensics.text import moment
from forensics.watch.condition import Condition, Inquiry, Trouble


def _find(inquiry: Inquiry) -> Iterator[Trouble]:
    oldest = inquiry.now - inquiry.hours("ended_hours")
    newest = _newest(inquiry.case.timeline.credentials)
    for login in newest.values():
        ends = login.expires_at
        if ends is None or login.refresh is not None or not oldest <= ends <= inquiry.now + inquiry.hours("hours"):
            continue
        yield Trouble(
            condition="login_ends",
            urgency="soon" if ends > inquiry.now else "now",
            subject=f"{login.agent or '-'}/{login.profile}",
            sentence=f"The login {login.profile}{f' of the agent {login.agent}' if login.agent else ''} "
            f"{'ends' if ends > inquiry.now else 'ended'} {moment(ends)}, and it cannot be renewed without a person.",
            advice=f"Log in again: openclaw models auth login --provider {login.provider}",
            due=ends,
            evidence=(login.source,),
        )


def _newest(logins: tuple[Credential, ...]) -> dict[tuple[str | None, str], Credential]:
    """Of each agent's profile the copy that lasts longest."""
    newest: dict[tuple[str | None, str], Credential] = {}
    for login in logins:
        known = newest.get((login.agent, login.profile))
        if login.expires_at and (known is None or known.expires_at is None or login.expires_at > known.expires_at):
            newest[login.agent, login.profile] = login
    return newest


CONDITION = Condition(
    name="login_ends",
    question="Which login ends soon, with nobody to renew it?",
    speaks="A stored login without a refresh token ends within `hours`, or ended within the last ended_hours.",
    silent="It has a refresh token, so that the gateway renews it at the next request; or a longer one is stored.",
    settings={"hours": 1, "ended_hours": 24},
    find=_find,
)
