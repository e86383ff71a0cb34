package io.throughline.enrichment;

import com.maxmind.db.CHMCache;
import com.maxmind.db.Reader;
import com.maxmind.db.Reader.FileMode;
import io.throughline.enrichment.Enrichment.Geo;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's MaxMind database, if there is one. In memory rather than mapped, so that a file
 * that is overwritten in place cannot pull the ground from under a look-up. Thread-safe; a look-up
 * never throws.
 */
final class GeoDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(GeoDatabase.class);

    /** The longest text of an IPv6 address, with an IPv4 one at its end. */
    private static final int MAX_ADDRESS = 45;

    private final @Nullable Path file;
    private final EnrichmentMetrics metrics;
    private volatile @Nullable Loaded loaded;
    private @Nullable Stamp refused;

    /** What tells one state of the file from another. */
    private record Stamp(FileTime modified, long size, @Nullable Object key) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
        }
    }

    private record Loaded(Stamp stamp, Reader reader) {}

    /**
     * @param file empty for none
     * @throws UnusableGeoDatabase when there should be one and it cannot be read
     */
    GeoDatabase(String file, EnrichmentMetrics metrics, Clock clock) {
        this.metrics = metrics;
        this.file = file.isBlank() ? null : Path.of(file.strip());
        if (this.file != null) {
            try {
                loaded = load(this.file);
            } catch (IOException | RuntimeException e) {
                throw new UnusableGeoDatabase(this.file, e);
            }
        }
        metrics.geoAge(() -> ageSeconds(clock));
    }

    private static Loaded load(Path file) throws IOException {
        // The stamp first: a file that changes while it is read is read again.
        Stamp stamp = Stamp.of(file);
        Reader reader = new Reader(file.toFile(), FileMode.MEMORY, new CHMCache());
        // A file cut short may still have its metadata, which stand at the end.
        reader.get(InetAddress.ofLiteral("192.0.2.1"), Map.class);
        return new Loaded(stamp, reader);
    }

    /** Loads the file if it is another than before; one that cannot be read changes nothing. */
    synchronized void reloadIfChanged() {
        Loaded current = loaded;
        if (file == null || current == null) {
            return;
        }
        Stamp now = null;
        try {
            now = Stamp.of(file);
            if (now.equals(current.stamp) || now.equals(refused)) {
                return;
            }
            loaded = load(file);
            refused = null;
            LOG.info("The geo database {} is a new one and in use now", file);
        } catch (IOException | RuntimeException e) {
            if (now != null || refused == null) {
                metrics.geoFailure();
                LOG.warn(
                        "The geo database {} cannot be read; the one of before stays in use: {}",
                        file,
                        e.toString());
            }
            refused = now;
        }
    }

    @Nullable Geo of(@Nullable String address) {
        Loaded current = loaded;
        if (current == null || address == null || address.length() > MAX_ADDRESS) {
            return null;
        }
        try {
            InetAddress literal = InetAddress.ofLiteral(address.strip());
            return current.reader.get(literal, Map.class) instanceof Map<?, ?> found
                    ? geo(found)
                    : null;
        } catch (IllegalArgumentException e) {
            // no address, or one of IPv6 in a database of IPv4
            return null;
        } catch (IOException | RuntimeException e) {
            metrics.geoFailure();
            return null;
        }
    }

    private static @Nullable Geo geo(Map<?, ?> found) {
        Object region =
                found.get("subdivisions") instanceof List<?> all && !all.isEmpty()
                        ? all.getFirst()
                        : null;
        Geo geo =
                new Geo(
                        text(found.get("country"), "iso_code"),
                        text(region, "iso_code"),
                        found.get("city") instanceof Map<?, ?> city
                                ? text(city.get("names"), "en")
                                : null,
                        text(found.get("location"), "time_zone"));
        return geo.equals(new Geo(null, null, null, null)) ? null : geo;
    }

    private static @Nullable String text(@Nullable Object map, String key) {
        return map instanceof Map<?, ?> fields && fields.get(key) instanceof String text
                ? Text.bounded(text)
                : null;
    }

    private double ageSeconds(Clock clock) {
        Loaded current = loaded;
        return current == null
                ? Double.NaN
                : Duration.between(current.reader.getMetadata().buildTime(), clock.instant())
                        .toSeconds();
    }
}
