package logaggregator.store;

import logaggregator.UnavailableException;

/** What the store needs to have in the database before it can work. */
public interface StoreSchema {

    /**
     * Creates or upgrades it; does nothing when that is done.
     *
     * @throws UnavailableException when the database can't be reached
     * @throws SchemaException when it can't be done there
     */
    void migrate();
}
