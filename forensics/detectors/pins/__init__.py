"""Stale pins: what a failover left in a session's entry although something better answers again."""

from forensics.detectors.pins.inputs import PinInputs
from forensics.detectors.pins.model_pins import stale_model_pin
from forensics.detectors.pins.profile_pins import stale_profile_pin
from forensics.detectors.pins.stale_pin import MODEL, PROFILE, StalePin

__all__ = ["MODEL", "PROFILE", "PinInputs", "StalePin", "stale_model_pin", "stale_profile_pin"]
