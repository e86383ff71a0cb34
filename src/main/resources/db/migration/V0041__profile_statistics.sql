-- profile: less of autovacuum's ANALYZE on what every batch writes.
-- Why: every statement of the pipeline goes by index whatever the statistics say (docs/decisions/0004). 0.5: analyzed
--   again when half a table is new, not a tenth. New partitions of the history are made with the same.
-- Locks: SHARE UPDATE EXCLUSIVE, briefly. Expected size: none.

alter table profile set (autovacuum_analyze_scale_factor = 0.5);
alter table profile_node_state set (autovacuum_analyze_scale_factor = 0.5);
alter table profile_message set (autovacuum_analyze_scale_factor = 0.5);
alter table profile_event_other set (autovacuum_analyze_scale_factor = 0.5);
alter table profile_outbox set (autovacuum_analyze_scale_factor = 0.5);
