-- activation: filters and transforms of destinations, and why somebody was not told.
-- Why: what does not pass a filter leaves no delivery; the question "why was this not sent" needs its last reason.
-- Locks: ACCESS EXCLUSIVE on destination and delivery for an instant, no rewrite. Expected size: a row of 150 B for each
--   (profile, destination) whose last message did not pass.

alter table destination
    add column filter    text,                             -- CEL
    add column transform text;                             -- JSONata

-- our own reason not to send the row: body is the message as it was before the transform
alter table delivery add column refusal text;

-- the newest message of a profile that a destination was not sent, and why; older than its newest delivery it says nothing
create table delivery_withheld (
    workspace_id   int         not null,
    profile_id     bigint      not null,
    destination_id bigint      not null,
    version        bigint      not null,
    type           text        not null,
    at             timestamptz not null,
    rule           text        not null,
    reason         text        not null,
    primary key (workspace_id, profile_id, destination_id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
