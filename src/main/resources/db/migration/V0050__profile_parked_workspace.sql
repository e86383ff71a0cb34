-- profile: whose a parked record is.
-- Why: parked records are read and retried over the API, and nobody may see another workspace's. The key of a record
--   that collect wrote begins with the workspace; where nothing says whose it is, it stays null and only the
--   bootstrap token sees it.
-- Locks: ACCESS EXCLUSIVE on profile_parked while its rows are updated and indexed. Expected size: a table that
--   should be empty.

alter table profile_parked add column workspace_id integer;

update profile_parked
set workspace_id = split_part(record_key, ':', 1)::integer
where record_key ~ '^[1-9][0-9]{0,8}:';

create index profile_parked_workspace on profile_parked (workspace_id, id);

comment on column profile_parked.workspace_id is 'whose it is; null where neither key nor value says so, or they contradict each other';
