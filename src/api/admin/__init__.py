"""Pages of administration: accounts, appointments, who looked and who was refused, personal data, operation."""
