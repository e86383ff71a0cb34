package io.throughline.activation;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

interface DestinationRows extends Repository<DestinationRow, Long> {
    DestinationRow save(DestinationRow row);

    Optional<DestinationRow> findByWorkspaceIdAndPublicIdAndDeletedAtIsNull(
            int workspaceId, String publicId);

    List<DestinationRow> findByWorkspaceIdAndIdGreaterThanAndDeletedAtIsNullOrderById(
            int workspaceId, long id, Limit limit);
}
