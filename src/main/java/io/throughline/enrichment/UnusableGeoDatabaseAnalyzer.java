package io.throughline.enrichment;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints the sentence of an {@link UnusableGeoDatabase} instead of its stack trace. */
final class UnusableGeoDatabaseAnalyzer extends AbstractFailureAnalyzer<UnusableGeoDatabase> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableGeoDatabase cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Set throughline.enrichment.geo-database to a readable .mmdb file (GeoLite2 City or"
                        + " Country will do), or leave it out: then nothing is derived from an"
                        + " address.",
                cause);
    }
}
