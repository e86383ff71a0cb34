package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClientTimeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'2026-11-24T12:00:00Z'            | 2026-11-24T12:00:00Z",
                "'2026-11-24T12:00:00.5Z'          | 2026-11-24T12:00:00.500Z",
                "'2026-11-24T12:00:00.123456789Z'  | 2026-11-24T12:00:00.123Z",
                "'2026-11-24T12:00:00,123Z'        | 2026-11-24T12:00:00.123Z",
                "'2026-11-24T12:00:00'             | 2026-11-24T12:00:00Z",
                "'2026-11-24T12:00'                | 2026-11-24T12:00:00Z",
                "'2026-11-24 12:00:00'             | 2026-11-24T12:00:00Z",
                "'2026-11-24T14:00:00+02:00'       | 2026-11-24T12:00:00Z",
                "'2026-11-24T14:00:00.000+0200'    | 2026-11-24T12:00:00Z",
                "'2026-11-24T06:30:00-0530'        | 2026-11-24T12:00:00Z",
                "'2026-11-24T14:00:00+02'          | 2026-11-24T12:00:00Z",
                "'20261124T120000Z'                | 2026-11-24T12:00:00Z",
                "' 2026-11-24t12:00:00z '          | 2026-11-24T12:00:00Z",
                "'2026-11-24'                      | 2026-11-24T00:00:00Z",
                "'20261124'                        | 2026-11-24T00:00:00Z",
                "'2016-12-31T23:59:60Z'            | 2017-01-01T00:00:00Z",
                "'1795521600000'                   | 2026-11-24T12:00:00Z",
                "'1970-01-01T00:00:00Z'            | 1970-01-01T00:00:00Z",
            })
    void readsWhatClientsWrite(String written, Instant moment) {
        assertThat(ClientTime.read(written)).isEqualTo(moment);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1795521600000   | 2026-11-24T12:00:00Z",
                "1795521600000.9 | 2026-11-24T12:00:00Z",
                "1.7955216e12    | 2026-11-24T12:00:00Z",
                "1795521600      | 2026-11-24T12:00:00Z",
                "1e-999999999    | 1970-01-01T00:00:00Z",
                "0               | 1970-01-01T00:00:00Z",
            })
    void readsEpochMillisecondsAndSeconds(String json, Instant moment) {
        assertThat(ClientTime.read(json(json))).isEqualTo(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"yesterday\"",
                "\"2026-13-01T00:00:00Z\"",
                "\"2026-02-30\"",
                "\"2026-11-24T25:00:00Z\"",
                "\"2026-11-24T12:00:00Z and more\"",
                "\"2026-11-24T12:00:00.Z\"",
                "\"2026-11-24T12:00:00+99:00\"",
                "\"1066-10-14T09:00:00Z\"",
                "\"9999-12-31T23:59:59Z\"",
                "\"+292278994-08-17T07:12:55.807Z\"",
                "-1",
                "-9223372036854775808",
                "9223372036854775807",
                "99999999999999999999999999",
                "1e400",
                "1e999999999",
                "true",
                "null",
                "{}",
                "[2026,11,24]"
            })
    void takesAnythingElseForNoMoment(String json) {
        assertThat(ClientTime.read(json(json))).isNull();
    }

    private static JsonNode json(String json) {
        return JsonMapper.builder()
                .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build()
                .readTree(json);
    }
}
