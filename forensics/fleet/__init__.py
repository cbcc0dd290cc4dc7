"""Many cases at once: found, triaged where they can be read, and kept as one dataset that can be asked."""
