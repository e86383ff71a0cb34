package io.throughline.platform.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.util.unit.DataSize;

/**
 * How much a consumer takes at a time.
 *
 * @param records the most that one batch holds
 * @param bytes the broker answers as soon as it has so many
 * @param patience or after this time, with what has come
 */
public record Gathering(int records, DataSize bytes, Duration patience) {
    private static final DataSize MOST = DataSize.ofMegabytes(16);

    /** Whether these bytes can be asked for: 0 would poll without a pause. */
    public static boolean isSensible(DataSize bytes) {
        return bytes.toBytes() >= 1 && bytes.compareTo(MOST) <= 0;
    }

    public void into(Map<String, Object> consumer) {
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, records);
        consumer.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, Math.toIntExact(bytes.toBytes()));
        consumer.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, Math.toIntExact(patience.toMillis()));
    }
}
