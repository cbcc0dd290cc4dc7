"""OpenClaw itself, its configuration, or the machine: no provider was asked, or none is to blame."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import (
    FILED_AS_AUTH,
    FILED_AS_NOTHING,
    FILED_AS_TIMEOUT,
    LOCAL,
    MODEL_NOT_FOUND,
    TIMEOUT,
)
from forensics.openclaw.reasons.parsed_error import TOOL_OUTPUT
from forensics.openclaw.reasons.reason import words

ROWS = (
    replace(
        LOCAL,
        id="local.session_lock",
        types=("sessionwritelocktimeouterror",),
        pattern=words(
            r"\bsession\ (?:file\ locked|write\ lock)\b | \btimeout\ acquiring\ session\ (?:store|write)\ lock"
        ),
        waiting_helps=True,
        cure="Find the run that holds the session's lock: two runs wrote to one session, no provider was slow.",
        recorded=(("1.29-4.21", "timeout"), ("4.24+", None)),
        issues=(13925, 66646, 68700, 83675),
        fact="4.5",
        samples=("session file locked (timeout 10000ms): pid=4242 alive=true",),
    ),
    replace(
        LOCAL,
        id="local.file_lock",
        pattern=words(r"\bfile\ lock\ timeout\b | \btimed?\ ?out\ (?:acquiring|waiting\ for)\ .{0,30}\block\b"),
        waiting_helps=True,
        cure="Find the process that holds the lock file; no provider was slow.",
        recorded=FILED_AS_TIMEOUT,
        issues=(13925, 68700),
        fact="4.5",
        samples=("file lock timeout for auth-profiles.json",),
    ),
    replace(
        LOCAL,
        id="local.session_changed",
        types=("embeddedattemptsessiontakeovererror",),
        pattern=words(
            r"\bsession\ file\ changed\ while\b | \btranscript\ (?:was\ )?(?:mutated|changed)\ (?:while|during)"
        ),
        cure="Look for a second writer of this session's transcript.",
        issues=(83510,),
        fact="4.5",
        samples=("EmbeddedAttemptSessionTakeoverError: session file changed while embedded prompt lock was released",),
    ),
    replace(
        LOCAL,
        id="local.freeze",
        pattern=words(
            r"\bevent[- ]loop\ (?:starvation|blocked|stall\w*|frozen|freeze|delay) | \btimer\ delayed\ \d+\ ?ms"
        ),
        waiting_helps=True,
        cure="Find what froze the gateway process (disk, memory, a long synchronous job).",
        fact="4.4",
        samples=("request failed: timer delayed 8785ms, likely event-loop starvation",),
    ),
    replace(
        LOCAL,
        id="local.missing_key",
        pattern=words(
            r"""\bno\ (?:API\ key|credentials?|auth)\ (?:was\ |were\ )?(?:found|configured|resolved|available)\b
            | \bno\ (?:[\w-]+\ ){0,3}(?:auth(?:entication)?|credentials?|API\ keys?)\ (?:[\w-]+\ ){0,2}?
              (?:is\ |are\ |was\ |were\ )?(?:found|configured|resolved|available)\ for\b
            | \bcould\ not\ resolve\ authentication\ method\b | \bmissing\ (?:required\ )?api\ key\b
            | ^the\ selected\ auth\ profile\ is\ unavailable\ in\ this\ agent's
            | \b(?:could\ not\ load|unable\ to\ locate)\ credentials\b | \bapi_key\ client\ option\ must\ be\ set\b"""
        ),
        owner="config",
        waiting_helps=False,
        other_credential_helps=True,
        cure="Configure a credential for this provider and agent (profile, or environment variable); none was sent.",
        recorded=FILED_AS_AUTH,
        issues=(113169,),
        fact="2.6",
        samples=(
            'No API key found for provider "anthropic". Auth store: auth-profiles.json. Configure auth for this agent.',
            'No credentials found for profile "openai:default".',
            "No route-compatible authentication source is configured for mistral.",
        ),
    ),
    replace(
        MODEL_NOT_FOUND,
        id="local.unknown_model",
        pattern=words(
            r"^(?:unknown\ model:|model\ \S+\ is\ not\ (?:allowed|in\ the\ allowlist|configured)|no\ model\ configured)"
        ),
        scope="local",
        cure="Correct the model id in openclaw.json, or add the model to the provider's list.",
        samples=("Unknown model: anthropic/claude-invented",),
    ),
    replace(
        LOCAL,
        id="local.gateway_auth",
        types=("auth_token_mismatch", "pairing_required", "auth_required", "device_identity_required"),
        pattern=words(
            r"""\b(?:AUTH_(?:TOKEN|PASSWORD)_(?:MISMATCH|MISSING)|PAIRING_REQUIRED|DEVICE_IDENTITY_REQUIRED)\b
            | \bpairing\ required\b | \bgateway\ (?:token|password)\ (?:mismatch|missing)
            | \bdevice\ (?:identity|token)\b.{0,20}\b(?:required|mismatch|missing)"""
        ),
        waiting_helps=False,
        cure="Give the client the gateway's token, or approve its pairing: no provider is involved.",
        samples=("unauthorized: gateway token mismatch (provide gateway auth token)",),
    ),
    replace(
        LOCAL,
        id="local.model_switch",
        types=("livesessionmodelswitcherror",),
        pattern=words(r"\blive\ session\ model\ switch\b"),
        waiting_helps=True,
        cure="Nothing failed: somebody switched the session's model while it ran.",
        recorded=(("4.1-4.24", "overloaded"), ("4.27+", "unknown")),
        issues=(57471, 58466, 58700),
        fact="4.4",
        samples=("Live session model switch requested: anthropic/claude-invented",),
    ),
    replace(
        LOCAL,
        id="local.shutdown",
        types=("gatewaydrainingerror",),
        pattern=words(
            r"""\bgateway\ (?:is\ )?(?:draining|restarting|shutting\ down|stopping)\b
            | \binterrupted\ by\ (?:a\ )?(?:gateway\ )?restart"""
        ),
        waiting_helps=True,
        cure="Nothing failed: the gateway was stopping or restarting.",
        samples=("Gateway is draining for restart; new tasks are not accepted",),
    ),
    replace(
        LOCAL,
        id="local.gateway_timeout",
        types=("gatewaytransporterror",),
        pattern=words(r"^gateway\ (?:request\ )?timeout\ (?:after|for)\b"),
        waiting_helps=True,
        cure="Find out what kept the gateway from answering its own client; no provider was slow for sure.",
        samples=("gateway request timeout for agent",),
    ),
    replace(
        TIMEOUT,
        id="local.run_timeout",
        pattern=words(r"\b(?:job\ execution|agent\ run|embedded\ run)\ time(?:d\ )?out\b"),
        scope="local",
        owner="config",
        cure="Find what the run was waiting for, then raise its time limit: the limit is OpenClaw's own.",
        samples=("cron: job execution timed out",),
    ),
    replace(
        LOCAL,
        id="local.operation_aborted",
        pattern=words(r"^this\ operation\ was\ aborted\.?$"),
        cure="Find who aborted: a user, a restart, or a timer (look for a timeout line just before).",
        recorded=(("1.29-4.1", None), ("4.2+", "timeout")),
        fact="4.3",
        samples=("This operation was aborted",),
    ),
    replace(
        LOCAL,
        id="local.aborted",
        types=("aborterror", "apiuseraborterror"),
        pattern=words(
            r"^(?:(?:the\ )?(?:request|user|operation|run|turn)\ (?:was\ |has\ been\ )?)?aborted\b(?!\ (?:due\ to|by))"
        ),
        cure="Find who aborted: a user, a restart, or a timer (look for a timeout line just before).",
        recorded=FILED_AS_NOTHING,
        fact="4.3",
        samples=("Request was aborted.",),
    ),
    replace(
        LOCAL,
        id="local.files",
        pattern=words(r"^(?:ENOENT|EACCES|EPERM|ENOSPC|EMFILE|ENFILE|EROFS|EISDIR|ENOTDIR|EBUSY|EEXIST|EIO)\b"),
        cure="Fix the file, permission or disk space that the message names.",
        samples=("ENOSPC: no space left on device, write",),
    ),
    replace(
        LOCAL,
        id="local.database",
        pattern=words(
            r"\bdatabase\ is\ locked\b | \bSQLITE_(?:BUSY|CORRUPT|FULL|IOERR|READONLY)\b | \bheap\ out\ of\ memory\b"
        ),
        cure="Look at the gateway's own database, disk and memory.",
        samples=("SQLITE_BUSY: database is locked",),
    ),
    replace(
        LOCAL,
        id="local.delivery",
        pattern=words(r"^channel\ is\ required\b | \bno\ configured\ channels\b"),
        owner="config",
        waiting_helps=False,
        cure="Configure a channel, or name one for the delivery: the model answered.",
        samples=("Channel is required (no configured channels detected).",),
    ),
    replace(
        LOCAL,
        id="local.tool",
        pattern=TOOL_OUTPUT,
        owner="session",
        cure="Look at the tool call; the model's provider did not say this.",
        samples=("[tools] exec failed: curl: (22) The requested URL returned error: 429",),
    ),
)
