package io.throughline.workspace;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Changes of the directory: committed, then seen by this instance before the caller hears of it.
 */
@Component
class Changes {
    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    private final TransactionTemplate transaction;
    private final LiveDirectory directory;

    Changes(PlatformTransactionManager transactions, LiveDirectory directory) {
        this.transaction = new TransactionTemplate(transactions);
        this.directory = directory;
    }

    /** Commits what {@code change} did, audit entry included, or nothing when it throws. */
    <T> T commit(Supplier<T> change) {
        T result = transaction.execute(status -> change.get());
        try {
            directory.refresh();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("A change is committed but not yet seen here: {}", e.toString());
        }
        return result;
    }
}
