"""Tables that say nothing about a failure but hold secrets: read for the redactor alone (facts 9.1)."""

from __future__ import annotations

from forensics.parsers.stores.reading.sqlite.row import Found, Row, Table
from forensics.secrets.detect import is_secret


def _secrets(row: Row) -> tuple[Found, ...]:
    """No row. Bare tokens are taken as they are, JSON is searched for them."""
    for column in row.values:
        if is_secret(text := row.text(column)):
            row.database.secrets.add(text)
    return ()


TABLES = (
    Table("agent_model_catalogs", ("raw_json",), _secrets),
    Table("apns_registrations", ("token",), _secrets),
    Table("device_auth_tokens", ("token",), _secrets),
    Table("device_bootstrap_tokens", ("token",), _secrets),
    Table("device_identities", ("private_key_pem",), _secrets),
    Table("device_pairing_join_codes", ("payload_json",), _secrets),
    Table("device_pairing_paired", ("tokens_json",), _secrets),
    Table("exec_approvals_config", ("raw_json",), _secrets),
    Table("gateway_origin_device_tokens", ("token",), _secrets),
    Table("mcp_oauth_stores", ("store_json",), _secrets),
    Table("native_hook_relay_bridges", ("token",), _secrets),
    Table("node_host_config", ("token",), _secrets),
    Table("node_pairing_paired", ("token",), _secrets),
    Table("web_push_vapid_keys", ("private_key",), _secrets),
)
