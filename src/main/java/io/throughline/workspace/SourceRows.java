package io.throughline.workspace;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.repository.Repository;

interface SourceRows extends Repository<SourceRow, Long> {
    SourceRow save(SourceRow row);

    List<SourceRow> findAll();

    Optional<SourceRow> findByBootstrapTrue();

    Optional<SourceRow> findByWorkspaceIdAndPublicIdAndDeletedAtIsNull(
            int workspaceId, String publicId);

    /** Locks the row to the end of the transaction, so that of two changes neither is lost. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    Optional<SourceRow> findForChangeByWorkspaceIdAndPublicIdAndDeletedAtIsNull(
            int workspaceId, String publicId);

    List<SourceRow> findByWorkspaceIdAndIdGreaterThanAndDeletedAtIsNullOrderById(
            int workspaceId, long id, Limit limit);
}
