"""The pages of auditors: lists of what the audit interface answers, with filters, files and the records behind them."""
