"""No answer at all: connection, TLS, timeouts, broken streams."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import FILED_AS_NETWORK, FILED_AS_TIMEOUT, NETWORK, SERVER_ERROR, TIMEOUT, TLS
from forensics.openclaw.reasons.reason import words
from forensics.openclaw.reasons.tls_codes import TLS_CODES

ROWS = (
    replace(
        TLS,
        id="any.tls",
        pattern=words(
            r"""\bself[- ]signed\ certificate
            | \bunable\ to\ (?:verify\ the\ first|get\ (?:local\ )?issuer)\ certificate
            | \bcertificate\ (?:has\ expired|is\ not\ yet\ valid|verify\ failed|unknown|revoked)
            | \b(?:CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)\b
            | \bUNABLE_TO_[A-Z_]*(?:CERT|SIGNATURE)[A-Z_]*\b | \bERR_(?:TLS|SSL)_[A-Z_]+ | \bSSL\ routines\b
            | \b(?:TLS|SSL)\ (?:alert|handshake) | hostname/IP\ does\ not\ match | \baltnames\b | \bEPROTO\b"""
        ),
        recorded=(("1.29-7.1", None), ("8.1+", "tls_certificate")),
        fact="4.3",
        samples=(
            "unable to get local issuer certificate",
            "fetch failed: self-signed certificate in certificate chain (SELF_SIGNED_CERT_IN_CHAIN)",
        ),
    ),
    replace(
        TLS,
        id="any.tls_code",
        types=TLS_CODES,
        recorded=FILED_AS_NETWORK,
        fact="4.3",
        samples=("TypeError [DEPTH_ZERO_SELF_SIGNED_CERT]: fetch failed",),
    ),
    replace(
        NETWORK,
        id="any.own_server_down",
        pattern=words(r"\bECONNREFUSED\b [^|]{0,40} (?:\b127\.\d+\.\d+\.\d+ | ::1\b | \blocalhost\b)"),
        scope="local",
        owner="config",
        waiting_helps=None,
        cure="Start the server or proxy that should listen at this local address, or correct the base URL.",
        recorded=FILED_AS_NETWORK,
        fact="4.3",
        samples=("connect ECONNREFUSED 127.0.0.1:11434",),
    ),
    replace(
        NETWORK,
        id="any.connection_lost",
        pattern=words(
            r"""\bsocket\ hang\ up\b | \bECONN(?:RESET|ABORTED)\b | \bEPIPE\b | \bENETRESET\b | \bUND_ERR_SOCKET\b
            | \bother\ side\ closed\b | \bbefore\ secure\ TLS\ connection\ was\ established"""
        ),
        recorded=FILED_AS_TIMEOUT,
        fact="4.3",
        samples=("socket hang up", "read ECONNRESET"),
    ),
    replace(
        NETWORK,
        id="any.connection_lost_words",
        pattern=words(
            r"""\bconnection\ (?:was\ )?(?:reset|closed|aborted|lost|terminated)\b | \bbroken\ pipe\b
            | \bnetwork\ (?:connection|socket)\ (?:was\ )?(?:lost|disconnected)"""
        ),
        samples=("connection reset by peer",),
    ),
    replace(
        NETWORK,
        id="any.connect_timeout",
        pattern=words(r"\bconnect\ ETIMEDOUT\b | \bUND_ERR_CONNECT_TIMEOUT\b | \bconnect\ timeout\ error\b"),
        recorded=FILED_AS_TIMEOUT,
        fact="4.3",
        samples=("connect ETIMEDOUT 192.0.2.10:443",),
    ),
    replace(
        NETWORK,
        id="any.unreachable",
        pattern=words(
            r"""\b(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN)\b | \bgetaddrinfo\b
            | ^connection\ error\.?$ | \bnetwork\ (?:request\ failed|is\ unreachable)\b | ^network\ error\b
            | ^fetch\ failed\b | \bfetch\ failed$ | \bconnection\ refused\b"""
        ),
        recorded=FILED_AS_NETWORK,
        fact="4.3",
        samples=("fetch failed", "getaddrinfo ENOTFOUND api.invented.example", "Connection error."),
    ),
    replace(
        NETWORK,
        id="any.terminated",
        pattern=words(r"^terminated\.?$ | \bpremature\ close\b | ^aborted\ by\ (?:the\ )?(?:peer|server)"),
        recorded=(("1.29-4.21", None), ("4.24+", "timeout")),
        fact="4.3",
        samples=("terminated",),
    ),
    replace(
        TIMEOUT,
        id="any.timed_out",
        pattern=words(
            r"""\bidle\ timeout\b | \baborted\ due\ to\ timeout\b | \btimeout\ of\ \d+\ ?ms\ exceeded\b
            | ^(?:the\ )?(?:API\ |model\ |HTTP\ )?(?:request|response|operation|call)\ timed\ out\b(?!\ before\ a)
            | ^timed\ out\b
            | \b(?:ESOCKETTIMEDOUT|ETIMEDOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT)\b
            | \b(?:headers|body)\ timeout\ error\b | \bdeadline\ exceeded\b | \bproduced\ no\ reply\ before\b
            | \btimed\ out\ (?:after\ \d|waiting\ for\ (?:the\ )?model)"""
        ),
        recorded=FILED_AS_TIMEOUT,
        issues=(91659,),
        fact="4.3",
        samples=("Request timed out.", "LLM idle timeout (120s): no response from model"),
    ),
    replace(
        SERVER_ERROR,
        id="any.malformed_stream",
        pattern=words(
            r"""\bmalformed_streaming_fragment\b | \bunterminated\ string\ in\ JSON\b
            | \bunexpected\ end\ of\ JSON\ input\b | ^expected\ .{1,60}\ in\ JSON\ at\ position
            | \bunexpected\ (?:token|non-whitespace)\b(?!\ '?<) .{0,60}\bJSON\b
            | \bbad\ (?:control|escaped)\ character\ in\b .{0,30}\bJSON\b"""
        ),
        cure="Retry: the stream broke off. If it repeats, look for a proxy that cuts streams.",
        recorded=(("3.11+", None),),
        fact="4.3, and runs of 3.11, 5.28, 9.6",
        samples=(
            "OpenClaw transport error: malformed_streaming_fragment",
            "Unterminated string in JSON at position 26 (line 1 column 27)",
        ),
    ),
    replace(
        SERVER_ERROR,
        id="any.broken_stream",
        pattern=words(
            r"""\bstream\b .{0,30}\b(?:ended|closed|disconnected)\ (?:before|without|unexpectedly)
            | \bstop\ reason:\ ?(?:error|abort|malformed_response|network_error)\b
            | \bwithout\ sending\ (?:any\ )?chunks\b | \bmissing\ error\ details\b
            | ^(?:the\ model\ )?(?:returned\ )?(?:an\ )?empty\ (?:response|stream)\b"""
        ),
        cure="Retry: the provider ended the stream without an answer.",
        samples=("stream disconnected before completion: stream closed before response.completed",),
    ),
)
