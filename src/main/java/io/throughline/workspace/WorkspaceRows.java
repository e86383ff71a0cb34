package io.throughline.workspace;

import java.util.List;
import org.springframework.data.repository.Repository;

interface WorkspaceRows extends Repository<WorkspaceRow, Integer> {
    WorkspaceRow save(WorkspaceRow row);

    List<WorkspaceRow> findAll();
}
