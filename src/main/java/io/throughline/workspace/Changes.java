package io.throughline.workspace;

import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Changes of the directory: committed, then seen by this instance before the caller hears of it.
 */
@Component
class Changes {
    private final TransactionTemplate transaction;
    private final LiveDirectory directory;

    Changes(PlatformTransactionManager transactions, LiveDirectory directory) {
        this.transaction = new TransactionTemplate(transactions);
        this.directory = directory;
    }

    /** Commits what {@code change} did, audit entry included, or nothing when it throws. */
    <T> T commit(Supplier<T> change) {
        T result = transaction.execute(status -> change.get());
        directory.seeNow();
        return result;
    }
}
