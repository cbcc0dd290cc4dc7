"""Tokens are told by their shape or by what stands before them, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from forensics.secrets.detect import mask, secrets_in
from forensics.secrets.fingerprints import fingerprint

A = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0fG"  # 32 letters and digits in no order
HEX = "0123456789abcdef" * 4
UP = "A2B3C4D5E6F7G2H3"

TOKENS = (
    f"sk-ant-api03-{A}", f"sk-ant-oat01-{A}", f"sk-ant-ort01-{A}", f"sk-ant-admin01-{A}", f"sk-proj-{A}_{A}-{A}",
    f"sk-svcacct-{A}", f"sk-or-v1-{HEX}", f"sk-{A}", f"sk_{HEX[:48]}", f"rt_{A}", f"eyJ{A}.eyJ{A}.{A}",
    f"eyJ{A}..{A}.{A}.{A}", f"AIza{A}abc", f"ya29.{A}", f"1//0{A}", f"GOCSPX-{A}", f"gsk_{A}", f"xai-{A}",
    f"pplx-{A}", f"hf_{A}", f"r8_{A}", f"nvapi-{A}", f"csk-{A}", f"tvly-{A}", f"tgp_v1_{A}", f"fw_{A}", f"pa-{A}",
    f"jina_{A}", f"fc-{HEX[:32]}", f"BSA{A}", f"ghp_{A}", f"gho_{A}", f"ghu_{A}", f"ghs_{A}", f"ghr_{A}",
    f"github_pat_{A}_{A}", f"glpat-{A}", f"npm_{A}", f"pypi-{A}", f"dckr_pat_{A}", f"AKIA{UP}", f"ASIA{UP}",
    f"LTAI{A}", f"IQoJb3JpZ2lu{A}", f"dop_v1_{HEX}", f"hvs.{A}", f"dp.pt.{A}", f"123456789:AA{A}a",
    f"xoxb-123456789012-{A}", f"xoxe.xoxp-1-{A}", f"xapp-1-{A}", f"MTA{A[:21]}.{A[:6]}.{A}", f"SG.{A[:22]}.{A}",
    f"sk_live_{A}", f"rk_test_{A}", f"shpat_{HEX[:32]}", f"lin_api_{A}", f"secret_{A}abcdefghijk", f"ntn_{A}",
    f"whsec_{A}", f"re_{A}", f"SK{HEX[:32]}", f"key-{HEX[:32]}", f"sntrys_{A}", f"figd_{A}", f"tskey-auth-{A}",
    f"sq0atp-{A}", f"EAA{A}{A}", f"pat{A[:14]}.{HEX}", f"syt_a2lt_{A}_0abc", f"glsa_{A}", f"AGE-SECRET-KEY-1{UP}{UP}",
    f"tid={HEX[:32]};exp=1771;sku=pro", f"abc8Q~{A}{A}"[:40],
)  # fmt: skip


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("around", ["{}", "key {} refused", '"{}",', "a\\n{}\\n", "k%3D{}%26", "<{}>", "Key={};"])
def test_a_token_of_a_known_family_is_found_whole(token: str, around: str) -> None:
    text = around.format(token)
    assert token in secrets_in(text)
    assert mask(text, ()) == text.replace(token, fingerprint(token))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Authorization: Bearer abcDEF123456ghiJKL", "abcDEF123456ghiJKL"),
        ("Authorization: Basic a2ltOnNlY3JldDEyMw==", "a2ltOnNlY3JldDEyMw=="),
        ("Cookie: theme=dark; sid=ab12cd34ef56", "ab12cd34ef56"),
        ("Incorrect API key provided: abc123def456.", "abc123def456"),
        ("bad token 'kamSUytYz-hQAnLk-gjkLk'", "kamSUytYz-hQAnLk-gjkLk"),
        ("MY_API_KEY=abc123def456", "abc123def456"),
        ("MY_API_KEY = 'abc123def456'", "abc123def456"),
        ("GET /v1?access_token=abc123def456&n=1", "abc123def456"),
        ("openclaw config set --token abc123def456", "abc123def456"),
        ("https://kim:hunter2hunter@nas.example.org/", "hunter2hunter"),
        ("https://hooks.slack.com/services/T00/B00/abcdef123456", "services/T00/B00/abcdef123456"),
        ("https://discord.com/api/webhooks/1234567890/" + A, f"1234567890/{A}"),
        ('{"password": "correct horse"} {"client_secret": "abcdefgh"}', "abcdefgh"),
        ("-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIB\n-----END EC PRIVATE KEY-----",
         "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIB\n-----END EC PRIVATE KEY-----"),
    ],
)  # fmt: skip
def test_a_token_without_a_shape_is_found_by_what_stands_before_it(text: str, secret: str) -> None:
    assert secret in secrets_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "task-force disk-usage-of-the-whole-machine risk_assessment_of_the_plan",
        "sessionId=3f2b8c1d-9a7e-4c55-8d21-aa90bb81cc72 runId=lab-11-1795167108756 lane=session:agent:main:main",
        "token=expired_token reason=token_mismatch auth=missing key=ANTHROPIC_API_KEY secret=${SECRET_FROM_ENV}",
        "claude-sonnet-4-5-20250929 gpt-5.5 2026-11-20T09:18:58.877Z req_011CTHo7a9XkYZ3mNqRsTuVw",
        "sha256:0123456789ab fp:0123456789ab api_key=fp:0123456789ab https://kim:fp:0123456789ab@nas.example.org",
        "invalid token request_id=req_011CTHo7a9XkYZ3mNqRsTuVw, invalid credentials for somebody, unknown token type",
        "Incorrect API key provided: sk-ab***cd, sk-ant-o...AAAA and sk-ant…wxyz",
    ],
)
def test_what_is_no_token_is_left_alone(text: str) -> None:
    assert (secrets_in(text), mask(text, ())) == (frozenset(), text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("login failed: password=rosebud", "login failed: password=***"),
        ("PGPASSWORD=rosebud psql", "PGPASSWORD=*** psql"),
        ('{"password": "correct horse"}', '{"password": "***"}'),
        ('{\\"passphrase\\": \\"rosebud\\"}', '{\\"passphrase\\": \\"***\\"}'),
        ("password: rosebud", "password: ***"),
        ("password: must be given", "password: must be given"),
        ("password=expired, gateway password mismatch", "password=expired, gateway password mismatch"),
    ],
)  # fmt: skip
def test_a_password_is_hidden_where_one_is_announced_and_looked_for_nowhere_else(text: str, masked: str) -> None:
    assert (secrets_in(text), mask(text, ())) == (frozenset(), masked)


def test_a_short_secret_leaves_no_fingerprint_to_be_guessed_from() -> None:
    assert mask("hunter2 and hunter2", ["hunter2"]) == "*** and ***"


TOKEN = f"sk-ant-oat01-{A}"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"bad {TOKEN[:30]}\n{TOKEN[30:]} was", f"bad {fingerprint(TOKEN)}\n was"),
        (f"bad {TOKEN[:30]}\\n  {TOKEN[30:]} was", f"bad {fingerprint(TOKEN)} was"),
        (f"bad {TOKEN}\nwas refused", f"bad {fingerprint(TOKEN)}\nwas refused"),
        (f"a\nbad {TOKEN[:30]}\n{TOKEN[30:]}\nNov 20", f"a\nbad {fingerprint(TOKEN)}\n\nNov 20"),
        (f"Authorization: Bea\nrer {A}\nNov 20", f"Authorization: Bea\nrer {fingerprint(A)}\nNov 20"),
        ("AKIAA2B3C4D5\nE6F7G2H3", f"{fingerprint('AKIAA2B3C4D5E6F7G2H3')}\n"),
    ],
)  # fmt: skip
def test_a_token_is_seen_through_a_line_break_and_the_lines_stay_as_many(text: str, masked: str) -> None:
    assert mask(text, ()) == masked


def test_a_secret_of_the_stores_is_seen_through_a_line_break() -> None:
    assert mask("a hunter two\n-of-three b", ["hunter two-of-three"]) == f"a {fingerprint('hunter two-of-three')}\n b"


def test_the_end_of_a_private_key_may_be_missing_but_a_heading_alone_is_no_key() -> None:
    head, lines = "-----BEGIN PRIVATE KEY-----", "MC4CAQAwBQYDK2VwBCIEIDhZ"
    assert secrets_in(f"{head}\n{lines}\n{lines}") == {f"{head}\n{lines}\n{lines}"}
    assert secrets_in(f"source={head}\nopenclaw gateway lifecycle action=restart") == frozenset()


def test_masking_twice_changes_nothing() -> None:
    text = " ".join(f"key={token}" for token in TOKENS)
    once = mask(text, ())
    assert mask(once, ()) == once
