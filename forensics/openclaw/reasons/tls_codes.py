"""The codes under which Node reports that a TLS connection is not to be trusted: `error.code` of a failed request.

From Node's own list of X.509 errors, its TLS errors, and the OpenSSL ones that a wrong or intercepting peer causes.
"""

from __future__ import annotations

_X509 = """
    unable_to_get_issuer_cert unable_to_get_issuer_cert_locally unable_to_get_crl unable_to_decrypt_cert_signature
    unable_to_decrypt_crl_signature unable_to_decode_issuer_public_key unable_to_verify_leaf_signature
    cert_signature_failure crl_signature_failure cert_not_yet_valid cert_has_expired crl_not_yet_valid crl_has_expired
    error_in_cert_not_before_field error_in_cert_not_after_field depth_zero_self_signed_cert self_signed_cert_in_chain
    cert_chain_too_long cert_revoked invalid_ca invalid_purpose path_length_exceeded cert_untrusted cert_rejected
    hostname_mismatch
"""
_TLS = "err_tls_cert_altname_invalid err_tls_cert_altname_format err_tls_cert_signature_algorithm_unsupported eproto"
_OPENSSL = """
    err_ssl_wrong_version_number err_ssl_unsupported_protocol err_ssl_packet_length_too_long
    err_ssl_sslv3_alert_handshake_failure err_ssl_ssl/tls_alert_handshake_failure err_ssl_tlsv1_alert_protocol_version
    err_ssl_tlsv1_alert_internal_error err_ssl_tlsv1_alert_unknown_ca err_ssl_tlsv1_unrecognized_name
    err_ssl_sslv3_alert_bad_certificate err_ssl_sslv3_alert_certificate_expired err_ssl_no_protocols_available
"""

TLS_CODES = (*_X509.split(), *_TLS.split(), *_OPENSSL.split())
