package io.throughline.enrichment;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The start stops: the operator asked for geo and gave no database. One sentence for them. */
final class UnusableGeoDatabase extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableGeoDatabase(Path file, Throwable cause) {
        super(
                cause instanceof NoSuchFileException
                        ? "The geo database %s does not exist.".formatted(file)
                        : "The geo database %s cannot be read as a MaxMind database (%s)."
                                .formatted(file, cause.getMessage()),
                cause);
    }
}
