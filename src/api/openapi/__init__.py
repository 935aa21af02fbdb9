"""The API reference as its readers use it: grouped, described, with examples, and as strict as what is enforced."""
