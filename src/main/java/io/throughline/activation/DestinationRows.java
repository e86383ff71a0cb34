package io.throughline.activation;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.repository.Repository;

interface DestinationRows extends Repository<DestinationRow, Long> {
    DestinationRow save(DestinationRow row);

    Optional<DestinationRow> findByWorkspaceIdAndPublicIdAndDeletedAtIsNull(
            int workspaceId, String publicId);

    /** Locks the row to the end of the transaction, so that of two changes neither is lost. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    Optional<DestinationRow> findForChangeByWorkspaceIdAndPublicIdAndDeletedAtIsNull(
            int workspaceId, String publicId);

    List<DestinationRow> findByWorkspaceIdAndIdGreaterThanAndDeletedAtIsNullOrderById(
            int workspaceId, long id, Limit limit);
}
