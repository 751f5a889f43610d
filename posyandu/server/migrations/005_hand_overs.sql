-- Who moves to a village of this regency, from whichever: kept where they go to, until a laptop of that village calls.
CREATE TABLE handover (
    kab text NOT NULL,
    record text NOT NULL,
    to_village text NOT NULL,
    from_kab text NOT NULL,
    from_scope text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    delivered_at timestamptz,
    PRIMARY KEY (kab, record)
);
COMMENT ON TABLE handover IS 'Moves between posts under way: only where from and where to, the history stays in the batches.';
CREATE INDEX handover_waiting ON handover (kab, to_village) WHERE delivered_at IS NULL;
