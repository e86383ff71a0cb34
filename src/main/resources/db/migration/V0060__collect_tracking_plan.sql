-- collect: tracking plans, and what was seen that breaks them or is not listed.
-- Why: a plan is asked about each event of its source, from memory; it is read whole when its version changes.
--   The two tables of counts are added to every few seconds by each instance, never event by event.
-- Locks: nothing that exists. A change of a plan takes the one row of tracking_plan_revision to its commit.
-- Expected size: a plan is at most 256 KB of text, those of a workspace 4 MB. Counts: at most 1,001 unlisted rows a
--   source and 21 violation rows for each event of a plan; a row is about 200 B.

create table tracking_plan (
    source_id    bigint      primary key,
    workspace_id int         not null,
    version      bigint      not null,                -- the revision that made it: never the same twice
    mode         text        not null check (mode in ('observe', 'enforce')),
    unlisted     text        not null check (unlisted in ('allow', 'observe', 'refuse')),
    events       text        not null,                -- JSON, kept as text: the order of its fields is its author's
    changed_at   timestamptz not null
);
create index tracking_plan_of_workspace on tracking_plan (workspace_id);

create table tracking_plan_revision (
    one      boolean primary key default true check (one),
    revision bigint not null
);
insert into tracking_plan_revision (revision) values (1);

create table tracking_plan_violation (
    source_id    bigint      not null,
    type         text        not null,
    name         text        not null,                -- '' for an entry without one
    rule         text        not null,                -- a pointer into the schema, or 'other' beyond the 20th
    count        bigint      not null,
    first_seen   timestamptz not null,
    last_seen    timestamptz not null,
    pointer      text        not null,                -- the latest example: where, and which sentence; never the value
    message      text        not null,
    primary key (source_id, type, name, rule)
);

create table tracking_plan_unlisted (
    source_id    bigint      not null,
    type         text        not null,                -- 'other' for all names beyond the 1,000th
    name         text        not null,
    count        bigint      not null,
    first_seen   timestamptz not null,
    last_seen    timestamptz not null,
    primary key (source_id, type, name)
);
