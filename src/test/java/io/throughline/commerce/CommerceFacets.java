package io.throughline.commerce;

import io.throughline.profile.KeyedFacet;
import java.util.List;

/** The module's facets for tests that build the fold by hand. */
public final class CommerceFacets {
    private CommerceFacets() {}

    public static List<KeyedFacet<?>> all() {
        return List.of(new OrdersFacet());
    }
}
