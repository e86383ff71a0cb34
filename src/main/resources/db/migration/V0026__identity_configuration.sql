-- identity: what a workspace says about types of identifiers, limits and blocked values, and how far a change has come.
-- Why: an event is read by the version it was stamped with for ever; limits and shared identifiers follow the newest.
-- Locks: new tables only. Expected size: a row for each change people make; a row a workspace.
--   No instance of an older version may resolve once a configuration was changed: it reads all events by the built-in one.

create table identity_configuration (
    workspace_id integer     not null,
    version      integer     not null,
    document     json        not null,
    changed_by   text        not null,
    changed_at   timestamptz not null,
    primary key (workspace_id, version)
);

comment on table identity_configuration is 'every version there was; 0, the built-in one, has no row';

create table identity_sweep (
    workspace_id integer     not null primary key,
    begun_in     xid8,
    phase        text        not null,
    after        bigint      not null default 0,
    last         bigint      not null,
    profiles     bigint      not null default 0,
    started_at   timestamptz not null,
    finished_at  timestamptz,
    constraint identity_sweep_phase check (phase in ('nodes', 'clusters', 'done'))
);

comment on table identity_sweep is 'the newest solving again of a workspace after its configuration changed';
comment on column identity_sweep.begun_in is 'a transaction after the change: those older than it may not have seen the change, and are waited for';
comment on column identity_sweep.after is 'the node or cluster it has come to';
comment on column identity_sweep.last is 'the newest node at its beginning';
comment on column identity_sweep.profiles is 'how many profiles changed';
