package io.throughline.workspace;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

interface SourceRows extends Repository<SourceRow, Long> {
    SourceRow save(SourceRow row);

    List<SourceRow> findAll();

    Optional<SourceRow> findByBootstrapTrue();

    Optional<SourceRow> findByWorkspaceIdAndPublicIdAndDeletedAtIsNull(
            int workspaceId, String publicId);

    List<SourceRow> findByWorkspaceIdAndIdGreaterThanAndDeletedAtIsNullOrderById(
            int workspaceId, long id, Limit limit);
}
