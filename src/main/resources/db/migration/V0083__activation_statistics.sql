-- activation: less of autovacuum's ANALYZE, which took a fifth of a core under load.
-- Why: every statement of the pipeline goes by index whatever the statistics say (docs/decisions/0004); nothing
--   is ever searched by a body or a response.
-- Locks: SHARE UPDATE EXCLUSIVE, briefly. Expected size: none.

alter table delivery set (autovacuum_analyze_scale_factor = 0.5, autovacuum_vacuum_scale_factor = 0.1);
alter table delivery alter column body set statistics 0;
alter table delivery_lane set (autovacuum_analyze_scale_factor = 0.5);
alter table delivery_attempt alter column response set statistics 0;
