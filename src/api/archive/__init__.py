"""The electronic archive 电子档案 of an organisation as one package (N22): PDF, JSON, files, and proofs."""
