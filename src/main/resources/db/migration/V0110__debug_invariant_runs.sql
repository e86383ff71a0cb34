-- debug: the newest look at the invariants of each workspace.
-- Why: any instance answers for it, and a run whose instance died is known by its silence.
-- Locks: a new table only. Expected size: a row a workspace, 5 KB.

create table debug_invariant_run (
    workspace_id int         primary key,
    run          json        not null,
    started_at   timestamptz not null,                     -- which run it is
    seen_at      timestamptz not null,
    finished     boolean     not null
);
