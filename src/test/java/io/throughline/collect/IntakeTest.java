package io.throughline.collect;

import static io.throughline.collect.Requests.NOON;
import static io.throughline.collect.Requests.accepted;
import static io.throughline.collect.Requests.inBatch;
import static io.throughline.collect.Requests.refused;
import static io.throughline.collect.Requests.single;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.collect.Verdict.Refused;
import io.throughline.event.EventType;
import io.throughline.event.TrackingEvent;
import io.throughline.event.TrackingEvent.Header;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntakeTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a right clock           | 11:59:00 |          | 12:00:00 | 11:59:00 | 11:59:00",
                "a clock an hour behind  | 10:59:00 |          | 11:00:00 | 11:59:00 | 10:59:00",
                "a clock an hour ahead   | 12:59:00 |          | 13:00:00 | 11:59:00 | 12:59:00",
                "no sentAt, taken as sent| 11:30:00 |          |          | 11:30:00 | 11:30:00",
                "the future, clamped     | 12:30:00 |          |          | 12:00:00 | 12:30:00",
                "sent before it happened | 11:30:00 |          | 11:00:00 | 12:00:00 | 11:30:00",
                "the other name          |          | 11:59:00 | 12:00:00 | 11:59:00 | 11:59:00",
                "both names              | 11:58:00 | 11:59:00 | 12:00:00 | 11:58:00 | 11:58:00",
                "no time at all          |          |          | 09:00:00 | 12:00:00 | 12:00:00",
            })
    void correctsTheClientsClockBySentAt(
            String why,
            String timestamp,
            String originalTimestamp,
            String sentAt,
            String corrected,
            String original) {
        Header header =
                accepted(
                                EventType.TRACK,
                                "{\"anonymousId\":\"a\",\"event\":\"e\""
                                        + time("timestamp", timestamp)
                                        + time("originalTimestamp", originalTimestamp)
                                        + time("sentAt", sentAt)
                                        + "}")
                        .header();
        assertThat(header.timestamp()).isEqualTo(today(corrected));
        assertThat(header.originalTimestamp()).isEqualTo(today(original));
        assertThat(header.receivedAt()).isEqualTo(NOON);
    }

    @Test
    void correctsAClockThatStandsAt1970() {
        Header header =
                accepted(
                                EventType.TRACK,
                                """
                                {"anonymousId":"a","event":"e","timestamp":"1970-01-01T00:01:00Z",
                                 "sentAt":"1970-01-01T00:02:00Z"}\
                                """)
                        .header();
        assertThat(header.timestamp()).isEqualTo(NOON.minusSeconds(60));
    }

    @Test
    void neverLeavesTheTimesThatCanBeStored() {
        assertThat(Intake.corrected(Instant.EPOCH, Instant.parse("2099-12-31T00:00:00Z"), NOON))
                .isEqualTo(Instant.EPOCH);
        assertThat(Intake.corrected(Instant.parse("2099-12-31T00:00:00Z"), Instant.EPOCH, NOON))
                .isEqualTo(NOON);
    }

    @Test
    void aMalformedDateIsNoReasonToRefuse() {
        Header header =
                accepted(
                                EventType.TRACK,
                                """
                                {"anonymousId":"a","event":"e","timestamp":"soon",
                                 "originalTimestamp":"2026-11-24T11:00:00Z","sentAt":{}}\
                                """)
                        .header();
        assertThat(header.timestamp()).isEqualTo(Instant.parse("2026-11-24T11:00:00Z"));
    }

    @Test
    void itemsWithoutSentAtTakeTheBatchs() {
        String event =
                "{\"type\":\"page\",\"anonymousId\":\"a\",\"timestamp\":\"2026-11-24T10:00:00Z\"%s}";
        String batch = ",\"sentAt\":\"2026-11-24T10:01:00Z\"";
        assertThat(accepted(inBatch(batch, event.formatted(""))).header().timestamp())
                .isEqualTo(NOON.minusSeconds(60));
        assertThat(
                        accepted(
                                        inBatch(
                                                batch,
                                                event.formatted(
                                                        ",\"sentAt\":\"2026-11-24T10:02:00Z\"")))
                                .header()
                                .timestamp())
                .isEqualTo(NOON.minusSeconds(120));
    }

    @Test
    void theBatchsContextLiesUnderTheItemsKeyByKey() {
        Header header =
                accepted(
                                inBatch(
                                        """
                                        ,"context":{"library":{"name":"java"},"ip":"1.1.1.1"},
                                        "integrations":{"All":true}\
                                        """,
                                        """
                                        {"type":"page","anonymousId":"a","context":{"ip":"2.2.2.2"},
                                         "integrations":{"Ads":false}}\
                                        """))
                        .header();
        assertThat(header.context().toString())
                .isEqualTo("{\"library\":{\"name\":\"java\"},\"ip\":\"2.2.2.2\"}");
        assertThat(header.integrations().toString()).isEqualTo("{\"All\":true,\"Ads\":false}");
    }

    @Test
    void traitsOfAnIdentifyLieOverThoseOfItsContext() {
        TrackingEvent event =
                accepted(
                        EventType.IDENTIFY,
                        """
                        {"userId":"u","traits":{"plan":"pro"},
                         "context":{"traits":{"plan":"free","email":"a@b.example"}}}\
                        """);
        assertThat(((TrackingEvent.Identify) event).traits().toString())
                .isEqualTo("{\"plan\":\"pro\",\"email\":\"a@b.example\"}");
        assertThat(event.header().context().at("/traits/plan").stringValue()).isEqualTo("free");
    }

    @Test
    void traitsOfAGroupAreTheGroupsAlone() {
        TrackingEvent event =
                accepted(
                        EventType.GROUP,
                        "{\"userId\":\"u\",\"groupId\":9,\"traits\":{\"n\":1},\"context\":{\"traits\":{\"x\":1}}}");
        assertThat(((TrackingEvent.Group) event).traits().toString()).isEqualTo("{\"n\":1}");
        assertThat(((TrackingEvent.Group) event).groupId()).isEqualTo("9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "42 | 42",
                "42.0 | 42",
                "4.2e1 | 42",
                "'\"42\"' | 42",
                "12345678901234567890 | 12345678901234567890",
                "1e400 | 1E+400",
                "1e999999999 | 1E+999999999",
                "'\" 42 \"' | ' 42 '",
            })
    void aNumberIsTheIdItsDigitsSpell(String written, String id) {
        assertThat(accepted(EventType.PAGE, "{\"userId\":" + written + "}").header().userId())
                .isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({"'\"\"'", "null", "true", "{}", "[]"})
    void whatIsNoIdIsAbsent(String written) {
        assertThat(
                        accepted(
                                        EventType.PAGE,
                                        "{\"userId\":" + written + ",\"anonymousId\":\"a\"}")
                                .header()
                                .userId())
                .isNull();
        assertThat(refused(single(EventType.PAGE, "{\"userId\":" + written + "}")))
                .isEqualTo(Refusal.NO_IDENTITY);
    }

    @Test
    void anEmailDoesNotStandForAnIdentity() {
        assertThat(
                        refused(
                                single(
                                        EventType.IDENTIFY,
                                        "{\"userId\":\"\",\"traits\":{\"email\":\"a@b.example\"}}")))
                .isEqualTo(Refusal.NO_IDENTITY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{\"messageId\":\"m-1\",\"anonymousId\":\"a\"}' | m-1",
                "'{\"messageId\":17,\"anonymousId\":\"a\"}' | 17",
                "'{\"messageId\":\"\",\"anonymousId\":\"a\"}' | new-1",
                "'{\"messageId\":null,\"anonymousId\":\"a\"}' | new-1",
                "'{\"anonymousId\":\"a\"}' | new-1",
            })
    void keepsTheClientsMessageIdAndMakesOneWhereThereIsNone(String event, String messageId) {
        assertThat(accepted(EventType.PAGE, event).header().messageId()).isEqualTo(messageId);
    }

    @Test
    void measuresAMessageIdInBytes() {
        String event = "{\"messageId\":\"%s\",\"anonymousId\":\"a\"}";
        assertThat(accepted(EventType.PAGE, event.formatted("x".repeat(255)))).isNotNull();
        assertThat(refused(single(EventType.PAGE, event.formatted("é".repeat(128)))))
                .isEqualTo(Refusal.MESSAGE_ID_TOO_LONG);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{\"type\":\"track\",\"userId\":\"u\"}' | NO_EVENT_NAME",
                "'{\"type\":\"track\",\"userId\":\"u\",\"event\":\"\"}' | NO_EVENT_NAME",
                "'{\"type\":\"group\",\"userId\":\"u\"}' | NO_GROUP_ID",
                "'{\"type\":\"purchase\",\"userId\":\"u\"}' | UNKNOWN_TYPE",
                "'{\"userId\":\"u\"}' | UNKNOWN_TYPE",
                "'{\"type\":\"page\"}' | NO_IDENTITY",
                "'17' | NOT_AN_OBJECT",
                "'[]' | NOT_AN_OBJECT",
                "'null' | NOT_AN_OBJECT",
            })
    void refusesTheEventAndNotTheRequest(String event, Refusal reason) {
        assertThat(refused(inBatch("", event))).isEqualTo(reason);
    }

    @Test
    void namesTheRefusedEventByItsPlaceAndMessageId() {
        Verdict verdict =
                Requests.batch(
                                """
                                {"batch":[{"type":"page","userId":"u"},
                                          {"type":"x","userId":"u","messageId":"m"}]}\
                                """)
                        .get(1);
        assertThat(verdict).isEqualTo(new Refused(1, "m", Refusal.UNKNOWN_TYPE));
    }

    @Test
    void boundsIdsAndNames() {
        String long3k = "x".repeat(3_000);
        assertThat(refused(single(EventType.PAGE, "{\"userId\":\"" + long3k + "\"}")))
                .isEqualTo(Refusal.ID_TOO_LONG);
        assertThat(
                        refused(
                                single(
                                        EventType.TRACK,
                                        "{\"userId\":\"u\",\"event\":\"" + long3k + "\"}")))
                .isEqualTo(Refusal.EVENT_NAME_TOO_LONG);
    }

    @Test
    void aPagesNameMayStandInItsProperties() {
        assertThat(page("{\"anonymousId\":\"a\",\"properties\":{\"name\":\"Home\"}}"))
                .isEqualTo("Home");
        assertThat(page("{\"anonymousId\":\"a\",\"name\":\"A\",\"properties\":{\"name\":\"B\"}}"))
                .isEqualTo("A");
    }

    @Test
    void thePathsTypeStandsForASingleEvent() {
        assertThat(
                        accepted(
                                        EventType.PAGE,
                                        "{\"type\":\"track\",\"anonymousId\":\"a\",\"event\":\"e\"}")
                                .type())
                .isEqualTo(EventType.PAGE);
    }

    @Test
    void carriesTheSource() {
        Header header =
                accepted(
                                Requests.judged(
                                                Requests.SERVER,
                                                new Route.Single(EventType.ALIAS),
                                                "{\"userId\":\"u\",\"previousId\":5}"
                                                        .getBytes(StandardCharsets.UTF_8))
                                        .getFirst())
                        .header();
        assertThat(header.sourceId()).isEqualTo(8);
        assertThat(header.trusted()).isTrue();
        assertThat(header.workspace()).isEqualTo(Requests.SERVER.workspace());
    }

    private static @org.jspecify.annotations.Nullable String page(String json) {
        return ((TrackingEvent.Page) accepted(EventType.PAGE, json)).name();
    }

    private static Instant today(String time) {
        return Instant.parse("2026-11-24T" + time + "Z");
    }

    private static String time(String field, @org.jspecify.annotations.Nullable String time) {
        return time == null ? "" : ",\"" + field + "\":\"" + today(time) + "\"";
    }
}
