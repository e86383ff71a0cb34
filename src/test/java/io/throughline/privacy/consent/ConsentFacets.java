package io.throughline.privacy.consent;

import io.throughline.profile.Facet;
import java.util.List;

/** The module's facets for tests that build the fold by hand. */
public final class ConsentFacets {
    private ConsentFacets() {}

    public static List<Facet<?>> all() {
        return List.of(new ConsentFacet());
    }
}
