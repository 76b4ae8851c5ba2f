"""Settings, the start page, and what all pages share: language, ledger, navigation, look."""
