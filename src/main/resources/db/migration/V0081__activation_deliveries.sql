-- activation: what is owed to destinations, and what came of it.
-- Why: DELIVERY: a row for each (update item, destination); a lane for each (profile, destination)
--   that says which row is in flight and when the lane needs attention next.
-- Locks: nothing that exists. Expected size: delivery: messages sent in the retention time, 1-2 KB each;
--   delivery_lane: profiles x destinations, 120 B each; delivery_attempt: like delivery, by day.

create sequence delivery_id;

create table delivery (
    workspace_id     int         not null,
    id               bigint      not null,
    destination_id   bigint      not null,
    -- the identity of the message; item -1 is the state of the version, whichever item carried it
    profile_id       bigint      not null,
    version          bigint      not null,
    item             int         not null,
    -- the lane it waits in: the profile's, after a merge the surviving profile's
    lane_profile_id  bigint      not null,
    position         bigint      not null,
    type             text        not null,
    status           text        not null
        check (status in ('pending', 'succeeded', 'dead', 'expired', 'cancelled')),
    webhook_id       uuid        not null,
    body             bytea,                                -- null: a state not rendered yet
    attempts         int         not null default 0,
    first_attempt_at timestamptz,
    caused_at        timestamptz not null,
    created_at       timestamptz not null,
    finished_at      timestamptz,
    primary key (workspace_id, id),
    unique (workspace_id, profile_id, destination_id, version, item)
);

-- the waiting line of a lane, and the count and age of everything that is live
create index delivery_live on delivery (workspace_id, lane_profile_id, destination_id, position)
    include (created_at) where status = 'pending';
create index delivery_of_destination on delivery (workspace_id, destination_id, id);

create table delivery_lane (
    workspace_id   int    not null,
    profile_id     bigint not null,
    destination_id bigint not null,
    wanted_version bigint not null default 0,              -- newest state asked for or rendered
    wanted_at      timestamptz,
    sent_version   bigint not null default 0,              -- newest state that arrived; never decreases
    state_id       bigint,                                 -- the live state row
    leased_id      bigint,                                 -- the row in flight
    lease_token    uuid,
    due_at         timestamptz,                            -- next attempt, or end of the lease; null: nothing live
    held_until     timestamptz,                            -- a merged lane's row is still in flight
    merged_into    bigint,
    primary key (workspace_id, profile_id, destination_id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

create index delivery_lane_due on delivery_lane (destination_id, due_at) where due_at is not null;

create table delivery_retired_profile (
    workspace_id int    not null,
    profile_id   bigint not null,
    into_profile bigint not null,
    primary key (workspace_id, profile_id)
);

create index delivery_retired_profile_into on delivery_retired_profile (workspace_id, into_profile);

create table delivery_attempt (
    workspace_id int         not null,
    delivery_id  bigint      not null,
    number       int         not null,
    webhook_id   uuid        not null,
    trigger      text        not null,
    started_at   timestamptz not null,
    status       int,
    error        text,
    total_ms     bigint      not null,
    response     text,
    truncated    boolean     not null,
    peer         text
) partition by range (started_at);

create index delivery_attempt_of_delivery on delivery_attempt (workspace_id, delivery_id);

create table delivery_attempt_default partition of delivery_attempt default;
