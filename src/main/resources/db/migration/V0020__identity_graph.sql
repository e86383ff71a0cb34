-- The identity graph: identifiers as nodes, evidence as links, and who is one profile with whom.
-- Why: profiles are sets of nodes; a merge re-points nodes and rewrites nothing, so it can be undone.
-- Locks: new tables only. Expected size: one node per identifier ever seen (the largest: anonymous
-- ids, about one per visitor and browser), one link per pair, one ledger row per node that moved.

create sequence identity_node_id;

create table identity_node (
    workspace_id integer not null,
    id bigint not null,
    type text not null,
    value text not null,
    cluster_id bigint not null,
    profile_id bigint not null,
    users integer not null default 0,
    shared boolean not null default false,
    first_seen bigint,
    primary key (workspace_id, id),
    constraint identity_node_identifier unique (workspace_id, type, value)
) with (fillfactor = 85);
create index identity_node_cluster on identity_node (workspace_id, cluster_id);
create index identity_node_profile on identity_node (workspace_id, profile_id);

comment on column identity_node.cluster_id is 'the component it lies in: the unit of locking';
comment on column identity_node.profile_id is 'the smallest node id of its profile';
comment on column identity_node.users is 'how many user ids are linked to it';
comment on column identity_node.shared is 'linked to so many user ids that it is nobody''s: its links are ignored';
comment on column identity_node.first_seen is 'epoch milliseconds of the earliest event that carried it; null when it is known only as an alias''s previousId';

create table identity_cluster (
    workspace_id integer not null,
    id bigint not null,
    users integer not null,
    others integer not null,
    anonymous integer not null,
    plain boolean not null default true,
    primary key (workspace_id, id)
) with (fillfactor = 85);

comment on table identity_cluster is 'a row to lock; id is the smallest node id in the component; counts are by kind of identifier';
comment on column identity_cluster.plain is 'one profile, and no node that a cannot-link names: a union needs no order';

create table identity_link (
    workspace_id integer not null,
    a bigint not null,
    b bigint not null,
    strength smallint not null,
    time bigint not null,
    message_id text not null,
    primary key (workspace_id, a, b)
);
create index identity_link_b on identity_link (workspace_id, b);

comment on table identity_link is 'the best evidence for each pair: strongest, earliest, smallest messageId; a is the stronger end';

create table identity_cannot_link (
    workspace_id integer not null,
    a bigint not null,
    b bigint not null,
    decided_by text not null,
    decided_at timestamptz not null,
    primary key (workspace_id, a, b)
);
create index identity_cannot_link_b on identity_cannot_link (workspace_id, b);

create table identity_tombstone (
    workspace_id integer not null,
    identifier_hash bytea not null,
    erased_at bigint not null,
    suppress boolean not null,
    primary key (workspace_id, identifier_hash)
);

comment on column identity_tombstone.identifier_hash is 'HMAC-SHA256 of type and value: the proof of an erasure holds no personal data';

create table identity_ledger (
    workspace_id integer not null,
    seq bigint generated always as identity,
    node_id bigint not null,
    from_profile bigint not null,
    to_profile bigint not null,
    cause_a bigint,
    cause_b bigint,
    cause_message_id text,
    at timestamptz not null default now(),
    primary key (workspace_id, seq)
);
create index identity_ledger_node on identity_ledger (workspace_id, node_id);
create index identity_ledger_to on identity_ledger (workspace_id, to_profile);

comment on table identity_ledger is 'every move of a node between profiles; a node is born into the profile of its own id';
