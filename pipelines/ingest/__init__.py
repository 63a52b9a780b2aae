"""From files in the inbox to valid rows, quarantine and the delivery ledger."""
