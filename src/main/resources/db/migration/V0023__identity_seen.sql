-- identity: whether anything is left of an identifier when the events of another person are erased.
-- Why: first_seen alone does not say whose event it came from. It is the smaller of anchored_at and of the carried_at of
--   the links whose weaker end the identifier is, so it can be known again without reading anybody's history.
-- Locks: ACCESS EXCLUSIVE on both tables while their rows are updated (minutes for tens of millions). Expected size:
--   8 B a node, 8 B a link. No instance of an older version may run beside it: what that writes looks as if no event had
--   carried it.

alter table identity_node add column anchored_at bigint;
alter table identity_link add column carried_at bigint;

-- On a new database the history comes later, and there is nothing to look up.
do $$
begin
    if to_regclass('profile_event') is not null then
        update identity_node n
        set anchored_at = (
            select round(extract(epoch from min(e.occurred_at)) * 1000)::bigint
            from profile_event e where e.workspace_id = n.workspace_id and e.node_id = n.id)
        where first_seen is not null;
    end if;
end $$;

-- Of a trusted alias it is not known; every other link was carried, but for a browser's alias.
update identity_link set carried_at = time where strength > 0;

comment on column identity_node.anchored_at is 'epoch milliseconds of the earliest event that belongs to it; null when there is none';
comment on column identity_link.carried_at is 'epoch milliseconds of the earliest event that carried both ends; null when an alias alone names them together';
