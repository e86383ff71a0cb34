package io.throughline.privacy.consent;

import io.throughline.event.WorkspaceId;
import io.throughline.privacy.consent.ConsentPolicyStore.Stored;
import io.throughline.profile.FacetReads;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** How profiles stand to a purpose, as the connection sees them now. */
public final class Consents {
    private static final ConsentFacet FACET = new ConsentFacet();

    private Consents() {}

    /**
     * Two questions for any number of profiles. Every id is answered: of one that is no live
     * profile's nothing is known.
     */
    public static Map<Long, Consent> of(
            Connection connection,
            WorkspaceId workspace,
            Purpose purpose,
            Collection<Long> profiles)
            throws SQLException {
        ConsentPolicy policy =
                ConsentPolicyStore.find(connection, workspace)
                        .map(Stored::policy)
                        .orElse(ConsentPolicy.DEFAULT);
        Map<Long, ConsentWords> words = FacetReads.register(connection, workspace, FACET, profiles);
        Map<Long, Consent> consents = new HashMap<>();
        for (Long profile : profiles) {
            consents.put(
                    profile, words.getOrDefault(profile, ConsentWords.NONE).on(purpose, policy));
        }
        return consents;
    }
}
