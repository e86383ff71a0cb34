-- Profiles, the state of their nodes, the event history, the message keys, parked records, the outbox.
-- Why: one transaction per batch of events writes all of them; what is bounded is one document a row
-- (registers), what is not is a row a key.
-- Locks: new tables only. Expected size: one event row and one message key per event (about 700 bytes
-- together), two to four state rows per node and day, one profile row per profile ever seen.

create table profile (
    workspace_id integer not null,
    id bigint not null,
    version bigint not null,
    retired boolean not null default false,
    registers json,
    updated_at timestamptz not null,
    primary key (workspace_id, id)
) with (fillfactor = 80);

comment on column profile.id is 'the id of its founding node, the smallest in it';
comment on column profile.version is 'rises with every change; kept when the profile is retired, so that one that is split off again continues above it';
comment on column profile.registers is 'the merge of its nodes'' registers; null when retired';

create table profile_node_state (
    workspace_id integer not null,
    node_id bigint not null,
    facet text not null,
    key text not null,
    state json not null,
    primary key (workspace_id, node_id, facet, key)
) with (fillfactor = 80);

comment on table profile_node_state is 'what a node''s own events say: all registers in one row (facet and key empty), a keyed facet one row a key';

create table profile_message (
    workspace_id integer not null,
    hash uuid not null,
    stored_on date not null,
    primary key (workspace_id, hash)
);
create index profile_message_age on profile_message using brin (stored_on);

comment on table profile_message is 'the first 16 bytes of SHA-256 of each messageId stored: an event counts once, on whatever day it is sent again';

create table profile_event (
    workspace_id integer not null,
    node_id bigint not null,
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    message_id text collate "C" not null,
    payload json not null
) partition by range (received_at);
create index profile_event_timeline on profile_event (workspace_id, node_id, occurred_at, message_id);
create table profile_event_other partition of profile_event default;

comment on table profile_event is 'the history: each stored event as it stood on the log; node_id 0 when it carried no usable identifier';
comment on table profile_event_other is 'where an event goes whose month has no partition: an insert never fails';

create table profile_parked (
    id bigint generated always as identity primary key,
    topic text not null,
    topic_partition integer not null,
    topic_offset bigint not null,
    record_key text,
    record_value bytea,
    -- a new broker starts its offsets again: the same coordinates may name another record
    record_digest text generated always as (md5(coalesce(record_value, ''))) stored,
    reason text not null,
    parked_at timestamptz not null default now(),
    constraint profile_parked_once unique (topic, topic_partition, topic_offset, record_digest)
);

comment on table profile_parked is 'records that no batch could take in, whole, with the reason: never skipped silently';

create table profile_outbox (
    seq bigint generated always as identity,
    shard smallint not null,
    workspace_id integer not null,
    profile_id bigint not null,
    version bigint not null,
    items json not null,
    at timestamptz not null,
    primary key (shard, seq)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);

comment on table profile_outbox is 'one row for each profile version until it is on the updates topic';
