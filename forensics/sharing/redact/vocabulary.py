"""Words that are nobody's: OpenClaw's own names for files, keys, channels and profiles, and hosts everybody calls.

Data only. What stands here may leave; a word that is missing costs a pseudonym and nothing else.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


AGENTS = frozenset({"main"})
PROFILES = words(  # what follows `provider:` where no person gave the name
    """
    default manual claude-cli codex-cli qwen-cli minimax-cli gemini-cli backup main setup setup-token token
    api-key oauth env cli primary secondary fallback
    """
)
STORED_LOGINS = frozenset({"claudeAiOauth", "tokens", "oauth_creds", "OPENAI_API_KEY", "config", "gateway", "count"})
ENTITIES = frozenset(
    {"config", "gateway", "heartbeat", "status", "unknown", "auth.sharedStore", "global", "primary"} | STORED_LOGINS
)
SESSIONS = words(  # what stands between the colons of a session key, beside ids (facts 6.1)
    """
    agent main global unknown cron run subagent acp hook hooks heartbeat isolated current telegram whatsapp
    discord slack signal imessage bluebubbles matrix mattermost msteams googlechat line feishu lark zalo
    zalouser nostr irc twitch nextcloud-talk synology-chat sms email web webchat control-ui tui cli node gateway
    voice-call direct dm group channel thread topic room space guild account default tool none cron-nested
    nested
    """
)
LANES = words("main cron cron-nested nested subagent session heartbeat default background")
IDENTIFIED_BY = {"cron": "job", "run": "session", "subagent": "session", "acp": "session", "hook": "session"}
"""What the id behind such a word of a session key is; behind any other it is a chat."""

# Paths, segment by segment.
STATE_DIRS = ("openclaw", "clawdbot", "moltbot", "moldbot")
SEGMENTS = words(
    """
    .openclaw .clawdbot .moltbot .moldbot .claude .codex .qwen .gemini .minimax agents agent sessions logs cron
    runs subagents tasks state credentials devices identity memory stability archive archives backups cold
    transcripts plugins extensions hooks skills skills-prompts workspace media kind canvas browser sandboxes
    agent-cli tmp cache delivery-queue failed completions config settings heartbeat-migration flows
    skill-workshop payload schedule delivery evidence bundle snapshot snapshots before during after console cli
    out data live logs-json files home Users root usr lib local share bin opt etc var private tmp Library Logs
    Application Support log AppData Local Roaming Temp Program ProgramData node_modules dist src app mnt media
    node .npm-global .nvm versions npm lib64 proc dev run systemd user pnpm global libexec Cellar homebrew
    openclaw clawdbot v1 v1beta v2 v3 api oauth oauth2 token authorize messages chat completions responses
    models model embeddings backend-api codex usage wham me organizations billing auth login status docs help
    projects locations publishers settings plans upgrade account openai anthropic google vertex invoke converse
    generateContent streamGenerateContent
    """
)
STEMS = words(
    """
    openclaw clawdbot moltbot moldbot gateway auth auth-profiles auth-state oauth sessions jobs jobs-state runs
    paired pending device device-auth models catalog commands config-audit config-health gateway-restart
    raw-stream cache-trace anthropic-payload openclaw-agent openclaw-quarantine openclaw-stability
    openclaw-diagnostics config-journal-fingerprint lock HEARTBEAT MEMORY main console console-1 logs-json
    logs-plain status models-status models-status-during status-during logs-json-during logs-plain-during doctor
    doctor-fix gateway.err .credentials oauth_creds exec-approvals registry proposals device-identity evidence
    bundle case snapshot install update-check package index runtime
    """
)
SUFFIXES = (
    r"jsonl?|json5|log|txt|out|err|md|html|csv|sqlite|db|zst|gz|zip|tar|tgz|xz|bz2|bak|old|orig|tmp|lock|key|pem|mjs|js|ts"
    r"|pretty|compact|plain|during|last-good|deleted|reset|corrupt|migrated|sqlite-import|trajectory|wal|shm|journal"
    r"|[0-9a-f]{8}|agent|state|gateway|uncaught_exception|unhandled_rejection|ipynb|parquet"
)

# Table, pointer and configuration keys: camelCase or snake_case words of OpenClaw.
NAMED_BY = {  # member of a document -> what its members are called after
    "profiles": "profile", "usageStats": "profile", "lastGood": "provider", "order": "provider",
    "providers": "provider", "runs": "run", "sessions": "session", "credentials": "profile", "env": "word",
}  # fmt: skip

SUBSYSTEMS = words(  # parts of their names
    """
    acp admission agent agents auth auto browser bridge canvas catalog channel channels command commands
    compaction config control cron database db delivery diagnostic discovery doctor embedded exec fallback fetch
    gateway gmail health heartbeat hooks http lane logging mcp media memory migrations model models monitor node
    plugins pricing process profiles provider providers queue reload reply resolution restart runtime sandbox
    secrets security session sessions shutdown skills sqlite stability state subagent subagents surface tasks
    timing tool tools trajectory transaction transport turn update usage verify voice wake watcher web webhook
    ws
    """
)
FIELDS = words(  # members of OpenClaw's documents that are one small word; camelCase words are members anyway
    """
    access accounts age agents allowed api auth channel channels classification cleanup completion config count
    credentials cron default defaults delivery effective email enabled entries env error every execution expires
    expr failures fallbacks file gateway groups guilds heartbeat id jobs key kind label lane level list location
    logging mcp memory meta migrations mode model models name oauth order origin outcome payload pending primary
    probes profile profiles provider providers reachable reason recent refresh required results role rooms runs
    schedule scope scopes self session sessions snapshot source state status store tasks token tokens tools
    topics trigger type tz until usage vars version
    """
)
SECTIONS = words(  # of openclaw.json: a setting's name begins with one of them
    """
    acp agents audio auth bindings broadcast browser canvasHost channels commands cron diagnostics discovery env
    gateway hooks identity logging mcp media memory messages meta models nodeHost plugins secrets session skills
    talk tools ui update web wizard
    """
)
COLLECTIONS = words(  # settings whose members somebody named
    """
    accounts agents bindings channels entries env groups guilds list mappings models order profiles providers rooms
    servers
    """
)
KNOWN_HOSTS = words(  # these, and below them the names in SUBDOMAINS
    """
    anthropic.com claude.com claude.ai openai.com chatgpt.com googleapis.com google.com openrouter.ai x.ai
    groq.com mistral.ai deepseek.com moonshot.ai moonshot.cn minimax.io minimaxi.com minimax.chat z.ai
    bigmodel.cn qwen.ai aliyuncs.com together.ai together.xyz fireworks.ai perplexity.ai cohere.com cohere.ai
    cerebras.ai huggingface.co replicate.com github.com githubcopilot.com ollama.com openclaw.ai openclaw.dev
    clawd.bot npmjs.org npmjs.com elevenlabs.io brave.com telegram.org discord.com discord.gg slack.com
    whatsapp.com whatsapp.net matrix.org nodejs.org w3.org vega.github.io
    """
)
SUBDOMAINS = words(
    """
    api console docs platform auth auth0 www status help support portal chat backend oauth2 accounts
    generativelanguage cloudcode-pa aiplatform ai gateway registry raw router inference integrate openrouter
    dashscope dashscope-intl coding open app web cdn id login individual business enterprise s g
    raw.githubusercontent huggingface schema json-schema
    """
)
LOOPBACK = words("localhost localhost.localdomain host.docker.internal ip6-localhost 0.0.0.0 :: ::1")
PUBLIC_ENDS = (
    r"com|org|net|io|ai|dev|app|cloud|info|biz|xyz|chat|tech|online|site|me|eu|de|uk|fr|nl|ch|at|es|it|se|no|dk|fi|pl"
    r"|cz|be|pt|ie|us|ca|au|nz|jp|cn|tw|hk|kr|in|br|mx|ru|ua|tr|za|il|sg|edu|gov"
)
PRIVATE_ENDS = r"local|lan|internal|home|intranet|corp|localdomain|ts\.net|arpa|test|invalid|example|onion|fritz\.box"
