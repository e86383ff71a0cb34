-- identity: less of autovacuum's ANALYZE on what every batch writes.
-- Why: every statement of the pipeline goes by index whatever the statistics say (docs/decisions/0004). 0.5: analyzed
--   again when half a table is new, not a tenth.
-- Locks: SHARE UPDATE EXCLUSIVE, briefly. Expected size: none.

alter table identity_node set (autovacuum_analyze_scale_factor = 0.5);
alter table identity_cluster set (autovacuum_analyze_scale_factor = 0.5);
alter table identity_link set (autovacuum_analyze_scale_factor = 0.5);
