package io.throughline.workspace;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

interface AuditRows extends Repository<AuditRow, Long> {
    AuditRow save(AuditRow row);

    List<AuditRow> findByWorkspaceIdAndIdLessThanOrderByIdDesc(
            int workspaceId, long id, Limit limit);
}
