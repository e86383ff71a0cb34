-- identity: the ledger by what caused a move.
-- Why: an erasure takes the erased person's messages out of the moves of others.
-- Locks: SHARE on identity_ledger while the indexes are built. Expected size: 60 B a move.

create index identity_ledger_cause_a on identity_ledger (workspace_id, cause_a);
create index identity_ledger_cause_b on identity_ledger (workspace_id, cause_b);
