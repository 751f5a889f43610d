-- A lost laptop is told, whenever it calls, to close its book: only the recovery key at the puskesmas opens it then.
ALTER TABLE device ADD COLUMN close_book boolean NOT NULL DEFAULT false;
