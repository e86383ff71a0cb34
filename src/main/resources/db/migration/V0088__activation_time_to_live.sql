-- activation: how long an event item is worth sending.
-- Why: a signal for a page that the visitor has left is noise.
-- Locks: ACCESS EXCLUSIVE on destination for an instant. Expected size: none.

alter table destination add column ttl_seconds int;

comment on column destination.ttl_seconds is 'event items, but for profile.*, are not sent later than this after the profile changed; null: as long as retries go on';
