-- Less of autovacuum's ANALYZE on what every batch writes.
-- Why: every statement of the pipeline goes by index whatever the statistics say (docs/decisions/0004).
-- Locks: SHARE UPDATE EXCLUSIVE, briefly. Expected size: none.

alter table profile set (autovacuum_analyze_scale_factor = 0.5);
alter table profile_node_state set (autovacuum_analyze_scale_factor = 0.5);
alter table profile_message set (autovacuum_analyze_scale_factor = 0.5);
alter table profile_event_other set (autovacuum_analyze_scale_factor = 0.5);
alter table profile_outbox set (autovacuum_analyze_scale_factor = 0.5);
alter table identity_node set (autovacuum_analyze_scale_factor = 0.5);
alter table identity_cluster set (autovacuum_analyze_scale_factor = 0.5);
alter table identity_link set (autovacuum_analyze_scale_factor = 0.5);
