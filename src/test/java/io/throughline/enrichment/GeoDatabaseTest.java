package io.throughline.enrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.throughline.enrichment.Enrichment.Geo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

class GeoDatabaseTest {
    private static final Geo BERLIN = new Geo("DE", "BE", "Berlin", "Europe/Berlin");
    private static final Clock AN_HOUR_LATER =
            Clock.fixed(Instant.ofEpochSecond(1_790_003_600L), ZoneOffset.UTC);

    private final MeterRegistry meters = new SimpleMeterRegistry();
    @TempDir Path folder;

    @Test
    void knowsWhereAnAddressIs() throws IOException {
        GeoDatabase geo = open(berlin(folder.resolve("city.mmdb")));
        assertThat(geo.of("192.0.2.17")).isEqualTo(BERLIN);
        assertThat(geo.of("::ffff:192.0.2.17")).isEqualTo(BERLIN);
        assertThat(meters.get("throughline.enrichment.geo.age").gauge().value()).isEqualTo(3_600);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.51.100.1",
                "2001:db8::1",
                "localhost",
                "",
                "192.0.2.17.5",
                "192.0.2.17\0",
                "fe80::1%nowhere",
                "999.1.1.1",
                "an address that is far longer than any address of either family could be",
            })
    void knowsNothingOfAnyOther(String address) throws IOException {
        GeoDatabase geo = open(berlin(folder.resolve("city.mmdb")));
        assertThat(geo.of(address)).isNull();
        assertThat(meters.counter("throughline.enrichment.geo.failures").count()).isZero();
    }

    @Test
    void knowsNothingWithoutADatabase() {
        GeoDatabase geo = new GeoDatabase("", new EnrichmentMetrics(meters), AN_HOUR_LATER);
        geo.reloadIfChanged();
        assertThat(geo.of("192.0.2.17")).isNull();
        assertThat(meters.get("throughline.enrichment.geo.age").gauge().value()).isNaN();
    }

    @Test
    void takesANewFileWithoutARestartAndKeepsTheOldWhenTheNewIsBroken() throws IOException {
        Path file = berlin(folder.resolve("city.mmdb"));
        GeoDatabase geo = open(file);

        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, 40));
        geo.reloadIfChanged();
        geo.reloadIfChanged();
        assertThat(geo.of("192.0.2.17")).isEqualTo(BERLIN);
        assertThat(meters.counter("throughline.enrichment.geo.failures").count()).isEqualTo(1);

        Files.delete(file);
        geo.reloadIfChanged();
        assertThat(geo.of("192.0.2.17")).isEqualTo(BERLIN);

        new GeoFile()
                .with("192.0.2.0/24", Map.of("country", Map.of("iso_code", "FR")))
                .writeTo(file);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(2_000_000_000)));
        geo.reloadIfChanged();
        assertThat(geo.of("192.0.2.17")).isEqualTo(new Geo("FR", null, null, null));
    }

    @Test
    void aMissingFileStopsTheStartWithASentence() {
        assertThatThrownBy(() -> open(folder.resolve("none.mmdb")))
                .isInstanceOf(UnusableGeoDatabase.class)
                .hasMessage("The geo database %s does not exist.", folder.resolve("none.mmdb"))
                .satisfies(failure -> {
                    FailureAnalysis analysis = new UnusableGeoDatabaseAnalyzer().analyze(failure);
                    assertThat(Objects.requireNonNull(analysis).getAction())
                            .contains("throughline.enrichment.geo-database");
                });
    }

    @Test
    void aBrokenFileStopsTheStartWithASentence() throws IOException {
        Path file = folder.resolve("broken.mmdb");
        Files.writeString(file, "404 page not found");
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(UnusableGeoDatabase.class)
                .hasMessageStartingWith(
                        "The geo database %s cannot be read as a MaxMind database", file);
        assertThatThrownBy(() -> open(folder)).isInstanceOf(UnusableGeoDatabase.class);
    }

    private GeoDatabase open(Path file) {
        return new GeoDatabase(file.toString(), new EnrichmentMetrics(meters), AN_HOUR_LATER);
    }

    private static Path berlin(Path file) throws IOException {
        new GeoFile()
                .with(
                        "192.0.2.0/24",
                        Map.of(
                                "country", Map.of("iso_code", "DE"),
                                "subdivisions", List.of(Map.of("iso_code", "BE")),
                                "city", Map.of("names", Map.of("en", "Berlin", "fr", "Berlin")),
                                "location", Map.of("time_zone", "Europe/Berlin")))
                .writeTo(file);
        return file;
    }
}
