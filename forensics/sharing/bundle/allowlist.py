"""Which texts of state files, and of the metadata of log lines, are taken along: ids, words of OpenClaw's, errors,
times, models and paths. Everything else that is text becomes its length.

What the stores and the templates keep by themselves need not be named again here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from forensics.parsers.logs.templates import TEMPLATES
from forensics.parsers.stores.reading import auth, cron_job, session_entry, subagent_run

_STORED = (*auth.STATS, *session_entry.FIELDS, *cron_job.FIELDS, *subagent_run.FIELDS)
_LOGGED = {key for template in TEMPLATES for wording in template.wordings for key in wording.keys.values()}
_NAMED = """
    id parentId sessionId sessionKey currentSessionId previousSessionId parentSessionKey runId requestRunId taskId jobId
    agentId ownerAgentId defaultAgentId profileId bootId receiptId consumedEventId responseId toolCallId requestId
    accountId email keyRef tokenRef oauthRef childSessionKey requesterSessionKey controllerSessionKey laneId lane
    stateKey storeKey metaKey queueName idempotencyKey traceId traceSchema schema

    type kind role status state action mode decision stage outcome terminalOutcome reason startupReason reasonCode
    customType stopReason api modelApi source promptErrorSource trigger triggerKind runtime event eventKind failureKind
    windowType classification chatType channel messageProvider messageChannel createdVia payloadKind authMode tokenType
    authFlow managedBy subscriptionType rateLimitTier chatgptPlanType scope scopes level consoleLevel consoleStyle
    redactSensitive bind omitted location deliveryStatus every everyMs sourceKind service toolName name
    profileFailureReason

    timestamp ts time date at generatedAt lastRefresh lastTouchedAt startedAt endedAt createdAt updatedAt

    error errorMessage errorCode errorType errorBody errorText errorName lastError promptError terminalError
    errorReason authWarning fallbackStepFromFailureReason fallbackStepFromFailureDetail

    provider providerId model modelId modelProvider primary fallbacks defaultModel resolvedDefault allowed imageModel
    requestedProvider requestedModel
    nextCandidateProvider nextCandidateModel fallbackStepFromModel fallbackStepToModel fallbackStepFinalOutcome
    missingProvidersInUse appliedKeys

    cwd agentDir storePath store file path configPath runtimeFile resourceUrl baseUrl

    version runtimeVersion appVersion openclawVersion lastTouchedVersion writerAppVersion schemaVersion
"""
_TITLES = {"label"}  # kept by a store, but people and models write it freely
_MEMBERS = {"order", "lastgood"}  # every text in them, whatever its key
_PAIRS = {("recent", "key"), ("error", "message"), ("error", "code")}  # a key that is one only there
_FREE = {  # below them stands what models and tools wrote, whatever they called it
    "args", "arguments", "input", "output", "params", "parameters", "rawparams", "result",
}  # fmt: skip
_OF_BLOCKS = {"id", "name", "role", "toolcallid", "toolname", "type"}  # what is kept inside a message's content
_SENTENCES = re.compile(r"error|detail|preview|reason$|warning$")  # keys whose texts may be long
_LONGEST_WORD = 512
_JSON = re.compile(r"json$|^(?:eventzstd|archiveblob|raw)$")


def plain(name: str) -> str:
    """A key as the lists above are compared: `run_at_ms` and `runAtMs` are one."""
    return name.replace("_", "").replace("-", "").lower()


_KEPT = {plain(key.rpartition(".")[2]) for key in (*_STORED, *_LOGGED, *_NAMED.split())} - _TITLES


def is_kept(path: Sequence[str], text: str) -> bool:
    """True for a text (by the keys that lead to it, innermost last) that is no message of anybody's."""
    *outer, above, key = ("", "", *map(plain, path))
    if not _FREE.isdisjoint([*outer, above, key]):
        return False
    if "content" in outer or "content" in (above, key):
        return key in _OF_BLOCKS and _is_word(text)
    if not path or path[-1].isupper():  # a variable of the environment
        return False
    named = key in _KEPT or above in _MEMBERS or (above, key) in _PAIRS
    return named and (_is_word(text) or bool(_SENTENCES.search(key)) or above == "error")


def _is_word(text: str) -> bool:
    return len(text) <= _LONGEST_WORD and "\n" not in text


def holds_json(path: Sequence[str]) -> bool:
    """True for a text that is JSON itself."""
    return bool(path) and bool(_JSON.search(plain(path[-1])))
