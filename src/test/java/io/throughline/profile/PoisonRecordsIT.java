package io.throughline.profile;

import static io.throughline.testing.Events.aTrack;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.throughline.event.EventCodec;
import io.throughline.event.EventTopic;
import io.throughline.event.TrackingEvent;
import io.throughline.event.WorkspaceId;
import io.throughline.testing.Await;
import io.throughline.testing.ThroughlineIT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;

/** A record that cannot be processed is set aside, visible, and the batch goes on. */
@ThroughlineIT
class PoisonRecordsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Autowired private KafkaTemplate<String, byte[]> kafka;
    @Autowired private JdbcClient jdbc;
    @Autowired private MeterRegistry meters;

    private final String name = "poison-" + UUID.randomUUID();

    @Test
    void poisonIsParkedWholeAndTheEventsAroundItAreStored() {
        double counted = parkedMeter();
        byte[] refused = EventCodec.encode(event("refused"));
        List<byte @Nullable []> values = new ArrayList<>();
        values.add(EventCodec.encode(event("one")));
        values.add((name + " is no JSON").getBytes(StandardCharsets.UTF_8));
        values.add(EventCodec.encode(event("two")));
        values.add(("{\"" + name + "\":\"is no event\"}").getBytes(StandardCharsets.UTF_8));
        // The database takes no NUL: only halving the batch can tell which record it is.
        values.add(
                new String(refused, StandardCharsets.UTF_8)
                        .replace(name + "-refused", name + "-re\\u0000fused")
                        .getBytes(StandardCharsets.UTF_8));
        // Half a surrogate pair: the database gives back another text than it was given.
        values.add(
                new String(refused, StandardCharsets.UTF_8)
                        .replace(name + "-refused", name + "-half")
                        .replace("\"" + name + "\"", "\"" + name + "\\ud800\"")
                        .getBytes(StandardCharsets.UTF_8));
        values.add(null);
        values.add(EventCodec.encode(event("three")));
        values.forEach(this::send);

        Await.until(PATIENCE, () -> "parked: " + parked(), () -> parked().size() == 5);
        Await.until(PATIENCE, () -> "stored: " + stored(), () -> stored().size() == 3);
        assertThat(stored()).containsExactly(name + "-one", name + "-three", name + "-two");
        assertThat(parked()).allSatisfy(reason -> assertThat(reason).isNotBlank());
        assertThat(parkedMeter() - counted).isEqualTo(5);
        Await.until(
                PATIENCE,
                () -> "gauge: " + meters.get("throughline.parked.records").gauge().value(),
                () -> meters.get("throughline.parked.records").gauge().value() >= 5);

        send(EventCodec.encode(event("later")));
        Await.until(PATIENCE, () -> "stored: " + stored(), () -> stored().size() == 4);
    }

    /** All to one partition, so that they come in one batch. */
    private void send(byte @Nullable [] value) {
        kafka.send(new ProducerRecord<>(EventTopic.NAME, 0, name, value));
    }

    private TrackingEvent event(String message) {
        return aTrack("Poison").by(name).as(name + "-" + message).in(workspace()).build();
    }

    private WorkspaceId workspace() {
        return new WorkspaceId(
                jdbc.sql("select id from workspace where public_id = 'default'")
                        .query(Integer.class)
                        .single());
    }

    /** The reasons of what was parked under this test's key. */
    private List<String> parked() {
        return jdbc.sql("select reason from profile_parked where record_key = ?")
                .param(name)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private List<String> stored() {
        return jdbc.sql(
                        """
                        select message_id from profile_event
                        where starts_with(message_id, ?) order by message_id
                        """)
                .param(name)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private double parkedMeter() {
        return meters.counter("throughline.resolve.parked").count();
    }
}
