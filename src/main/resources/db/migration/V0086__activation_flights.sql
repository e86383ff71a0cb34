-- activation: what is in flight is no longer in an index. A lane that is leased, answered and leased again changes no
--   indexed column, so that its new versions stay on its page and cost no index entry (heap-only tuples).
-- Why: at full load the rewriting of lanes was 16 % of PostgreSQL's CPU time, most of it the three indexes
--   (docs/decisions/0008).
-- Locks: ACCESS EXCLUSIVE on delivery_lane for a moment; row locks on what is in flight. Expected size: one row of
--   delivery_flight for each transaction that leased, gone when all of it is decided.
-- What is in flight while this runs is sent again when its lease ends, a state under another webhook-id. No instance of an
--   older version may run beside it (docs/operations.md).

alter table delivery_lane
    add column lease_until     timestamptz,                -- of the row in flight; due_at is null meanwhile
    add column leased_position bigint,                     -- the row in flight is a state that was never tried
    add column leased_since    timestamptz;                -- and when that was accepted

update delivery_lane set leased_id = null, lease_token = null where lease_token is not null;

-- the lanes that one transaction leased under one token, to be found when nobody completes them
create table delivery_flight (
    token        uuid        primary key,
    until        timestamptz not null,
    workspaces   int[]       not null,
    profiles     bigint[]    not null,
    destinations bigint[]    not null
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

create index delivery_flight_until on delivery_flight (until);

-- those that wait, for the list of what is owed and for its count and age
drop index delivery_lane_state;
create index delivery_lane_untried on delivery_lane (workspace_id, state_id) include (state_since)
    where state_position is not null;

-- states without a row in delivery: they wait in their lane or are in flight for the first time
create view delivery_untried as
    select workspace_id, state_id as id, destination_id, profile_id, wanted_version as version,
        state_position as position, wanted_at as caused_at, state_since as created_at
    from delivery_lane
    where state_position is not null
    union all
    select l.workspace_id, l.leased_id, l.destination_id, l.profile_id, l.wanted_version,
        l.leased_position, l.wanted_at, l.leased_since
    from delivery_flight f
    cross join unnest(f.workspaces, f.profiles, f.destinations) as k(w, p, d)
    join delivery_lane l on l.workspace_id = k.w and l.profile_id = k.p and l.destination_id = k.d
    where l.lease_token = f.token and l.leased_since is not null;
