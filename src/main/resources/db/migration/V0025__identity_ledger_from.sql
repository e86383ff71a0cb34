-- identity: the ledger by the profile that was left.
-- Why: a profile whose founding node stays behind hidden goes on under another id, and the old one leads there. Nothing
--   ever asked by the profile that was reached.
-- Locks: SHARE on identity_ledger while the index is built. Expected size: what the dropped one took.

create index identity_ledger_from on identity_ledger (workspace_id, from_profile);
drop index identity_ledger_to;
