package io.throughline.workspace;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

interface TokenRows extends Repository<TokenRow, Long> {
    TokenRow save(TokenRow row);

    List<TokenRow> findByRevokedAtIsNull();

    Optional<TokenRow> findByBootstrapTrue();

    Optional<TokenRow> findByWorkspaceIdAndPublicIdAndRevokedAtIsNull(
            int workspaceId, String publicId);

    List<TokenRow> findByWorkspaceIdAndIdGreaterThanAndRevokedAtIsNullOrderById(
            int workspaceId, long id, Limit limit);
}
