-- debug: the newest looks at the invariants of each workspace, one at a sample and one at everything.
-- Why: any instance answers for it, and a run whose instance died is known by its silence.
-- Locks: a new table only. Expected size: two rows a workspace, 5 KB each.

create table debug_invariant_run (
    workspace_id int         not null,
    scope        text        not null,
    run          json        not null,
    started_at   timestamptz not null,                     -- which run it is
    seen_at      timestamptz not null,
    finished     boolean     not null,
    primary key (workspace_id, scope)
);
