-- identity: the last link of a cluster, in the order in which links are tried.
-- Why: a link that comes after all links of its clusters changes nothing but the two profiles it joins or leaves apart, so
--   that a batch need not read a cluster of a hundred thousand nodes to add one.
-- Locks: ACCESS EXCLUSIVE on identity_cluster for an instant, no rewrite: of rows that are there it is not known, and they
--   are solved whole once more. Expected size: 10 B a cluster. No instance of an older version may run beside it.

alter table identity_cluster
    add column last_strength smallint not null default 32767,
    add column last_time bigint not null default 0;

comment on column identity_cluster.last_strength is 'no link of the cluster comes after this strength and last_time; -1 where it has no link, 32767 where the last is not known';
