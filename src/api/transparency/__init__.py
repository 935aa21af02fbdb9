"""The transparency log over HTTP: tiles and proofs, payloads, export, timestamps, witnesses."""
