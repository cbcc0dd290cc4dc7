"""Bundle file names -> release: a chunk's hash belongs to one release (facts 0.2, and names seen in stack traces).

`_meta.path.fileName` of a log line and the frames of a stack trace carry them.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from forensics.releases.release import Release

_NAMES = {
    "2.9": "utils-4FS48tZP subsystem-DPnkvS73 redact-BrXLgslJ model-selection-BG3SCK40 pi-embedded-CWm3BvmA "
    "pi-embedded-helpers-3Nk5GRjG gateway-cli-DqCmx-9c gateway-cli-DZge3TdL exec-B8JKbXKW",
    "3.11": "logger-Dpa88cUs paths-CEQq24Ed model-selection-C3-13Lit pi-embedded-Cz5VjpnY send-BBhcyCkK "
    "gateway-cli-BjsM6fWb subsystem-DVwhOlEq logger-CDI_b4HB",
    "4.5": "logger-C-bijuBQ subsystem-CVf5iEWk redact-BDinS1q9 store-HF_Z-jKz order-CoOjbg-h "
    "auth-profiles-gRFfbuWd session-override-Dg8rXKfc pi-embedded-DWASRjxE failover-error-Qb-CdGBo "
    "errors-By_fjUFz store-Cx4GsUxp store-BaZoKJjq server-Cv5hzFG4 command-queue-Cssp02gj logger-DC8YwEpM",
    "5.7": "logger-BVNXvwCE subsystem-CxWoQXRD console-rKqUJ3Zk redact-1fZUZMlV store-CSOk8Bno usage-CQen01xn "
    "oauth-DoxNzd4- session-override-C7jgDPOT model-fallback-DIXhOaxb failover-error-BCSVecGt errors-BqFqz2qx "
    "pi-embedded-Bcz04p2i store-DvxAjGkI subagent-registry-BTDmugmA store--4w3cgRj run-log-CLsvfPr0 "
    "command-queue-DpckWpGD",
    "5.28": "logger-Ph_vzWhz subsystem-Blo0_rG4 console-B-lIqwpI redact-Ba9lUINf store-CvzOxDnC usage-B8rAOaGw "
    "oauth-BTVdlr0d session-override-DQ4GalGu model-fallback-DRgKirrj failover-error-CqeQIfYV errors-t09uTJ5G "
    "embedded-agent-DqJgypM_ store-Dh6bWvq_ subagent-registry-BNiDMN2H store-ged8z1Y5 run-log-DrBtB8zI "
    "command-queue-CEKftuSQ server-cron-CxzP3epc logger-9dl1njHh",
    "6.11": "logger-ByU25eYB subsystem-yNfG7O3v console-qk0mTZIb redact-CQ2tlRRk store-bSl2JOGH usage-BrCGumq- "
    "oauth-R_OaG_Ep session-override-CC_VBhy_ model-fallback-CKB2G2qA failover-error-CZc6_Wx_ errors-C4-qHiKh "
    "embedded-agent-Cv8lGIPa store-jR_nVe0n subagent-registry-Bvmo-OI6 store-DXF66QL3 run-log-CU0WssU1 "
    "command-queue-JAuVCy9E",
    "7.1": "logger-DPps3u8A subsystem-C3fiUGN1 console-DDSYsaep redact-B9QQ4Wyz store-C278AHFd usage-BwF-Fcvq "
    "oauth-ByRS8SNw session-override-v0C6eiL6 model-fallback-CvSRhgYr failover-error-B2zFYEnG errors-XbAR6hS3 "
    "embedded-agent-CLJk10ON store-CRMOBYMq subagent-registry-C0ZFLPm8 store-BehZlprA run-log-1Ys8HaYY "
    "command-queue-DqzpsN4m server-cron-DlkxL-F- logger-D7QYAmug",
    "8.2": "logger-SBFZlMww subsystem-DfsTKuQc console-DFWRTHuh redact-C9Jj-ryD store-BzEM-9TR usage-g7oI9FgP "
    "oauth-DK1h6wX3 session-override-DA7VSWMG model-fallback-runner-DuhPTpkY failover-error-DqwWwA2r "
    "classify-D2TmWS2C embedded-agent-DGMNaRB- subagent-registry-BE1jGuMu store-BWqyrr6q command-queue-BkiQ_bXa",
    "9.6": "logger--ALOusOG console-DwqfhE-H store-CGYBYVbs usage-BIERH7kx usage-failure-state-CmVjUmco "
    "oauth-BTkjeiml session-override-DHZAmee- model-fallback-runner-C-B-h8RR failover-error-iaVdq91s "
    "classify-Ds2AuCvN embedded-agent-BaH7wGBd subagent-registry-WYOlOdN5 store-CV1wrdMb command-queue-CaY517ob "
    "subsystem-DleLyu58 logger-BHMMVs5C",
}

CHUNKS: dict[str, Release] = {
    chunk: release
    for text, names in _NAMES.items()
    if (release := Release.parse(text)) is not None
    for chunk in names.split()
}


def release_of_chunk(name: str) -> Release | None:
    """The release of `subsystem-DPnkvS73.js` (a path before and `:line` behind it are fine); None if unknown."""
    file = PurePosixPath(name.replace("\\", "/")).name.split(":")[0]
    return CHUNKS.get(file.removesuffix(".js").removesuffix(".mjs"))
